import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import type { BroadcastStats } from '../../../packages/webcaster/src/stats/broadcast-stats.js';
import { createUdpRelay } from '../network/udp-relay.js';
import { SENDING_PATH, type WhepSite } from '../whep/whep-site.js';
import { startNarrowIngest } from './narrow-ingest.js';

export type Sender = 'gatecast' | 'by hand';

/** A network that takes anything, then little, then anything again. */
export interface NarrowTime {
  readonly roundTripMs: number;
  readonly queueMs: number;
  readonly videoKbps: number;
  readonly narrowKbps: number;
  readonly seconds: { readonly before: number; readonly narrow: number; readonly after: number };
}

/** What was sent in one second. */
export interface SentSecond {
  /** Seconds since the network became narrow; negative before. */
  readonly at: number;
  /** `null` before the first statistics. */
  readonly stats: BroadcastStats | null;
}

export interface SendingRun {
  readonly seconds: readonly SentSecond[];
  /** What `<secure-webcaster>` said about it. */
  readonly messages: readonly string[];
}

/** Broadcasts a busy picture through a network that becomes narrow for a time. */
export async function watchSending(
  browser: Browser,
  { near }: WhepSite,
  sender: Sender,
  { roundTripMs, queueMs, videoKbps, narrowKbps, seconds }: NarrowTime,
): Promise<SendingRun> {
  const relay = createUdpRelay({ roundTripMs, queueMs });
  const ingest = await startNarrowIngest(near.backend, relay);
  const page = await (await browser.newContext()).newPage();
  try {
    await page.goto(near.page + SENDING_PATH);
    await page.waitForFunction(() => 'sendingBench' in window);
    const stream = `bench-sending-${sender.replaceAll(' ', '-')}`;
    const place = { backend: ingest.origin, stream, videoKbps };
    await page.evaluate(([kind, where]) => window.sendingBench.broadcast(kind, where), [
      sender,
      place,
    ] as const);
    const watched: SentSecond[] = [];
    const watch = async (count: number): Promise<void> => {
      for (let second = 0; second < count; second += 1) {
        await sleep(1000);
        const stats = await page.evaluate(() => window.sendingBench.stats());
        watched.push({ at: watched.length + 1 - seconds.before, stats });
      }
    };
    await watch(seconds.before);
    relay.setRate(narrowKbps);
    await watch(seconds.narrow);
    relay.setRate(null);
    await watch(seconds.after);
    return { seconds: watched, messages: await page.evaluate(() => window.sendingBench.messages()) };
  } finally {
    await page.context().close();
    await ingest.close();
    relay.close();
  }
}
