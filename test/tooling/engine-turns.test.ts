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

  /** Processor cores that a browser uses with its servers, as measured. */
  const coresOf: Readonly<Record<Engine, number>> = { chromium: 0.25, firefox: 0.28, webkit: 0.37 };

  it('runs each chosen engine once, and leaves a fifth of two cores free', () => {
    for (const chosen of choices) {
      const turns = planTurns(chosen);
      const planned = turns.flat().map(({ engine }) => engine);
      assert.deepEqual([...planned].sort(), [...chosen].sort());
      for (const turn of turns) {
        const cores = turn.reduce((sum, { engine, shardCount }) => sum + shardCount * coresOf[engine], 0);
        assert.ok(cores <= 1.6, `${cores} cores for ${chosen.join(', ')}`);
        for (const { shardCount } of turn) assert.ok(shardCount >= 1);
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
