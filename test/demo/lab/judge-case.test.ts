import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type CaseObservation,
  type Verdict,
  describeVerdict,
  judgeCase,
} from '../../../demo/lab/cases/judge-case.js';
import type { QaCase } from '../../../demo/lab/cases/qa-case.js';

const qaCase: QaCase = {
  name: 'any',
  title: 'Any',
  words: '',
  subject: 'player',
  needsFaultApi: false,
  tokenLifeSeconds: 10,
  actions: [],
  holdMs: 1_000,
  expected: { mostStallMs: 400, leastRenewals: 1 },
};

/** From 10 s on it is broken, at 15 s mended, at 20 s over. */
const calm: CaseObservation = {
  brokenAtMs: 10_000,
  mendedAtMs: 15_000,
  endedAtMs: 20_000,
  playback: [{ state: 'playing', startAtMs: 1_000, endAtMs: null }],
  broadcast: [],
  errors: [],
  renewedAtMs: [2_000, 12_000],
};

const judge = (seen: Partial<CaseObservation>, of: Partial<QaCase> = {}): Verdict =>
  judgeCase({ ...qaCase, ...of }, { ...calm, ...seen });

describe('the verdict on a case', () => {
  it('is passed where the picture moved all the time and the token was renewed', () => {
    assert.deepEqual(judge({}), {
      outcome: 'passed',
      stallCount: 0,
      stalledMs: 0,
      recoveredAfterMs: 0,
      renewalCount: 1,
      errors: [],
      complaints: [],
    });
  });

  it('counts a stall from the fault on only', () => {
    const { stalledMs, stallCount } = judge({
      playback: [
        { state: 'playing', startAtMs: 1_000, endAtMs: 9_900 },
        { state: 'stalled', startAtMs: 9_900, endAtMs: 10_200 },
        { state: 'playing', startAtMs: 10_200, endAtMs: null },
      ],
    });
    assert.equal(stallCount, 1);
    assert.equal(stalledMs, 200);
  });

  it('is failed where it stood longer than allowed, and says for how long', () => {
    const verdict = judge({
      playback: [
        { state: 'playing', startAtMs: 1_000, endAtMs: 14_000 },
        { state: 'stalled', startAtMs: 14_000, endAtMs: 16_500 },
        { state: 'playing', startAtMs: 16_500, endAtMs: null },
      ],
    });
    assert.equal(verdict.outcome, 'failed');
    assert.equal(verdict.stalledMs, 2_500);
    assert.equal(verdict.recoveredAfterMs, 1_500);
    assert.match(describeVerdict(verdict), /stood 1×, 2\.5 s in all · recovered 1\.5 s after the fault/);
  });

  for (const state of ['stalled', 'failed', 'paused', 'starting'] as const) {
    it(`is failed where it ends ${state}`, () => {
      const verdict = judge({
        playback: [
          { state: 'playing', startAtMs: 1_000, endAtMs: 19_900 },
          { state, startAtMs: 19_900, endAtMs: null },
        ],
      });
      assert.equal(verdict.outcome, 'failed');
      assert.equal(verdict.recoveredAfterMs, null);
    });
  }

  it('counts the errors of its own time by their codes, and none from before', () => {
    const { errors, outcome } = judge({
      errors: [
        { atMs: 9_000, code: 'token-unavailable', isFatal: false },
        { atMs: 11_000, code: 'token-unavailable', isFatal: false },
        { atMs: 12_000, code: 'token-unavailable', isFatal: false },
      ],
    });
    assert.deepEqual(errors, [{ code: 'token-unavailable', count: 2, isFatal: false }]);
    assert.equal(outcome, 'passed');
  });

  it('is failed by an error at which the element gave up', () => {
    const verdict = judge({ errors: [{ atMs: 11_000, code: 'token-refused', isFatal: true }] });
    assert.deepEqual(verdict.complaints, ['gave up: token-refused']);
  });

  it('is failed where fewer tokens came than were due', () => {
    assert.equal(judge({ renewedAtMs: [2_000] }).outcome, 'failed');
  });

  it('is failed where nothing was seen at all', () => {
    assert.equal(judge({ playback: [] }).outcome, 'failed');
  });

  it('takes a broadcast for interrupted until it is live again', () => {
    const verdict = judge(
      {
        playback: [],
        broadcast: [
          { state: 'live', startAtMs: 1_000, endAtMs: 10_500 },
          { state: 'reconnecting', startAtMs: 10_500, endAtMs: 13_000 },
          { state: 'live', startAtMs: 13_000, endAtMs: null },
        ],
      },
      { subject: 'webcaster', expected: { mostStallMs: 3_000 } },
    );
    assert.equal(verdict.stalledMs, 2_500);
    assert.equal(verdict.recoveredAfterMs, 0);
    assert.equal(verdict.outcome, 'passed');
  });
});
