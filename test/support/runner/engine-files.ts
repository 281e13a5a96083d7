import type { Engine } from './engine.js';

/**
 * Browser tests of code that is the same in each engine, and uses nothing of it but what other files test there: the server's clock, how
 * sources are written and what becomes of their entries, codes of errors, what the skin says and remembers, and what a vendor's player is
 * given. A whole run has them in Chromium.
 */
const sameInEachEngine: readonly string[] = [
  'test/player/clock-ahead.browser.test.ts',
  'test/player/clock-behind.browser.test.ts',
  'test/player/engines/nanoplayer-faults.browser.test.ts',
  'test/player/engines/nanoplayer-tokens.browser.test.ts',
  'test/player/engines/nanoplayer-updates.browser.test.ts',
  // hls.browser.test.ts has a source with renditions, long-play.ci.browser.test.ts one with entries.
  'test/player/entries.browser.test.ts',
  // errors.browser.test.ts has those for which an engine itself refuses or reports something.
  'test/player/error-codes.browser.test.ts',
  // hls.browser.test.ts has playlists in the response of one kind.
  'test/player/first-playlists.browser.test.ts',
  'test/player/missing-source.browser.test.ts',
  // remember.browser.test.ts has the storage, caption-styles.browser.test.ts the menus and the direction of a language.
  'test/player/skin-choices.browser.test.ts',
  'test/player/skin-languages.browser.test.ts',
  'test/player/skin-texts.browser.test.ts',
  'test/player/source-notations.browser.test.ts',
  'test/player/update-source-outcomes.browser.test.ts',
  'test/vendor/nanoplayer/nanoplayer-contract.browser.test.ts',
];

/** Returns the files that an engine runs. */
export type FilesOn = (engine: Engine) => readonly string[];

/**
 * Chooses the browser test files of each engine.
 *
 * @param isWhole - do all files run? Files that are chosen by name run on each engine.
 */
export function chooseFilesOn(
  engines: readonly Engine[],
  files: readonly string[],
  { isWhole }: { readonly isWhole: boolean },
): FilesOn {
  if (!isWhole || !engines.includes('chromium')) return () => files;
  const others = files.filter((file) => !sameInEachEngine.includes(file));
  return (engine) => (engine === 'chromium' ? files : others);
}
