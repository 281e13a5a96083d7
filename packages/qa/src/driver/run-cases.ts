import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import type { CaseResult } from '../cases/case-result.js';
import type { QaCase } from '../cases/qa-case.js';
import { findCase } from '../cases/qa-cases.js';
import { describeFailure } from './describe-failure.js';
import { QaError } from './qa-error.js';

export interface RunCasesOptions {
  /** URL of the page with the tags. */
  readonly url: string;
  /** Names of cases, in running order. They run one at a time, because faults may apply to a whole backend. */
  readonly cases: readonly string[];
  /** Path of a Chromium program, for example from `findChromium`. */
  readonly executable: string;
  /** Parameters to set in the URL of the page. @defaultValue none, or the source that a case needs in the demo's lab */
  readonly query?: string;
  /** Called with each result as soon as there is one. */
  readonly onResult?: (result: CaseResult) => void;
  /**
   * Code of the script that runs in the page.
   * @internal
   * @defaultValue the file of the package
   */
  readonly probe?: string;
}

/** The longest case takes 48 s, plus 25 s each to start and to recover. */
const caseTimeoutMs = 120_000;
const openTimeoutMs = 30_000;
const elementTimeoutMs = 15_000;

/**
 * Runs cases on a page. Each has its own headless browser, so that a page that hangs does not affect other cases.
 *
 * @returns one result for each case.
 * @throws QaError before the first case if the browser cannot be started, or if the page cannot be opened or has neither
 * `<secure-player>` nor `<secure-webcaster>` within 15 s.
 * @throws RangeError for an unknown case.
 * @example
 * ```ts
 * const executable = findChromium();
 * if (executable === undefined) throw new Error('Install Chromium first.');
 * const results = await runCases({ url: 'https://staging.example.com/watch', cases: ['offline'], executable });
 * ```
 */
export async function runCases(options: RunCasesOptions): Promise<CaseResult[]> {
  const { cases, executable, onResult } = options;
  const wanted = cases.map(requireCase);
  const probe = options.probe ?? (await readFile(join(import.meta.dirname, 'probe.js'), 'utf8'));
  await withBrowser(executable, async (browser) => checkPage(await browser.newPage(), options));
  const results: CaseResult[] = [];
  for (const qaCase of wanted) {
    const url = addressOf(options, qaCase);
    const result = await withBrowser(executable, (browser) => runInPage(browser, { qaCase, probe, url }));
    results.push(result);
    onResult?.(result);
  }
  return results;
}

function requireCase(name: string): QaCase {
  const found = findCase(name);
  if (!found) throw new RangeError(`There is no case '${name}'.`);
  return found;
}

/** The demo's lab reads its source from the URL. Its other pages contain the tags, too. */
function addressOf({ url, query }: RunCasesOptions, { play }: QaCase): string {
  const address = new URL(url);
  const isLab = address.pathname.endsWith('/lab/');
  const parameters = new URLSearchParams(query ?? (isLab ? play : undefined));
  if (parameters.size === 0) return url;
  const all = new URLSearchParams(address.search);
  for (const [name, value] of parameters) all.set(name, value);
  address.search = all.toString();
  return address.href;
}

async function withBrowser<Result>(
  executable: string,
  work: (browser: Browser) => Promise<Result>,
): Promise<Result> {
  // Imported here, so that the other parts of the package load without it.
  const { chromium } = await import('playwright-core');
  const launched = chromium.launch({
    executablePath: executable,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
    ],
  });
  const browser = await launched.catch((error: unknown): never => {
    throw new QaError('browser', `The browser ${executable} could not be started: ${describeFailure(error)}`);
  });
  try {
    return await work(browser);
  } finally {
    // Ends the process too if it does not close, as with a page in an endless loop.
    await browser.close();
  }
}

/** @throws QaError if nothing can be tested in the page. */
async function checkPage(page: Page, { url }: RunCasesOptions): Promise<void> {
  const { host } = new URL(url);
  let statusCode = 0;
  // An error without a body is a failed navigation, which does not tell its status.
  page.on('response', (response) => {
    const isPage = response.request().isNavigationRequest() && response.frame() === page.mainFrame();
    if (isPage) statusCode = response.status();
  });
  const failure = await page.goto(url, { waitUntil: 'domcontentloaded', timeout: openTimeoutMs }).then(
    () => null,
    (error: unknown) => describeFailure(error),
  );
  if (statusCode >= 400) throw new QaError('page', `The page on ${host} returned status ${statusCode}.`);
  if (failure !== null) throw new QaError('page', `The page on ${host} could not be opened: ${failure}`);
  // Not by a locator, which also finds what is in shadow roots.
  const hasElement = await page
    .waitForFunction(() => document.querySelector('secure-player, secure-webcaster') !== null, undefined, {
      timeout: elementTimeoutMs,
    })
    .then(
      () => true,
      () => false,
    );
  if (!hasElement)
    throw new QaError(
      'page',
      `The page on ${host} has neither <secure-player> nor <secure-webcaster> after ${elementTimeoutMs / 1000} s. Frames and shadow roots are not searched.`,
    );
}

interface PageRun {
  readonly qaCase: QaCase;
  readonly probe: string;
  readonly url: string;
}

async function runInPage(browser: Browser, { qaCase, probe, url }: PageRun): Promise<CaseResult> {
  const { name } = qaCase;
  let step = 'could not be opened';
  try {
    const page = await browser.newPage({ bypassCSP: true });
    await page.addInitScript({ content: probe });
    const response = await page.goto(url, { waitUntil: 'domcontentloaded', timeout: openTimeoutMs });
    step = 'did not come to an end';
    // The tester has named the servers on the command line. Only the demo's pages ask.
    page
      .waitForSelector('.origin-question button[value="yes"]', { timeout: 0 })
      .then((yes) => yes.click())
      .catch(() => undefined);
    if (response && response.status() >= 400)
      return failed(name, `The page returned status ${response.status()}.`);
    const result = await within(
      page.evaluate(async (wanted) => globalThis.gatecastQa?.run(wanted), name),
      caseTimeoutMs,
    );
    return result ?? failed(name, 'The page could not be prepared.');
  } catch (error) {
    await mendBackend(url);
    return failed(name, `The page ${step}: ${describeFailure(error)}`);
  }
}

/** @throws Error after the limit. The work goes on until its browser is closed. */
async function within<Result>(work: Promise<Result>, limitMs: number): Promise<Result> {
  const timer = new AbortController();
  const limit = sleep(limitMs, undefined, { signal: timer.signal }).then((): never => {
    throw new Error(`no result after ${limitMs / 1000} s`);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    timer.abort();
  }
}

/** Clears the faults that an interrupted page left. Does nothing for deployments without fault switches. */
async function mendBackend(url: string): Promise<void> {
  const switches = new URL('/api/qa/faults', url);
  const isThere = await fetch(switches).then(
    (response) => response.ok && (response.headers.get('Content-Type') ?? '').includes('application/json'),
    () => false,
  );
  if (isThere) await fetch(switches, { method: 'DELETE' }).catch(() => undefined);
}

function failed(name: string, words: string): CaseResult {
  return { name, outcome: 'failed', words };
}
