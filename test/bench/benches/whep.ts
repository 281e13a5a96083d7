import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { findEngine } from '../../support/runner/find-engines.js';
import { buildAssets } from '../page-bundles.js';
import type { Bench, Cell } from '../report/bench-report.js';
import { median, round } from '../statistics.js';
import {
  measureCameraDelay,
  measureReturn,
  measureStarts,
  measureTokens,
  startBroadcast,
} from '../whep/watch-whep.js';
import { startWhepSite } from '../whep/whep-site.js';

const START_LIMIT_MS = 600;
const CAMERA_LIMIT_MS = 300;
const RETURN_LIMIT_MS = 3000;
const ROUND_TRIP_MS = 40;
/** A webcaster replaces its session by the word of the server once a minute; each run has some seconds of its own. */
const RESTART_INTERVAL_MS = 45_000;

const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
];

/**
 * WHEP against the demo's server, beside HLS of the same broadcast: start, delay, return after a failure, and short tokens.
 * HTTP has the round trip; the media of WebRTC, with ICE and DTLS before it, has none.
 */
export const measureWhep: Bench = async ({ isQuick, rounds, roundTripsMs, tell }) => {
  const engine = findEngine('chromium');
  if (!engine) throw new Error('There is no Chromium on this machine.');
  const [roundTripMs = ROUND_TRIP_MS] = roundTripsMs ?? [];
  const site = await startWhepSite(await buildAssets(['whep']), roundTripMs);
  const browser = await chromium.launch({ executablePath: engine.executable, args: CHROMIUM_ARGS });
  try {
    await startBroadcast(browser, site);
    const runs = rounds ?? (isQuick ? 2 : 7);
    tell(`click to first frame, ${runs} rounds of each engine`);
    const starts = await measureStarts(browser, site, runs);
    const seconds = isQuick ? 5 : 30;
    tell(`camera to picture, ${seconds} s`);
    const camera = await measureCameraDelay(browser, site, seconds);
    tell('sessions that end without notice');
    const returns: Record<'ingest' | 'whep', number[]> = { ingest: [], whep: [] };
    for (let run = 0; run < (isQuick ? 1 : 3); run += 1) {
      if (run > 0) await sleep(RESTART_INTERVAL_MS);
      returns.ingest.push(await measureReturn(browser, site, 'ingest'));
      returns.whep.push(await measureReturn(browser, site, 'whep'));
    }
    const tokenSeconds = isQuick ? 15 : 60;
    tell(`tokens of 10 s for ${tokenSeconds} s`);
    const tokens = await measureTokens(browser, site, tokenSeconds);
    const row = (name: string, timesMs: readonly number[]): Cell[] => [
      name,
      round(median(timesMs)),
      round(Math.max(...timesMs)),
    ];
    const lost = tokens.control.shown - tokens.short.shown;
    return {
      tables: [
        {
          title: `Click to first frame, ${runs} rounds in turns; round trip of ${roundTripMs} ms for HTTP, 0 for WebRTC’s UDP (ms)`,
          columns: ['', 'median', 'worst'],
          rows: [row('WHEP', starts.whepMs), row('HLS of the same broadcast', starts.hlsMs)],
        },
        {
          title: `Camera to picture on this machine, ${seconds} s (ms)`,
          columns: ['', 'median', '95 %', 'worst'],
          rows: [[`${camera.pictures} pictures`, camera.medianMs, camera.p95Ms, camera.worstMs]],
        },
        {
          title: 'From the end of a session to a picture that moves (ms)',
          columns: ['', 'median', 'worst'],
          rows: [
            row('the broadcaster’s session, by the ingest', returns.ingest),
            row('the viewer’s session, by the WHEP server', returns.whep),
          ],
        },
        {
          title: `Tokens of 10 s for ${tokenSeconds} s, in one page with a control`,
          columns: ['', 'frames', 'not shown for lack of time', 'longest gap ms'],
          rows: [
            ['tokens of 10 s', tokens.short.shown, tokens.short.dropped, tokens.short.longestGapMs],
            ['a long token', tokens.control.shown, tokens.control.dropped, tokens.control.longestGapMs],
          ],
        },
      ],
      aims: [
        {
          aim: `First frame by WHEP within ${START_LIMIT_MS} ms of the click at ${ROUND_TRIP_MS} ms`,
          measured: `${round(median(starts.whepMs))} ms`,
          isMet: roundTripMs <= ROUND_TRIP_MS && median(starts.whepMs) <= START_LIMIT_MS,
        },
        {
          aim: `Camera to picture within ${CAMERA_LIMIT_MS} ms`,
          measured: `${camera.medianMs} ms`,
          isMet: camera.medianMs <= CAMERA_LIMIT_MS,
        },
        {
          aim: `A picture within ${RETURN_LIMIT_MS} ms of a killed ingest`,
          measured: `${Math.max(...returns.ingest)} ms at worst`,
          isMet: Math.max(...returns.ingest) <= RETURN_LIMIT_MS,
        },
        {
          aim: 'Tokens of 10 s lose at most 2 frames more than a long token',
          measured: `${lost} frames`,
          isMet: lost <= 2,
        },
      ],
      figures: { roundTripMs, starts, camera, returns, tokens },
    };
  } finally {
    await browser.close();
    await site.close();
  }
};
