import { resolve } from 'node:path';
import { Command } from 'commander';
import { addKey } from '../../node/key-directory.js';
import { configFaults } from '../../serve/config-faults.js';
import { CliError, type CliIo } from '../cli-io.js';
import { exampleText } from '../example-text.js';
import { COMMAND, CONFIG_FILE } from '../run-with.js';
import { wholeNumber } from '../whole-number.js';
import { initFrameworks } from './pages.js';
import { commonFiles, planFiles, SESSION_COOKIE, SESSION_SECRET, type InitAnswers } from './plan-files.js';
import { readAnswers, type InitOptions } from './read-answers.js';
import { initSchemes } from './schemes.js';
import { existingPaths, requireWritable, writeNewFiles } from './write-new-files.js';

/** `gatecast init` */
export function initCommand(io: CliIo): Command {
  return new Command('init')
    .description(
      'Write a configuration of the token server, its keys and a page. Asks what it needs to know. Never overwrites a file.',
    )
    .option(
      '--scheme <type>',
      `how the origin checks access: ${initSchemes.map(({ type }) => type).join(', ')}`,
    )
    .option('--origin <origin>', 'origin of the media, such as https://media.example.com')
    .option(
      '--framework <name>',
      `what the page is made with: ${initFrameworks.map(({ name }) => name).join(', ')}`,
    )
    .option('--stream <name>', 'name of the stream (default: demo)')
    .option(
      '--src <address>',
      'address of the first playlist, with {stream}, if it is not the usual one of the scheme',
    )
    .option(
      '--page-origin <origin>',
      'origin of the page (default: that of the framework’s development server)',
    )
    .option('--port <port>', 'port of the token server', wholeNumber(1, 65_535), 8080)
    .option('--set <name=value...>', 'a value that the scheme needs, such as keyPairId=K2JCJMDEHXQW5F')
    .option('--dir <path>', 'folder for the files; it is created if it does not exist', '.')
    .option('--yes', 'take the default of each question that no option answers', false)
    .addHelpText(
      'after',
      exampleText('gatecast init --scheme jwt --origin https://media.example.com --framework react --yes'),
    )
    .action(async ({ dir, ...options }: InitOptions & { dir: string }) => {
      const folder = resolve(dir);
      const existing = (paths: readonly string[]) => existingPaths(folder, paths);
      await requireWritable(folder);
      // Before the questions: nobody types answers that cannot be used.
      if (io.ask && !options.yes) refuseExisting(await existing(commonFiles));
      const answers = await readAnswers({ io, existing }, options);
      const { config, files, keyDirectory } = planFiles(answers);
      const faults = configFaults(config);
      if (faults.length > 0)
        throw new CliError(
          ['These answers make no valid configuration. Nothing was written:', ...faults].join('\n  '),
        );
      const paths = [...files.map(({ path }) => path), ...(keyDirectory === null ? [] : [keyDirectory])];
      refuseExisting(await existing(vendorFile(answers, paths)));
      await writeNewFiles(folder, files, async () => {
        if (keyDirectory !== null)
          await addKey(resolve(folder, keyDirectory), { alg: 'RS256', nowMs: io.now(), delayMs: 0 });
      });
      io.out(report(answers, paths, dir));
    });
}

function refuseExisting(paths: readonly string[]): void {
  if (paths.length === 0) return;
  throw new CliError(
    [
      'These files exist already. Nothing was written. Move them away, or choose another folder with --dir:',
      ...paths,
    ].join('\n  '),
  );
}

/** The file of a secret that the vendor gives is not written; one that exists is used. */
function vendorFile({ scheme: { secret } }: InitAnswers, paths: readonly string[]): readonly string[] {
  return secret?.make === null ? paths.filter((path) => path !== secret.file) : paths;
}

function report(answers: InitAnswers, paths: readonly string[], dir: string): string {
  const { scheme, framework, pageOrigin, stream, src } = answers;
  const config = dir === '.' ? CONFIG_FILE : `${dir.replace(/\/+$/, '')}/${CONFIG_FILE}`;
  const steps = [
    ...secretStep(answers, dir),
    ...originStep(answers, config),
    `Check that this is the address of your playlist:\n     ${src.replaceAll('{stream}', () => stream)}`,
    `Install what the page imports:\n     npm install ${framework.packages.join(' ')}`,
    ...framework.steps,
    `Start the token server:\n     ${COMMAND} serve --config ${config}`,
    `Sign the viewer in. Your site sets the cookie "${SESSION_COOKIE}" to a JWT (HS256) with sub and exp, signed with the secret in ${SESSION_SECRET}. To try it before, print such a JWT:\n     ${COMMAND} token caller --config ${config} --user test\n     Then run this in the console of the page at ${pageOrigin}, and load the page again:\n     document.cookie = '${SESSION_COOKIE}=<the JWT>; path=/'`,
  ];
  return [
    `Written to ${dir}: ${paths.filter((path) => !path.endsWith('/.gitignore')).join(', ')}.\n`,
    `Keys and secrets are readable by you only, and git ignores their folders.\n`,
    `Who gets a token: only a signed-in viewer, only for the stream "${stream}" (authorization in ${CONFIG_FILE}).\n`,
    `Scheme: ${scheme.title}.\n\nNext:\n`,
    ...steps.map((step, index) => `  ${String(index + 1)}. ${step}\n`),
  ].join('');
}

function secretStep({ scheme: { secret } }: InitAnswers, dir: string): string[] {
  if (secret === null) return [];
  const file = dir === '.' ? secret.file : `${dir.replace(/\/+$/, '')}/${secret.file}`;
  return secret.make === null
    ? [
        `Put the key into ${file} (mode 0600). Where to get it: ${secret.where}. The server does not start without it.`,
      ]
    : [`${secret.where} It is in ${file}.`];
}

function originStep({ scheme, port }: InitAnswers, config: string): string[] {
  if (!scheme.signsWithKeys) return [];
  const folder = config.slice(0, -CONFIG_FILE.length);
  return [
    `Give your media origin the public key: http://localhost:${String(port)}/.well-known/jwks.json, or as PEM:\n     ${COMMAND} keys public --dir ${folder}keys --format pem`,
  ];
}
