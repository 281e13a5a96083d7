import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Verdict } from '@gatecast/qa';
import { type CaseObservation, describeVerdict, judgeCase } from '@gatecast/qa/internal/cases/judge-case';
import type { QaCase } from '@gatecast/qa/internal/cases/qa-case';

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

/** The fault starts at 10 s and is cleared at 15 s. The case ends at 20 s. */
const calm: CaseObservation = {
  faultAtMs: 10_000,
  clearedAtMs: 15_000,
  endedAtMs: 20_000,
  playback: [{ state: 'playing', startAtMs: 1_000, endAtMs: null }],
  broadcast: [],
  errors: [],
  renewedAtMs: [2_000, 12_000],
  hasEnd: true,
};

const judge = (seen: Partial<CaseObservation>, of: Partial<QaCase> = {}): Verdict =>
  judgeCase({ ...qaCase, ...of }, { ...calm, ...seen });

describe('the verdict on a case', () => {
  it('passes if playback never stopped and the token was renewed', () => {
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

  it('passes a case that must stop if it stops in time for its reason, and plays again', () => {
    const expected = { mostStallMs: 400, stops: { code: 'revoked', withinMs: 2_000 } };
    const complaintsOf = (stoppedAtMs: number, code: string, startsAgain = true) =>
      judge(
        {
          playback: [
            { state: 'playing', startAtMs: 1_000, endAtMs: stoppedAtMs },
            { state: 'failed', startAtMs: stoppedAtMs, endAtMs: startsAgain ? 15_500 : null },
            ...(startsAgain ? [{ state: 'playing', startAtMs: 15_500, endAtMs: null } as const] : []),
          ],
          errors: [{ atMs: stoppedAtMs, code, isFatal: true }],
        },
        { expected },
      ).complaints;
    assert.deepEqual(complaintsOf(11_000, 'revoked'), []);
    assert.deepEqual(complaintsOf(12_500, 'revoked'), ['played on for 2500 ms, limit 2000 ms']);
    assert.deepEqual(complaintsOf(11_000, 'source-failed'), [
      'no error: revoked',
      'fatal error: source-failed',
    ]);
    assert.deepEqual(complaintsOf(11_000, 'revoked', false), ['did not recover']);
    assert.deepEqual(judge({}, { expected }).complaints, ['did not stop']);
  });

  it('needs no token before an end that only the CDN knows', () => {
    const expected = { mostStallMs: 400, leastRenewals: 1 };
    const outcomeOf = (hasEnd: boolean, renewsBeforeEnd: boolean) =>
      judge({ renewedAtMs: [], hasEnd }, { expected: { ...expected, renewsBeforeEnd } }).outcome;
    assert.equal(outcomeOf(false, true), 'passed');
    assert.equal(outcomeOf(true, true), 'failed');
    assert.equal(outcomeOf(false, false), 'failed');
  });

  it('counts stall time only after the fault has started', () => {
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

  it('fails if playback stalled too long, and reports the duration', () => {
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
    assert.match(
      describeVerdict(verdict),
      /interrupted 1×, 2\.5 s in total · recovered 1\.5 s after the fault/,
    );
  });

  for (const state of ['stalled', 'failed', 'paused', 'starting'] as const) {
    it(`fails if playback ends in the state ${state}`, () => {
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

  it('counts errors of the case by code, without those from before', () => {
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

  it('fails on a fatal error', () => {
    const verdict = judge({ errors: [{ atMs: 11_000, code: 'token-refused', isFatal: true }] });
    assert.deepEqual(verdict.complaints, ['fatal error: token-refused']);
  });

  it('fails if too few tokens were fetched', () => {
    assert.equal(judge({ renewedAtMs: [2_000] }).outcome, 'failed');
  });

  it('fails if there was no playback', () => {
    assert.equal(judge({ playback: [] }).outcome, 'failed');
  });

  it('counts a broadcast as interrupted until it is live again', () => {
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
