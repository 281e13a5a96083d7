import type { Engine } from './engine.js';

/**
 * Approximate duration of the slow browser test files, in seconds, as printed by a run. Most of it is live media in real
 * time, so it hardly depends on engine or machine. A wrong figure only makes the runs less balanced.
 */
export const slowFileSeconds: Readonly<Record<string, number>> = {
  'test/player/clock-ahead.browser.test.ts': 17,
  'test/player/clock-behind.browser.test.ts': 18,
  'test/player/entries-long-play.ci.browser.test.ts': 65,
  'test/player/entries.browser.test.ts': 30,
  'test/player/long-play.ci.browser.test.ts': 63,
  'test/player/engines/nanoplayer.browser.test.ts': 70,
  'test/player/native-long-play.ci.browser.test.ts': 70,
  'test/player/engines/native.browser.test.ts': 62,
  'test/player/engines/hls.browser.test.ts': 65,
  'test/player/skin.browser.test.ts': 20,
  'test/player/source-notations.browser.test.ts': 38,
  'test/player/errors.browser.test.ts': 17,
  'test/player/lifecycle.browser.test.ts': 14,
  'test/player/secrets.browser.test.ts': 13,
  'test/player/skin-choices.browser.test.ts': 14,
  'test/player/update-source.browser.test.ts': 38,
  'test/player/proof-long-play.ci.browser.test.ts': 63,
  'test/player/path-tokens.browser.test.ts': 28,
  'test/player/script-addresses.browser.test.ts': 18,
  'test/player/engines/nanoplayer-faults.browser.test.ts': 29,
  'test/player/engines/nanoplayer-updates.browser.test.ts': 27,
  'test/webcaster/publishers/live-means-media.browser.test.ts': 38,
  'test/vendor/nanoplayer/nanoplayer-contract.browser.test.ts': 53,
  'test/webcaster/publishers/nanostream-v6.browser.test.ts': 23,
  'test/webcaster/network-cut.browser.test.ts': 24,
  'test/webcaster/publishers/whip.browser.test.ts': 22,
  'test/webcaster/publishers/whip-endurance.ci.browser.test.ts': 60,
  'test/webcaster/publishers/whip-reconnect.browser.test.ts': 39,
};

/** Files that are mostly skipped on other engines, which lack the tested features. */
const chromiumOnly = [
  'player/native',
  'webcaster/network-cut',
  'webcaster/publishers/live-means-media',
  'webcaster/publishers/whip',
];

/** Duration of the slow files on an engine, in seconds. */
export function slowFilesOn(engine: Engine): Readonly<Record<string, number>> {
  if (engine === 'chromium') return slowFileSeconds;
  const runs = ([file]: [string, number]): boolean => !chromiumOnly.some((part) => file.includes(part));
  return Object.fromEntries(Object.entries(slowFileSeconds).filter(runs));
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
