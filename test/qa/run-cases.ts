import puppeteer, { type Browser } from 'puppeteer-core';
import type { QaCase } from '../../demo/lab/cases/qa-case.js';
import { findCase } from '../../demo/lab/cases/qa-cases.js';
import type { CaseResult } from '../../demo/lab/cases/run-case.js';
import { bundleProbe } from './bundle-probe.js';

export interface RunCasesOptions {
  /** The page that holds the tags. */
  readonly url: string;
  /** Is it the demo's lab, which takes what is to be played from its address? */
  readonly isLab: boolean;
  /** Names, in the order in which they are run: faults act on a backend as a whole, so one at a time. */
  readonly cases: readonly string[];
  /** Path of a Chromium. */
  readonly executable: string;
  readonly onResult?: (result: CaseResult) => void;
}

/** The longest case holds for 18 s and has 25 s each to begin and to recover. */
const caseTimeoutMs = 100_000;

/** Runs cases headless, each in a browser context of its own. */
export async function runCases(options: RunCasesOptions): Promise<CaseResult[]> {
  const { url, isLab, cases, executable, onResult } = options;
  const probe = await bundleProbe();
  const browser = await puppeteer.launch({
    executablePath: executable,
    protocolTimeout: caseTimeoutMs,
    args: [
      '--no-sandbox',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
    ],
  });
  const results: CaseResult[] = [];
  try {
    for (const qaCase of cases.flatMap((name) => findCase(name) ?? [])) {
      const result = await runInPage(browser, probe, { qaCase, url: isLab ? labAddress(url, qaCase) : url });
      results.push(result);
      onResult?.(result);
    }
  } finally {
    await browser.close();
  }
  return results;
}

interface PageRun {
  readonly qaCase: QaCase;
  readonly url: string;
}

async function runInPage(browser: Browser, probe: string, { qaCase, url }: PageRun): Promise<CaseResult> {
  const { name } = qaCase;
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    await page.setBypassCSP(true);
    await page.evaluateOnNewDocument(probe);
    const response = await page.goto(url, { waitUntil: 'domcontentloaded' });
    if (response && !response.ok()) return failed(name, `The page answered ${response.status()}.`);
    const result = await page.evaluate(async (wanted) => globalThis.gatecastQa?.run(wanted), name);
    return result ?? failed(name, 'The page could not be prepared.');
  } catch (error) {
    // A driver's message may quote the address, and with it what stands behind the question mark.
    const text = error instanceof Error ? error.message.replace(/\?\S*/g, '?…') : 'unknown';
    return failed(name, `The browser stopped: ${text}`);
  } finally {
    await context.close();
  }
}

function labAddress(url: string, { play }: QaCase): string {
  const address = new URL(url);
  for (const [name, value] of new URLSearchParams(play)) address.searchParams.set(name, value);
  return address.href;
}

function failed(name: string, words: string): CaseResult {
  return { name, outcome: 'failed', words };
}
