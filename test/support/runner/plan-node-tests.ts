import type { TestFiles } from './test-files.js';

/**
 * Node tests that install and build whole projects: minutes of processor time, and no measurement of time. They run
 * beside the browser tests, which leave more than half a core free, after the static checks. More of them would go on,
 * on one core, after the browser tests have ended. The longest is first.
 */
const patientFiles = ['test/packages/sites.ci.test.ts', 'test/packages/bundlers.ci.test.ts'];

/** The node tests that run before the browser tests, and those that run beside them. Without browser tests, all run first. */
export function planNodeTests({ node, browser }: TestFiles): {
  readonly first: readonly string[];
  readonly besideBrowsers: readonly string[];
} {
  const besideBrowsers = browser.length > 0 ? patientFiles.filter((file) => node.includes(file)) : [];
  return { first: node.filter((file) => !besideBrowsers.includes(file)), besideBrowsers };
}
