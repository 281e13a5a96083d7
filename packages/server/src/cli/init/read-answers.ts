import { nearestName, streamNameFault } from '@gatecast/contract';
import { CliError, type CliIo } from '../cli-io.js';
import { askUntil } from './ask-until.js';
import { initFrameworks, type InitFramework } from './pages.js';
import { KEY_DIRECTORY, type InitAnswers } from './plan-files.js';
import { checkNames, readPair, readValues } from './read-values.js';
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

/** What `gatecast init` asks with. */
export interface AnswerContext {
  readonly io: CliIo;
  /** Those of the paths that exist below the folder. */
  readonly existing: (paths: readonly string[]) => Promise<string[]>;
}

/** Reads an answer. `subject` begins the message about a wrong one. */
type Read<Answer> = (text: string, subject: string) => Answer;

interface Question<Answer> {
  readonly name: 'scheme' | 'origin' | 'stream' | 'framework';
  readonly text: string;
  /** @defaultValue none: the user must answer */
  readonly fallback?: string;
  readonly read: Read<Answer>;
  /** Files that this answer leads to. */
  readonly files?: (answer: Answer) => readonly string[];
}

const questions = {
  scheme: {
    name: 'scheme',
    text: `How does your media origin check access?\n${initSchemes
      .map(({ type, title }) => `  ${type.padEnd(20)} ${title}\n`)
      .join('')}Scheme [${defaultScheme}]: `,
    fallback: defaultScheme,
    read: readScheme,
    files: ({ signsWithKeys, secret }) => [
      ...(signsWithKeys ? [KEY_DIRECTORY] : []),
      ...(secret?.make ? [secret.file] : []),
    ],
  } satisfies Question<InitScheme>,
  origin: {
    name: 'origin',
    text: 'Origin of the media, such as https://media.example.com: ',
    read: readOrigin,
  } satisfies Question<string>,
  stream: {
    name: 'stream',
    text: 'Name of the stream [demo]: ',
    fallback: 'demo',
    read: readStream,
  } satisfies Question<string>,
  framework: {
    name: 'framework',
    text: `What is the page made with?\n${initFrameworks
      .map(({ name, title }) => `  ${name.padEnd(10)} ${title}\n`)
      .join('')}Framework [html]: `,
    fallback: 'html',
    read: readFramework,
    files: ({ file }) => [file],
  } satisfies Question<InitFramework>,
} as const;

/**
 * Reads the answers from the options, and asks for the others if there is a terminal. A wrong option ends the command before
 * the first question. A wrong answer at the terminal is asked again.
 *
 * @throws CliError
 */
export async function readAnswers(context: AnswerContext, options: InitOptions): Promise<InitAnswers> {
  for (const { name, read } of Object.values(questions)) {
    const given = options[name];
    if (given !== undefined) read(given, `--${name}`);
  }
  const { src, pageOrigin, port, set = [] } = options;
  if (src !== undefined) readSrc(src);
  if (pageOrigin !== undefined) readOrigin(pageOrigin, '--page-origin');
  const values = new Map(set.map(readPair));
  const scheme = await answerTo(questions.scheme, context, options);
  checkNames(scheme, values);
  const origin = await answerTo(questions.origin, context, options);
  const stream = await answerTo(questions.stream, context, options);
  const framework = await answerTo(questions.framework, context, options);
  const playlist = readSrc(src ?? `${origin}${scheme.playlist}`);
  return {
    scheme,
    framework,
    origin,
    stream,
    src: playlist,
    pageOrigin: pageOrigin === undefined ? framework.origin : readOrigin(pageOrigin, '--page-origin'),
    port,
    values: await readValues(
      { scheme, origin, src: playlist, set: values },
      options.yes ? undefined : context.io,
    ),
  };
}

/** One answer: that of the option, of the terminal, or the default with `--yes`. */
async function answerTo<Answer>(
  { name, text, fallback, read, files }: Question<Answer>,
  { io, existing }: AnswerContext,
  options: InitOptions,
): Promise<Answer> {
  const given = options[name];
  if (given !== undefined) return read(given, `--${name}`);
  if (options.yes && fallback !== undefined) return read(fallback, `--${name}`);
  const { ask } = io;
  if (options.yes || !ask)
    throw new CliError(
      options.yes
        ? `--${name} is not set, and has no default. Set it: see gatecast init --help.`
        : `--${name} is not set, and the command has no terminal to ask at.${
            fallback === undefined ? ' Set it.' : ` Set it, or accept the default "${fallback}" with --yes.`
          } See gatecast init --help.`,
    );
  return askUntil(io, ask, text, fallback, async (answer) => {
    const chosen = read(answer, 'This');
    const [taken] = await existing(files?.(chosen) ?? []);
    if (taken === undefined) return chosen;
    throw new CliError(
      `${taken} exists already, and is not overwritten. Choose another ${name}, or press Ctrl+C and choose another folder with --dir.`,
    );
  });
}

function readScheme(text: string): InitScheme {
  const scheme = initSchemes.find(({ type }) => type === text.toLowerCase());
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
  const framework = initFrameworks.find(({ name }) => name === text.toLowerCase());
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
  return new CliError(`The ${what} "${text}" is unknown.${meant} Choose one of ${known.join(', ')}.`);
}

function readOrigin(text: string, subject: string): string {
  const example = 'https://media.example.com';
  if (text === '') throw new CliError(`${subject} is empty. Write an origin such as ${example}.`);
  const url = URL.canParse(text) ? new URL(text) : null;
  const isHttp = url !== null && /^https?:$/.test(url.protocol);
  if (isHttp && url.username === '' && /^\/?$/.test(url.pathname) && url.search === '' && url.hash === '')
    return url.origin;
  const meant = isHttp
    ? url.origin
    : /^[\w.-]+(?::\d+)?(?:\/|$)/.test(text)
      ? originOf(`https://${text}`)
      : null;
  throw new CliError(
    `${subject} is not an origin such as ${example}, without a path.${meant === null ? '' : ` Did you mean ${meant}?`}`,
  );
}

function originOf(text: string): string | null {
  return URL.canParse(text) ? new URL(text).origin : null;
}

function readStream(text: string, subject: string): string {
  if (PLAIN_NAME.test(text) && streamNameFault(text) === null) return text;
  throw new CliError(
    `${subject} is not a name of letters, digits, ".", "_" and "-". Write another name into the files afterwards.`,
  );
}

function readSrc(text: string): string {
  const isAddress = PLAIN_ADDRESS.test(text) && URL.canParse(text) && /^https?:\/\//.test(text);
  if (isAddress && new URL(text).username === '') return text;
  throw new CliError(
    '--src is not the address of a playlist, such as https://media.example.com/live/{stream}.m3u8.',
  );
}
