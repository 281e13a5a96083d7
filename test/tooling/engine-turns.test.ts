import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { engines } from '../support/runner/engine.js';
import type { Engine } from '../support/runner/engine.js';
import { planTurns } from '../support/runner/engine-turns.js';

describe('planTurns', () => {
  const choices: readonly (readonly Engine[])[] = [
    [],
    ...engines.map((engine) => [engine]),
    ['chromium', 'firefox'],
    ['chromium', 'webkit'],
    ['firefox', 'webkit'],
    ['webkit', 'firefox'],
    engines,
  ];

  it('runs each chosen engine once, with at most four browsers at a time', () => {
    for (const chosen of choices) {
      const turns = planTurns(chosen);
      const planned = turns.flat().map(({ engine }) => engine);
      assert.deepEqual([...planned].sort(), [...chosen].sort());
      for (const turn of turns) {
        const browsers = turn.reduce((sum, { shardCount }) => sum + shardCount, 0);
        assert.ok(browsers >= turn.length && browsers <= 4, `${browsers} browsers for ${chosen.join(', ')}`);
      }
    }
  });

  it('runs Firefox beside WebKitGTK, and Chromium alone', () => {
    assert.deepEqual(
      planTurns(engines).map((turn) => turn.map(({ engine }) => engine)),
      [['chromium'], ['firefox', 'webkit']],
    );
  });
});
