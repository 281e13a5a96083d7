import { setTimeout as sleep } from 'node:timers/promises';
import puppeteer, { type Browser } from 'puppeteer-core';
import type { QaCase } from '../../demo/lab/cases/qa-case.js';
import { findCase } from '../../demo/lab/cases/qa-cases.js';
import { findSchemePreset } from '../../demo/shared/settings/scheme-presets.js';
import type { CaseResult } from '../../demo/lab/cases/run-case.js';
import { bundleProbe } from './bundle-probe.js';

export interface RunCasesOptions {
  /** URL of the page with the tags. */
  readonly url: string;
  /** Whether the page is the demo's lab, which reads its source from the URL. */
  readonly isLab: boolean;
  /** Names, in running order. Cases run one at a time, because faults apply to the whole backend. */
  readonly cases: readonly string[];
  /** Name of the token scheme whose stream the lab plays. @defaultValue the source of the page, or of the case */
  readonly scheme?: string;
  /** Path of a Chromium program. */
  readonly executable: string;
  readonly onResult?: (result: CaseResult) => void;
}

/** The longest case takes 18 s, plus 25 s each to start and to recover. */
const caseTimeoutMs = 100_000;
const closeTimeoutMs = 5_000;

/** Runs each case in its own headless browser, so that a page that hangs does not affect other cases. */
export async function runCases({
  url,
  isLab,
  cases,
  scheme,
  executable,
  onResult,
}: RunCasesOptions): Promise<CaseResult[]> {
  const probe = await bundleProbe();
  const results: CaseResult[] = [];
  for (const qaCase of cases.flatMap((name) => findCase(name) ?? [])) {
    const address = isLab ? labAddress(url, qaCase, scheme) : url;
    const result = await runInBrowser(executable, { qaCase, probe, url: address });
    results.push(result);
    onResult?.(result);
  }
  return results;
}

interface PageRun {
  readonly qaCase: QaCase;
  readonly probe: string;
  readonly url: string;
}

async function runInBrowser(executable: string, run: PageRun): Promise<CaseResult> {
  const browser = await puppeteer.launch({
    executablePath: executable,
    protocolTimeout: caseTimeoutMs,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
    ],
  });
  try {
    return await runInPage(browser, run);
  } finally {
    await endBrowser(browser);
  }
}

async function runInPage(browser: Browser, { qaCase, probe, url }: PageRun): Promise<CaseResult> {
  const { name } = qaCase;
  let step = 'could not be opened';
  try {
    const page = await browser.newPage();
    await page.setBypassCSP(true);
    await page.evaluateOnNewDocument(probe);
    const response = await page.goto(url, { waitUntil: 'domcontentloaded' });
    step = 'did not come to an end';
    // The tester has named the servers on the command line.
    page
      .waitForSelector('.origin-question button[value="yes"]', { timeout: 0 })
      .then((yes) => yes?.click())
      .catch(() => undefined);
    if (response && response.status() >= 400) return failed(name, `The page answered ${response.status()}.`);
    const result = await page.evaluate(async (wanted) => globalThis.gatecastQa?.run(wanted), name);
    return result ?? failed(name, 'The page could not be prepared.');
  } catch (error) {
    await mendBackend(url);
    // A driver's message may quote the URL with its query.
    const text = error instanceof Error ? error.message.replace(/\?\S*/g, '?…') : 'unknown';
    return failed(name, `The page ${step}: ${text}`);
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

/** Kills the browser if it does not close, as with a page in an endless loop. */
async function endBrowser(browser: Browser): Promise<void> {
  const isClosed = await Promise.race([
    browser.close().then(
      () => true,
      () => false,
    ),
    sleep(closeTimeoutMs, false),
  ]);
  if (!isClosed) browser.process()?.kill('SIGKILL');
}

function labAddress(url: string, { play }: QaCase, scheme?: string): string {
  const address = new URL(url);
  const preset = scheme === undefined ? play : findSchemePreset(scheme);
  for (const [name, value] of new URLSearchParams(preset)) address.searchParams.set(name, value);
  return address.href;
}

function failed(name: string, words: string): CaseResult {
  return { name, outcome: 'failed', words };
}
