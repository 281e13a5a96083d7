import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { commands } from '../../../../packages/server/src/cli/program.js';
import { commandExamples } from './command-examples.js';

type Command = ReturnType<(typeof commands)[number]>;
type Option = Command['options'][number];

/** The commands that do something, such as `keys new`, by their whole name. */
export function leafCommands(): ReadonlyMap<string, Command> {
  // Nothing runs: the commands only describe themselves.
  const io = {
    out: () => undefined,
    note: () => undefined,
    readStdin: () => Promise.resolve(''),
    now: () => 0,
  };
  const leaves = (command: Command, name: string): [string, Command][] =>
    command.commands.length === 0
      ? [[name, command]]
      : command.commands.flatMap((each) => leaves(each, `${name} ${each.name()}`));
  return new Map(
    commands.flatMap((make) => {
      const command = make(io);
      return leaves(command, `gatecast ${command.name()}`);
    }),
  );
}

/** The example of an option: `--ttl 60` for `--ttl`. */
export function exampleOf(command: string, { long }: Option): string | undefined {
  return commandExamples[command]?.find((example) => example.split(' ', 1)[0] === long);
}

/** The page of the command line, in markdown. */
export function commandPage(): string {
  return [
    '# Command line',
    '> Generated from the commands. `--help` after each of them prints the same.',
    'Each of these begins with `npx`. The guide has [how to start](../../guide/command-line.md). `gatecast serve` has its options in' +
      ' [the configuration](../serve.md).',
    ...[...leafCommands()].map(([name, command]) => section(name, command)),
  ].join('\n\n');
}

/** Writes the page. */
export function writeCommandPage(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${commandPage()}\n`);
}

function section(name: string, command: Command): string {
  const { options, registeredArguments } = command;
  const rows = [
    ...registeredArguments.map((argument) => [code(`<${argument.name()}>`), text(argument.description), '']),
    ...options.map((option) => [code(option.flags), meaningOf(option), code(exampleOf(name, option) ?? '')]),
  ];
  return [
    `## ${name}`,
    text(command.description()),
    `\`\`\`sh\n${examplesOf(command)
      .map((example) => `npx ${example}`)
      .join('\n')}\n\`\`\``,
    [
      '| option | meaning | example |',
      '| --- | --- | --- |',
      ...rows.map((row) => `| ${row.join(' | ')} |`),
    ].join('\n'),
  ].join('\n\n');
}

/** The commands below “Example:” at the end of `--help`. */
function examplesOf(command: Command): readonly string[] {
  let help = '';
  command.configureOutput({ writeOut: (part) => (help += part) });
  command.outputHelp();
  return [...help.matchAll(/^ {2}\$ (.+)$/gm)].map(([, example = '']) => example);
}

function meaningOf({ description, defaultValue, mandatory, argChoices }: Option): string {
  const details = [
    argChoices ? `one of ${argChoices.map(code).join(', ')}` : '',
    mandatory ? 'required' : '',
    defaultValue === undefined || defaultValue === false ? '' : `default ${code(String(defaultValue))}`,
  ].filter((detail) => detail !== '');
  return text(description) + (details.length === 0 ? '' : ` (${details.join('; ')})`);
}

const code = (value: string): string => (value === '' ? '' : `<code v-pre>${text(value)}</code>`);

/** Plain text: nothing in it is markup, or the end of a table's cell. */
function text(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('|', '&#124;')
    .replaceAll('{', '&#123;')
    .replaceAll('://', '&#58;//');
}
