import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { schemeTable } from '../../../demo/backend/schemes/scheme-table.js';
import { handWrittenPages } from '../by-hand/hand-written-pages.js';
import { countSchemes } from './scheme-lines.js';

const inRepository = (path: string): URL => new URL(`../../../${path}`, import.meta.url);

describe('the lines that a team writes', () => {
  it('are counted for each scheme of the demo, and for no other', async () => {
    const names = schemeTable.map(({ name }) => name);
    const rows = await countSchemes();
    assert.deepEqual(
      rows.map(({ scheme }) => scheme),
      names,
    );
    assert.deepEqual(Object.keys(handWrittenPages).sort(), [...names].sort());
  });

  it('are those in the documentation', async () => {
    const shown: unknown = JSON.parse(readFileSync(inRepository('demo/docs/scheme-lines.json'), 'utf8'));
    assert.deepEqual(shown, await countSchemes(), 'npm run docs:figures writes them again');
  });

  it('are those of the module that the bench plays', () => {
    const player = readFileSync(inRepository('test/bench/by-hand/play-by-hand.ts'), 'utf8');
    for (const { module } of Object.values(handWrittenPages)) {
      assert.ok(existsSync(inRepository(`test/bench/by-hand/pages/${module}.ts`)), module);
      const [, name = ''] =
        new RegExp(`import \\{ play as (\\w+) \\} from './pages/${module}\\.js';`).exec(player) ?? [];
      assert.match(player, new RegExp(`'?${module}'?: ${name},`));
    }
  });
});
