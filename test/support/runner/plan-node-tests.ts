import type { TestFiles } from './test-files.js';

/**
 * Node tests that install and build whole projects: minutes of processor time, and no measurement of time. They run
 * one after the other beside all other tests, which leave about half a core free. The longest is first.
 */
const patientFiles = [
  'test/packages/sites.ci.test.ts',
  'test/packages/starters.ci.test.ts',
  'test/packages/bundlers.ci.test.ts',
];

/** The node tests that run before the browser tests, and those that run beside both. Without browser tests, all run first. */
export function planNodeTests({ node, browser }: TestFiles): {
  readonly first: readonly string[];
  readonly besideOthers: readonly string[];
} {
  const besideOthers = browser.length > 0 ? patientFiles.filter((file) => node.includes(file)) : [];
  return { first: node.filter((file) => !besideOthers.includes(file)), besideOthers };
}
