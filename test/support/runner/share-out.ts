import type { Engine } from './engine.js';

/** Seconds on Chromium, Firefox and WebKitGTK. */
type Seconds = readonly [chromium: number, firefox: number, webkit: number];

/**
 * Approximate durations of the slow browser test files, as printed by a run. Most of it is live media in real time, so it
 * hardly depends on the machine. 0 where an engine lacks the tested feature. A wrong figure only makes the runs less balanced.
 */
const slowFiles: Readonly<Record<string, Seconds>> = {
  'test/bench/by-hand/endpoints/play-endpoints.browser.test.ts': [4, 10, 1],
  'test/bench/by-hand/hand-written-pages.browser.test.ts': [20, 2, 0],
  'test/packages/react-hidden.ci.browser.test.ts': [17, 18, 13],
  'test/player/caption-styles.browser.test.ts': [10, 20, 11],
  'test/player/clock-ahead.browser.test.ts': [18, 18, 18],
  'test/player/clock-behind.browser.test.ts': [19, 18, 17],
  'test/player/content-policy.browser.test.ts': [16, 17, 25],
  'test/player/dead-cdn.browser.test.ts': [45, 2, 0],
  'test/player/early-buffer.browser.test.ts': [8, 9, 7],
  'test/player/encoder-restart.browser.test.ts': [18, 18, 26],
  'test/player/engines/hls.browser.test.ts': [82, 93, 76],
  'test/player/engines/nanoplayer-canvas.browser.test.ts': [7, 9, 6],
  'test/player/engines/nanoplayer-faults.browser.test.ts': [30, 34, 29],
  'test/player/engines/nanoplayer-updates.browser.test.ts': [27, 30, 29],
  'test/player/engines/nanoplayer.browser.test.ts': [87, 92, 84],
  'test/player/engines/native-redirects.browser.test.ts': [14, 2, 0],
  'test/player/engines/native.browser.test.ts': [85, 3, 14],
  'test/player/entries.browser.test.ts': [28, 33, 32],
  'test/player/errors.browser.test.ts': [39, 45, 44],
  'test/player/first-playlists.browser.test.ts': [12, 23, 17],
  'test/player/full-build.browser.test.ts': [15, 15, 21],
  'test/player/hls-forms.browser.test.ts': [9, 16, 0],
  'test/player/hostile-origin.browser.test.ts': [9, 11, 9],
  'test/player/kept-state.browser.test.ts': [7, 11, 6],
  'test/player/lazy-loading.browser.test.ts': [4, 7, 4],
  'test/player/lifecycle.browser.test.ts': [17, 19, 15],
  'test/player/long-play.ci.browser.test.ts': [75, 67, 67],
  'test/player/media-chrome.browser.test.ts': [7, 10, 9],
  'test/player/media-recovery.browser.test.ts': [8, 10, 8],
  'test/player/missing-source.browser.test.ts': [8, 9, 7],
  'test/player/native-long-play.ci.browser.test.ts': [178, 2, 0],
  'test/player/option-values.browser.test.ts': [4, 8, 3],
  'test/player/path-tokens.browser.test.ts': [37, 32, 63],
  'test/player/proof-of-possession.browser.test.ts': [7, 11, 5],
  'test/player/renewed-by-cdn.browser.test.ts': [9, 1, 0],
  'test/player/schemes.browser.test.ts': [23, 2, 0],
  'test/player/script-addresses.browser.test.ts': [12, 8, 6],
  'test/player/secrets.browser.test.ts': [17, 18, 17],
  'test/player/side-files.browser.test.ts': [17, 22, 16],
  'test/player/signed-children.browser.test.ts': [25, 1, 0],
  'test/player/skin-choices.browser.test.ts': [37, 39, 44],
  'test/player/skin-keyboard.browser.test.ts': [13, 10, 6],
  'test/player/skin-languages.browser.test.ts': [27, 28, 33],
  'test/player/skin-texts.browser.test.ts': [20, 21, 24],
  'test/player/skin.browser.test.ts': [33, 31, 28],
  'test/player/source-notations.browser.test.ts': [33, 44, 35],
  'test/player/start-time.browser.test.ts': [6, 10, 6],
  'test/player/themes.browser.test.ts': [27, 32, 36],
  'test/player/token-addresses.browser.test.ts': [9, 9, 7],
  'test/player/update-source.browser.test.ts': [38, 46, 39],
  'test/script-tag/early-start.browser.test.ts': [6, 15, 5],
  'test/vendor/nanoplayer/nanoplayer-contract.browser.test.ts': [54, 29, 31],
  'test/webcaster/controls-access.browser.test.ts': [5, 9, 12],
  'test/webcaster/element.browser.test.ts': [6, 6, 8],
  'test/webcaster/network-cut.browser.test.ts': [15, 7, 0],
  'test/webcaster/publishers/live-means-media.browser.test.ts': [49, 12, 0],
  'test/webcaster/publishers/nanostream-v6.browser.test.ts': [20, 2, 0],
  'test/webcaster/publishers/nanostream.browser.test.ts': [10, 11, 0],
  'test/webcaster/publishers/whip-differences.browser.test.ts': [9, 1, 0],
  'test/webcaster/publishers/whip-endurance.ci.browser.test.ts': [63, 2, 0],
  'test/webcaster/publishers/whip-reconnect.browser.test.ts': [41, 1, 0],
  'test/webcaster/publishers/whip.browser.test.ts': [25, 1, 0],
  'test/webcaster/secrets.browser.test.ts': [15, 25, 1],
  'test/webcaster/vendor-script.browser.test.ts': [3, 17, 0],
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
