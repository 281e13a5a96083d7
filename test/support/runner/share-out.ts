import type { Engine } from './engine.js';

/** Seconds on Chromium, Firefox and WebKitGTK. */
type Seconds = readonly [chromium: number, firefox: number, webkit: number];

/**
 * Approximate durations of the slow browser test files, as printed by a run. Most of it is live media in real time, so it
 * hardly depends on the machine. 0 where an engine lacks the tested feature. A wrong figure only makes the runs less balanced.
 */
const slowFiles: Readonly<Record<string, Seconds>> = {
  'test/player/clock-ahead.browser.test.ts': [16, 17, 17],
  'test/player/clock-behind.browser.test.ts': [17, 17, 17],
  'test/player/encoder-restart.browser.test.ts': [16, 16, 20],
  'test/player/engines/hls.browser.test.ts': [72, 74, 76],
  'test/player/engines/nanoplayer-faults.browser.test.ts': [29, 31, 31],
  'test/player/engines/nanoplayer-updates.browser.test.ts': [26, 26, 26],
  'test/player/engines/nanoplayer.browser.test.ts': [69, 70, 72],
  'test/player/engines/native.browser.test.ts': [71, 0, 15],
  'test/player/entries.browser.test.ts': [34, 36, 36],
  'test/player/errors.browser.test.ts': [31, 31, 31],
  'test/player/full-build.browser.test.ts': [13, 11, 12],
  'test/player/hostile-origin.browser.test.ts': [8, 8, 11],
  'test/player/lifecycle.browser.test.ts': [12, 12, 13],
  'test/player/long-play.ci.browser.test.ts': [66, 66, 68],
  'test/player/native-long-play.ci.browser.test.ts': [167, 0, 0],
  'test/player/path-tokens.browser.test.ts': [45, 33, 45],
  'test/player/script-addresses.browser.test.ts': [16, 11, 11],
  'test/player/secrets.browser.test.ts': [19, 19, 19],
  'test/player/skin-choices.browser.test.ts': [37, 27, 33],
  'test/player/skin.browser.test.ts': [26, 25, 40],
  'test/player/source-notations.browser.test.ts': [33, 34, 39],
  'test/player/update-source.browser.test.ts': [38, 38, 39],
  'test/vendor/nanoplayer/nanoplayer-contract.browser.test.ts': [55, 25, 30],
  'test/webcaster/network-cut.browser.test.ts': [16, 0, 0],
  'test/webcaster/publishers/live-means-media.browser.test.ts': [47, 5, 0],
  'test/webcaster/publishers/nanostream-v6.browser.test.ts': [23, 0, 0],
  'test/webcaster/publishers/whip-endurance.ci.browser.test.ts': [63, 0, 0],
  'test/webcaster/publishers/whip-reconnect.browser.test.ts': [42, 0, 0],
  'test/webcaster/publishers/whip.browser.test.ts': [21, 0, 0],
};

/** Durations of the slow files on an engine, in seconds. */
export function slowFilesOn(engine: Engine): Readonly<Record<string, number>> {
  const column = { chromium: 0, firefox: 1, webkit: 2 }[engine];
  return Object.fromEntries(Object.entries(slowFiles).map(([file, seconds]) => [file, seconds[column] ?? 0]));
}

/** Start and end of a page. */
const OTHER_FILE_SECONDS = 5;

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
