import { nearestName, streamNameFault } from '@gatecast/contract';
import type { StartValue } from '../../issuer/issuer-start.js';
import { CliError, type CliIo } from '../cli-io.js';
import { initFrameworks, type InitFramework } from './pages.js';
import type { InitAnswers } from './plan-files.js';
import { ingestSchemes, initSchemes, type InitScheme } from './schemes.js';

export interface InitOptions {
  readonly scheme?: string;
  readonly origin?: string;
  readonly framework?: string;
  readonly stream?: string;
  readonly src?: string;
  readonly pageOrigin?: string;
  readonly port: number;
  readonly set?: readonly string[];
  readonly yes: boolean;
}

const defaultScheme = initSchemes[0]?.type ?? '';

/** Characters without a meaning in markup, in a string and in a path. */
const PLAIN_NAME = /^[\w.-]+$/;
const PLAIN_ADDRESS = /^[\w.~:/?&=%{}@,;+-]+$/;

/**
 * Reads the answers from the options, and asks for the others if there is a terminal.
 *
 * @throws CliError
 */
export async function readAnswers(io: CliIo, options: InitOptions): Promise<InitAnswers> {
  const ask = options.yes ? undefined : io.ask;
  const scheme = await one(
    'scheme',
    options.scheme,
    readScheme,
    ask && (() => askScheme(ask)),
    defaultScheme,
    options,
  );
  const origin = await one(
    'origin',
    options.origin,
    readOrigin('--origin'),
    ask && (() => ask('Origin of the media, such as https://media.example.com: ')),
    undefined,
    options,
  );
  const stream = await one(
    'stream',
    options.stream,
    readStream,
    ask && (() => ask('Name of the stream [demo]: ', 'demo')),
    'demo',
    options,
  );
  const framework = await one(
    'framework',
    options.framework,
    readFramework,
    ask && (() => askFramework(ask)),
    'html',
    options,
  );
  return {
    scheme,
    framework,
    origin,
    stream,
    src: readSrc(options.src ?? `${origin}${scheme.playlist}`),
    pageOrigin: readOrigin('--page-origin')(options.pageOrigin ?? framework.origin),
    port: options.port,
    values: await readValues(scheme, options.set ?? [], ask),
  };
}

type Ask = NonNullable<CliIo['ask']>;

/** One answer: that of the option, of the terminal, or the default with `--yes`. */
async function one<Answer>(
  name: string,
  given: string | undefined,
  read: (text: string) => Answer,
  ask: (() => Promise<string>) | undefined,
  fallback: string | undefined,
  { yes }: InitOptions,
): Promise<Answer> {
  if (given !== undefined) return read(given);
  if (ask) return read(await ask());
  if (yes && fallback !== undefined) return read(fallback);
  throw new CliError(
    `There is no terminal to ask at, and --${name} is not set.${
      fallback === undefined ? '' : ` Set it, or accept the default "${fallback}" with --yes.`
    } See gatecast init --help.`,
  );
}

async function askScheme(ask: Ask): Promise<string> {
  const list = initSchemes.map(({ type, title }) => `  ${type.padEnd(20)} ${title}\n`).join('');
  return ask(`How does your media origin check access?\n${list}Scheme [${defaultScheme}]: `, defaultScheme);
}

async function askFramework(ask: Ask): Promise<string> {
  const list = initFrameworks.map(({ name, title }) => `  ${name.padEnd(8)} ${title}\n`).join('');
  return ask(`What is the page made with?\n${list}Framework [html]: `, 'html');
}

function readScheme(text: string): InitScheme {
  const scheme = initSchemes.find(({ type }) => type === text);
  if (scheme) return scheme;
  if (ingestSchemes.includes(text))
    throw new CliError(
      `The scheme "${text}" is for broadcasts, and init writes a player. Follow the quick start of the webcaster.`,
    );
  throw unknown(
    'scheme',
    text,
    initSchemes.map(({ type }) => type),
  );
}

function readFramework(text: string): InitFramework {
  const framework = initFrameworks.find(({ name }) => name === text);
  if (framework) return framework;
  throw unknown(
    'framework',
    text,
    initFrameworks.map(({ name }) => name),
  );
}

function unknown(what: string, text: string, known: readonly string[]): CliError {
  const nearest = nearestName(text, known);
  const meant = nearest === null ? '' : ` Did you mean "${nearest}"?`;
  return new CliError(`There is no ${what} "${text}".${meant} Choose one of ${known.join(', ')}.`);
}

function readOrigin(option: string): (text: string) => string {
  return (text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    const isOrigin =
      url !== null && /^https?:$/.test(url.protocol) && url.username === '' && /^\/?$/.test(url.pathname);
    if (!isOrigin || url.search !== '' || url.hash !== '')
      throw new CliError(`${option} is not an origin such as https://media.example.com, without a path.`);
    return url.origin;
  };
}

function readStream(text: string): string {
  if (PLAIN_NAME.test(text) && streamNameFault(text) === null) return text;
  throw new CliError(
    '--stream is not a name of letters, digits, ".", "_" and "-". Write another name into the files afterwards.',
  );
}

function readSrc(text: string): string {
  const isAddress = PLAIN_ADDRESS.test(text) && URL.canParse(text) && /^https?:\/\//.test(text);
  if (isAddress && new URL(text).username === '') return text;
  throw new CliError(
    '--src is not the address of a playlist, such as https://media.example.com/live/{stream}.m3u8.',
  );
}

/** The values that the scheme needs, from `--set name=value`, the terminal, or their defaults. */
async function readValues(
  { type, values }: InitScheme,
  given: readonly string[],
  ask: Ask | undefined,
): Promise<Record<string, string>> {
  const set = new Map(given.map(readPair));
  const names = values.map(({ name }) => name);
  for (const name of set.keys()) {
    if (names.includes(name)) continue;
    const nearest = nearestName(name, names);
    const change =
      nearest === null ? 'Remove it, and edit the configuration afterwards.' : `Did you mean "${nearest}"?`;
    throw new CliError(`--set: init asks for no value "${name}" for the scheme ${type}. ${change}`);
  }
  const answers: Record<string, string> = {};
  for (const value of values) answers[value.name] = set.get(value.name) ?? (await askValue(type, value, ask));
  return answers;
}

function readPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1 || at === pair.length - 1) throw new CliError('--set is not name=value.');
  return [pair.slice(0, at), pair.slice(at + 1)];
}

async function askValue(type: string, value: StartValue, ask: Ask | undefined): Promise<string> {
  const { name, where, fallback } = value;
  const answer = ask
    ? await ask(`${name} (${where})${fallback === undefined ? '' : ` [${fallback}]`}: `, fallback)
    : fallback;
  if (answer !== undefined && answer !== '') return answer;
  throw new CliError(`The scheme ${type} needs ${name}: ${where}. Set it with --set ${name}=<value>.`);
}
