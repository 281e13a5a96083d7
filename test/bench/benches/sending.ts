import { chromium } from 'playwright-core';
import { findEngine } from '../../support/runner/find-engines.js';
import { buildAssets } from '../page-bundles.js';
import type { Bench, Cell } from '../report/bench-report.js';
import { median, round } from '../statistics.js';
import {
  watchSending,
  type NarrowTime,
  type Sender,
  type SendingRun,
  type SentSecond,
} from '../sending/watch-sending.js';
import { startWhepSite } from '../whep/whep-site.js';

const SENDERS: readonly Sender[] = ['gatecast', 'by hand'];
const NARROW: Omit<NarrowTime, 'seconds'> = {
  roundTripMs: 40,
  queueMs: 300,
  videoKbps: 2500,
  narrowKbps: 500,
};
const WHOLE_HEIGHT = 720;
/** Above it viewers see broken pictures. */
const BAD_LOSS_PERCENT = 8;
const ROW_SECONDS = 10;

const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
];

/**
 * What a broadcast sends when its network takes a fifth of it for some time, beside a broadcast by hand-written WHIP with the same
 * limit. The demo's ingest has no transport feedback, so the browser's own control knows only the loss.
 */
export const measureSending: Bench = async ({ isQuick, tell }) => {
  const engine = findEngine('chromium');
  if (!engine) throw new Error('There is no Chromium on this machine.');
  const seconds = isQuick ? { before: 10, narrow: 15, after: 10 } : { before: 40, narrow: 60, after: 60 };
  const site = await startWhepSite(await buildAssets(['sending']), 0);
  const browser = await chromium.launch({ executablePath: engine.executable, args: CHROMIUM_ARGS });
  try {
    const runs: Partial<Record<Sender, SendingRun>> = {};
    for (const sender of SENDERS) {
      tell(`${sender}: ${seconds.before} s free, ${seconds.narrow} s narrow, ${seconds.after} s free`);
      runs[sender] = await watchSending(browser, site, sender, { ...NARROW, seconds });
    }
    const { gatecast } = runs;
    if (!gatecast) throw new Error('Nothing was measured.');
    const badSeconds = (run: SendingRun | undefined): number =>
      run?.seconds.filter(
        ({ at, stats }) => at > 0 && at <= seconds.narrow && (stats?.lossPercent ?? 0) >= BAD_LOSS_PERCENT,
      ).length ?? 0;
    const backAfter = gatecast.seconds.find(
      ({ at, stats }) => at > seconds.narrow && stats?.height === WHOLE_HEIGHT,
    );
    return {
      tables: SENDERS.map((sender) => ({
        title: `${sender}: ${NARROW.videoKbps} kbit/s over a network that takes ${NARROW.narrowKbps} from 0 to ${seconds.narrow} s (medians; loss: mean)`,
        columns: ['seconds', 'kbit/s', 'lines', 'frames a second', 'loss %', 'round trip ms'],
        rows: rowsOf(runs[sender]?.seconds ?? []),
      })),
      aims: [
        {
          aim: `Loss of ${BAD_LOSS_PERCENT}% or more for at most half as long as by hand`,
          measured: `${badSeconds(gatecast)} s, by hand ${badSeconds(runs['by hand'])} s`,
          isMet: badSeconds(gatecast) * 2 <= badSeconds(runs['by hand']),
        },
        {
          aim: 'The whole picture again within 45 s of a network that takes all',
          measured: backAfter ? `${backAfter.at - seconds.narrow} s` : 'not in time',
          isMet: backAfter !== undefined && backAfter.at - seconds.narrow <= 45,
        },
      ],
      figures: { ...NARROW, ...runs },
    };
  } finally {
    await browser.close();
    await site.close();
  }
};

function rowsOf(watched: readonly SentSecond[]): Cell[][] {
  const rows: Cell[][] = [];
  for (let start = 0; start < watched.length; start += ROW_SECONDS) {
    const part = watched.slice(start, start + ROW_SECONDS);
    const middle = (member: 'videoKbps' | 'height' | 'framesPerSecond' | 'roundTripMs'): Cell => {
      const values = part.flatMap(({ stats }) => stats?.[member] ?? []);
      return values.length > 0 ? round(median(values)) : '';
    };
    const losses = part.flatMap(({ stats }) => stats?.lossPercent ?? []);
    const loss = losses.reduce((sum, value) => sum + value, 0) / (losses.length || 1);
    const [first, last] = [part[0]?.at ?? 0, part.at(-1)?.at ?? 0];
    rows.push([
      `${first} to ${last}`,
      middle('videoKbps'),
      middle('height'),
      middle('framesPerSecond'),
      round(loss),
      middle('roundTripMs'),
    ]);
  }
  return rows;
}
