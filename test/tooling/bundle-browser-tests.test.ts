import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { bundleBrowserTests, bundledFile } from '../support/runner/bundle-browser-tests.js';

const tests = ['test/player/members.browser.test.ts', 'test/player/chapters.browser.test.ts'];

describe('the bundled browser tests', () => {
  let folder: string;
  before(async () => {
    folder = await bundleBrowserTests(tests);
  });

  const chunksOf = (text: string): string[] =>
    [...text.matchAll(/from "(?:\.\.\/)+(browser-test-chunks\/[^"]+)"/g)].map(([, path]) => `/${path ?? ''}`);

  it('are at their own addresses, and share the modules that both import', async () => {
    const [one = [], other = []] = await Promise.all(
      tests.map(async (path) => chunksOf((await bundledFile(folder, `/${path}`)) ?? '')),
    );
    assert.ok(one.length > 0);
    assert.ok(one.some((path) => other.includes(path)));
    for (const path of one) assert.match((await bundledFile(folder, path)) ?? '', /\S/);
  });

  it('leave every other address to the test server', async () => {
    for (const path of ['/', '/test/doubles/nanoplayer/nanoplayer-4.js', '/packages/player/src/index.ts'])
      assert.equal(await bundledFile(folder, path), null);
  });

  it('have source maps that name the files of the repository', async () => {
    const [path = ''] = tests;
    const map = JSON.parse((await bundledFile(folder, `/${path}.js.map`)) ?? '') as { sources: string[] };
    const named = map.sources.map((source) => new URL(source, `http://localhost/${path}`).pathname);
    assert.ok(named.includes(`/${path}`), named.join(' '));
  });
});
