import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface FileChoice {
  /** Parts of paths. Empty for all files. */
  readonly filters: readonly string[];
  readonly withCiFiles: boolean;
}

export interface TestFiles {
  readonly node: readonly string[];
  readonly browser: readonly string[];
}

/** Slow tests that `.ci/run` runs, and `npm test` only with --all or by name. */
export const isCiTest = (path: string): boolean => /\.ci(?:\.browser)?\.test\.ts$/.test(path);

/** The test files under test/, sorted, that match one of the filters. */
export function findTestFiles({ filters, withCiFiles }: FileChoice): TestFiles {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .map((path) => join('test', path))
    .filter((path) => path.endsWith('.test.ts') && !path.includes('node_modules'))
    .filter((path) => withCiFiles || !isCiTest(path))
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
    .sort();
  const isBrowserTest = (path: string): boolean => path.endsWith('.browser.test.ts');
  return { node: files.filter((path) => !isBrowserTest(path)), browser: files.filter(isBrowserTest) };
}
