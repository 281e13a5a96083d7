import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultCase } from '../cases/fault-case.js';
import { faultCases } from '../cases/fault-cases.js';
import type { CaseOutcome } from './case-outcome.js';
import { judgeCase } from './judge-case.js';

const faultCase: FaultCase = {
  name: 'a',
  title: 'a fault',
  stream: 'media',
  when: 'playing',
  seconds: 8,
  faults: [],
};
const few = { duringFault: 2, perMinute: 2, perSecond: 2 };
const well: CaseOutcome['ours'] = {
  backMs: 1_000,
  stalledMs: 3_000,
  rewinds: 0,
  behindS: 6,
  errors: [],
  tokenErrors: [],
  tokens: few,
  media: few,
};

function judge(
  ours: Partial<CaseOutcome['ours']>,
  control: Partial<CaseOutcome['ours']> = {},
  expect: FaultCase['expect'] = {},
): string[] {
  const outcome = {
    name: 'a',
    watchedMs: 20_000,
    ours: { ...well, ...ours },
    control: { ...well, ...control },
  };
  return judgeCase({ ...faultCase, expect }, outcome);
}

describe('judgement of a fault case', () => {
  it('finds nothing wrong with a player that is back within 5 s and as soon as the control', () => {
    assert.deepEqual(judge({}), []);
    assert.deepEqual(judge({ backMs: 4_900 }, { backMs: 2_000 }), []);
  });

  it('finds a player that does not play again, is late, or later than the control', () => {
    assert.match(judge({ backMs: null }, { backMs: null }).join(), /does not play again/);
    assert.match(judge({ backMs: 7_000 }, { backMs: 9_000 }).join(), /after 7\.0 s, not 5 s/);
    assert.deepEqual(judge({ backMs: 7_000 }, { backMs: 9_000 }, { backWithinS: 8 }), []);
    assert.match(judge({ backMs: 7_000 }, { backMs: 0 }).join(), /the control plays again after 0\.0 s/);
    assert.match(judge({ stalledMs: 9_000 }, { stalledMs: 0 }).join(), /stalls 9\.0 s/);
  });

  it('finds errors where none is allowed, and too many requests', () => {
    assert.deepEqual(judge({ errors: ['source-unreachable'] }), []);
    assert.match(judge({ errors: ['source-unreachable'] }, {}, { error: 'none' }).join(), /reports source-/);
    assert.match(judge({ tokens: { ...few, perMinute: 14 } }).join(), /14 token requests/);
    assert.match(judge({ media: { ...few, perSecond: 40 } }, {}).join(), /40 media requests/);
    assert.deepEqual(judge({ media: { ...few, perSecond: 40 } }, { media: { ...few, perSecond: 44 } }), []);
  });
});

describe('judgement of a final fault', () => {
  it('asks for an error, and not for playback', () => {
    const never = { backMs: null };
    assert.deepEqual(judge({ ...never, errors: ['source-not-found'] }, {}, { isFinal: true }), []);
    assert.match(judge(never, {}, { isFinal: true }).join(), /does not report/);
  });
});

describe('list of fault cases', () => {
  it('has unique names that are stream names', () => {
    const names = faultCases.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
    assert.deepEqual(
      names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)),
      [],
    );
  });
});
