import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { keepScriptTagBuilt } from '../../demo/server/keep-script-tag-built.js';

describe('the files that the demo server watches for gatecast.js', () => {
  const watched: string[] = [];
  keepScriptTagBuilt({ add: (path) => watched.push(path), on: () => undefined });
  const isWatched = (path: string): boolean =>
    watched.some((folder) => !relative(folder, path).startsWith('..'));

  for (const name of ['adapters', 'contract', 'element', 'player', 'script-tag', 'token', 'webcaster'])
    it(`include the sources of ${name}, and nothing that a build writes`, () => {
      assert.ok(existsSync(join('packages', name, 'src')));
      assert.equal(isWatched(join('packages', name, 'src/index.ts')), true);
      // Vite reloads all open pages for an HTML file.
      assert.equal(isWatched(join('packages', name, 'dist/start.html')), false);
    });
});
