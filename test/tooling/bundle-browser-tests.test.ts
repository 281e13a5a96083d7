import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { bundleBrowserTests, bundledFile } from '../support/runner/bundle-browser-tests.js';

const tests = ['test/player/full-build.browser.test.ts', 'test/player/members.browser.test.ts'];

describe('the bundled browser tests', () => {
  let folder: string;
  before(async () => {
    folder = await bundleBrowserTests(tests);
  });

  /** The static imports; dynamic ones have the same addresses. */
  const importsOf = (text: string, address: string): string[] =>
    [...text.matchAll(/^import (?:.* from )?["']([./][^"']+)["'];$/gm)].map(
      ([, path = '']) => new URL(path, `http://localhost${address}`).pathname,
    );

  /** All modules of a test, by their addresses. */
  async function modulesOf(address: string): Promise<Set<string>> {
    const found = new Set([address]);
    for (const each of found) {
      const text = await bundledFile(folder, each);
      for (const path of text === null ? [] : importsOf(text, each)) found.add(path);
    }
    return found;
  }

  it('share the modules that both import, and load each by one address', async () => {
    const [one, other] = await Promise.all(tests.map((path) => modulesOf(`/${path}`)));
    assert.ok(one && other);
    const bundled = [...one].filter((path) => path.endsWith('.js'));
    assert.ok(bundled.some((path) => other.has(path)));
    for (const path of bundled) assert.match((await bundledFile(folder, path)) ?? '', /\S/, path);
    assert.deepEqual(
      [...one].filter((path) => path.endsWith('.ts')),
      [`/${tests[0] ?? ''}`],
    );
  });

  it('leave every other address to the test server', async () => {
    for (const path of ['/', '/test/doubles/nanoplayer/nanoplayer-4.js', '/packages/player/src/index.ts'])
      assert.equal(await bundledFile(folder, path), null);
  });

  it('have source maps that name the files of the repository', async () => {
    const [path = ''] = tests;
    const [address = ''] = importsOf((await bundledFile(folder, `/${path}`)) ?? '', `/${path}`);
    const map = JSON.parse((await bundledFile(folder, `${address}.map`)) ?? '') as { sources: string[] };
    const named = map.sources.map((source) => new URL(source, `http://localhost${address}`).pathname);
    assert.ok(named.includes(`/${path}`), named.join(' '));
  });
});
