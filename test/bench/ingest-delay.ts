import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLoopPage } from '../demo/whip-loop/loop-page.js';
import { findEngine } from '../support/runner/find-engines.js';

/** Delay of a picture from a canvas in Chromium through WHIP and HLS to a player in the same page. */
export interface IngestDelay {
  /** Number of shown pictures whose time code could be read. */
  readonly pictures: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly worstMs: number;
  /** From the click to the 201, and to the first frame in a waiting player. */
  readonly acceptedMs: number;
  readonly firstPictureMs: number;
  readonly droppedFrames: number;
  readonly stalls: number;
}

/**
 * Measures the delay from camera to picture, without the start-up of the player.
 * @throws Error when there is no Chromium, or a player error was fatal
 */
export async function measureIngestDelay({ seconds = 30 }: { seconds?: number } = {}): Promise<IngestDelay> {
  const chromium = findEngine('chromium');
  if (!chromium) throw new Error('There is no Chromium on this machine');
  const page = await openLoopPage(chromium.executable);
  try {
    const startMs = performance.now();
    const { status } = await page.publish();
    if (status !== 201) throw new Error(`The ingest answered ${status}`);
    const acceptedMs = performance.now() - startMs;
    await page.play();
    await page.waitFor('a first picture', ({ delaysMs }) => delaysMs.length > 0);
    const firstPictureMs = performance.now() - startMs;
    await sleep(3000);
    const before = await page.report();
    await sleep(seconds * 1000);
    const after = await page.report();
    if (after.fatal.length > 0) throw new Error(`The player gave up: ${after.fatal.join(', ')}`);
    const delaysMs = after.delaysMs
      .slice(before.delaysMs.length)
      .map(({ delayMs }) => delayMs)
      .sort((a, b) => a - b);
    const quantile = (share: number) =>
      Math.round(delaysMs[Math.floor((delaysMs.length - 1) * share)] ?? NaN);
    return {
      pictures: delaysMs.length,
      medianMs: quantile(0.5),
      p95Ms: quantile(0.95),
      worstMs: quantile(1),
      acceptedMs: Math.round(acceptedMs),
      firstPictureMs: Math.round(firstPictureMs),
      droppedFrames: after.droppedVideoFrames - before.droppedVideoFrames,
      stalls: after.stalls - before.stalls,
    };
  } finally {
    await page.close();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const seconds = Number(process.argv[2] ?? 30);
  console.log(JSON.stringify(await measureIngestDelay({ seconds }), undefined, 2));
}
