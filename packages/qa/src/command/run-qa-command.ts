import { open, type FileHandle } from 'node:fs/promises';
import { env } from 'node:process';
import type { CaseResult } from '../cases/case-result.js';
import { findChromium, isExecutable } from '../driver/find-chromium.js';
import { QaError } from '../driver/qa-error.js';
import { formatResult, formatSummary, isPassed, tableHead } from './format-results.js';
import { type QaArguments, type QaScheme, parseQaArguments } from './qa-arguments.js';
import { caseList, usageOf } from './usage.js';
import { VERSION } from './version.js';

/** A page that is served for the run. */
export interface OwnPage {
  readonly url: string;
  close(): Promise<void>;
}

/** What the command runs with, so that the repository can add its own lab. */
export interface QaCommandOptions {
  /** How the command is called, for the usage. */
  readonly name: string;
  /** Writes to stdout. */
  readonly out: (text: string) => void;
  /** Writes to stderr. */
  readonly note: (text: string) => void;
  /** Starts the page for a command line without a URL. @defaultValue a URL is required */
  readonly startPage?: () => Promise<OwnPage>;
  /** @defaultValue none; the option `--scheme` is not accepted */
  readonly schemes?: readonly QaScheme[];
  /** Finds or installs a browser. @defaultValue `findChromium` */
  readonly findBrowser?: () => string | undefined;
  /** Builds the script that runs in the page. @defaultValue the file of the package */
  readonly buildProbe?: () => Promise<string>;
}

/** The command cannot run: exit code 2. */
class CannotRun extends Error {}

/** Results of several schemes name theirs. */
type SchemeResult = CaseResult & { readonly scheme?: string };

/**
 * Runs the command line.
 *
 * @returns the exit code: 0 no case failed and at least one passed, 1 otherwise, 2 the command cannot run.
 */
export async function runQaCommand(args: readonly string[], options: QaCommandOptions): Promise<0 | 1 | 2> {
  const { name, note, schemes = [], startPage } = options;
  const out = (text: string): void => options.out(printableLines(text));
  const fail = (message: string): void => note(`gatecast-qa: ${printableLines(message)}\n`);
  try {
    const wanted = readArguments(args, schemes);
    if (wanted.task !== 'run') {
      out(textOf(wanted.task, { name, hasOwnPage: startPage !== undefined, schemes }));
      return 0;
    }
    return (await runOnPage(wanted, { ...options, out })) ? 0 : 1;
  } catch (error) {
    if (error instanceof CannotRun) {
      fail(error.message);
      return 2;
    }
    if (!(error instanceof QaError)) throw error;
    fail(error.message);
    return error.reason === 'page' ? 1 : 2;
  }
}

function readArguments(args: readonly string[], schemes: readonly QaScheme[]): QaArguments {
  try {
    return parseQaArguments(args, schemes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The parser of Node explains in further sentences what nobody meant here.
    throw new CannotRun(`${error.message}\nUse --help for usage, --list for the cases.`);
  }
}

function textOf(task: 'help' | 'version' | 'list', about: Parameters<typeof usageOf>[0]): string {
  if (task === 'version') return `${VERSION}\n`;
  return task === 'list' ? caseList : usageOf(about);
}

async function runOnPage(wanted: QaArguments, options: QaCommandOptions): Promise<boolean> {
  if (wanted.url === undefined && !options.startPage)
    throw new CannotRun(
      `the URL of the page to test is missing: ${options.name} https://staging.example.com/watch`,
    );
  const executable = findBrowser(options.findBrowser ?? findChromium);
  const file = wanted.json === undefined ? undefined : await openFile(wanted.json);
  const page = wanted.url === undefined ? await options.startPage?.() : undefined;
  try {
    const results = await runAll(wanted, { ...options, executable, url: wanted.url ?? page?.url ?? '' });
    options.out(`\n${formatSummary(results)}\n`);
    await file?.writeFile(`${JSON.stringify({ results }, null, 2)}\n`);
    return isPassed(results);
  } finally {
    await file?.close();
    await page?.close();
  }
}

async function runAll(
  { cases, schemes }: QaArguments,
  {
    url,
    executable,
    out,
    buildProbe,
  }: QaCommandOptions & { readonly url: string; readonly executable: string },
): Promise<SchemeResult[]> {
  // Loaded here, so that help and mistakes are shown at once.
  const { runCases } = await import('../driver/run-cases.js');
  const probe = await buildProbe?.();
  const { origin, pathname } = new URL(url);
  out(`${cases.length} ${cases.length === 1 ? 'case' : 'cases'} on ${origin}${pathname}\n\n${tableHead}\n`);
  const results: SchemeResult[] = [];
  // A run without a scheme has the source of the page.
  for (const scheme of schemes.length > 0 ? schemes : [undefined]) {
    if (scheme) out(`\n${scheme.name}\n`);
    const ran = await runCases({
      url,
      cases,
      executable,
      onResult: (result) => out(`${formatResult(result)}\n`),
      ...(scheme && { query: scheme.query }),
      ...(probe !== undefined && { probe }),
    });
    results.push(...ran.map((result) => (scheme ? { scheme: scheme.name, ...result } : result)));
  }
  return results;
}

function findBrowser(find: () => string | undefined): string {
  const named = env['GATECAST_CHROMIUM'] ?? '';
  if (named !== '' && !isExecutable(named))
    throw new CannotRun(`GATECAST_CHROMIUM names a file that is not a program: ${named}`);
  const found = find();
  if (found !== undefined) return found;
  throw new CannotRun(
    'no Chromium, Chrome or Edge was found. Install one, for example with "npx playwright-core install chromium", or set GATECAST_CHROMIUM to the path of its program.',
  );
}

/** Opened before the run, because a result that cannot be written is known only after minutes. */
async function openFile(path: string): Promise<FileHandle> {
  return open(path, 'w').catch((error: unknown): never => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new CannotRun(`--json ${path} cannot be written (${code})`);
  });
}

/** Results contain codes and texts of a page: nothing that is printed controls the terminal. Keeps line feeds. */
function printableLines(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu, (character) =>
    character === '\n' ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
