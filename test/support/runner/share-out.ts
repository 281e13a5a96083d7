import type { Engine } from './engine.js';

/** Seconds on Chromium, Firefox and WebKitGTK. */
type Seconds = readonly [chromium: number, firefox: number, webkit: number];

/**
 * Approximate durations of the slow browser test files, as printed by a run. Most of it is live media in real time, so it
 * hardly depends on the machine. 0 where an engine lacks the tested feature. A wrong figure only makes the runs less balanced.
 */
const slowFiles: Readonly<Record<string, Seconds>> = {
  'test/bench/by-hand/hand-written-pages.browser.test.ts': [18, 0, 0],
  'test/packages/react-hidden.ci.browser.test.ts': [15, 21, 16],
  'test/player/clock-ahead.browser.test.ts': [17, 17, 16],
  'test/player/clock-behind.browser.test.ts': [16, 16, 17],
  'test/player/content-policy.browser.test.ts': [16, 16, 24],
  'test/player/dead-cdn.browser.test.ts': [46, 0, 0],
  'test/player/encoder-restart.browser.test.ts': [16, 16, 20],
  'test/player/engines/hls.browser.test.ts': [72, 74, 72],
  'test/player/engines/nanoplayer-faults.browser.test.ts': [28, 31, 29],
  'test/player/engines/nanoplayer-updates.browser.test.ts': [24, 27, 28],
  'test/player/engines/nanoplayer-tokens.browser.test.ts': [57, 0, 0],
  'test/player/engines/nanoplayer.browser.test.ts': [17, 18, 19],
  'test/player/engines/native-redirects.browser.test.ts': [13, 0, 0],
  'test/player/engines/native.browser.test.ts': [80, 1, 14],
  'test/player/entries.browser.test.ts': [33, 33, 34],
  'test/player/error-codes.browser.test.ts': [24, 0, 0],
  'test/player/errors.browser.test.ts': [12, 12, 12],
  'test/player/first-playlists.browser.test.ts': [12, 12, 14],
  'test/player/full-build.browser.test.ts': [14, 14, 12],
  'test/player/lifecycle.browser.test.ts': [12, 12, 16],
  'test/player/long-play.ci.browser.test.ts': [66, 66, 68],
  'test/player/native-long-play.ci.browser.test.ts': [168, 0, 0],
  'test/player/path-tokens.browser.test.ts': [38, 31, 48],
  'test/player/renewed-by-cdn.browser.test.ts': [9, 1, 0],
  'test/player/schemes.browser.test.ts': [30, 0, 0],
  'test/player/script-addresses.browser.test.ts': [10, 6, 6],
  'test/player/secrets.browser.test.ts': [16, 16, 17],
  'test/player/signed-children.browser.test.ts': [19, 0, 0],
  'test/player/skin-choices.browser.test.ts': [37, 36, 38],
  'test/player/skin-texts.browser.test.ts': [18, 19, 20],
  'test/player/skin.browser.test.ts': [23, 24, 38],
  'test/player/source-notations.browser.test.ts': [31, 33, 35],
  'test/player/update-source-outcomes.browser.test.ts': [19, 0, 0],
  'test/player/update-source.browser.test.ts': [18, 19, 19],
  'test/script-tag/early-start.browser.test.ts': [5, 8, 14],
  'test/vendor/nanoplayer/nanoplayer-contract.browser.test.ts': [53, 23, 27],
  'test/webcaster/network-cut.browser.test.ts': [15, 0, 0],
  'test/webcaster/publishers/live-means-media.browser.test.ts': [44, 5, 0],
  'test/webcaster/publishers/nanostream-v6.browser.test.ts': [15, 0, 0],
  'test/webcaster/publishers/whip-endurance.ci.browser.test.ts': [61, 0, 0],
  'test/webcaster/publishers/whip-reconnect.browser.test.ts': [40, 0, 0],
  'test/webcaster/publishers/whip.browser.test.ts': [19, 0, 0],
  'test/webcaster/secrets.browser.test.ts': [9, 4, 1],
};

/** Durations of the slow files on an engine, in seconds. */
export function slowFilesOn(engine: Engine): Readonly<Record<string, number>> {
  const column = { chromium: 0, firefox: 1, webkit: 2 }[engine];
  return Object.fromEntries(Object.entries(slowFiles).map(([file, seconds]) => [file, seconds[column] ?? 0]));
}

/** Most of the other files hold quick tests, or are skipped on an engine. */
const OTHER_FILE_SECONDS = 3;

/**
 * Distributes files to parallel runs so that all end at about the same time: the longest first, each to the run with
 * the shortest total.
 * @returns `count` lists; some are empty when there are fewer files
 */
export function shareOut(
  files: readonly string[],
  count: number,
  seconds: Readonly<Record<string, number>>,
): (readonly string[])[] {
  const secondsOf = (file: string): number => seconds[file] ?? OTHER_FILE_SECONDS;
  const shares = Array.from({ length: count }, () => ({ files: [] as string[], seconds: 0 }));
  for (const file of [...files].sort((a, b) => secondsOf(b) - secondsOf(a))) {
    const [least] = [...shares].sort((a, b) => a.seconds - b.seconds);
    least?.files.push(file);
    if (least) least.seconds += secondsOf(file);
  }
  return shares.map((share) => share.files);
}
