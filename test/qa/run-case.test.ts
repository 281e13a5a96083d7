import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findCase } from '@gatecast/qa/internal/cases/qa-cases';
import type { CaseResult } from '@gatecast/qa/internal/cases/case-result';
import { runCase } from '@gatecast/qa/internal/cases/run-case';
import { createPageFaults } from '@gatecast/qa/internal/faults/page-faults';
import { TimelineRecord } from '@gatecast/qa/internal/record/timeline-record';

const player = {
  paused: false,
  play: async () => undefined,
  refreshToken: async () => undefined,
  tokenStates: [],
};

/** Runs the case in a page whose player plays, and makes a media request every `everyMs`. */
async function refuseMedia(
  everyMs: number,
): Promise<{ result: CaseResult; statuses: number[]; tookMs: number }> {
  const scope: { fetch: typeof globalThis.fetch } = { fetch: async () => new Response('x') };
  const faults = createPageFaults({ tokenUrl: () => '', scope });
  const record = new TimelineRecord();
  record.setPlayback('playing', Date.now() - 60_000);
  const statuses: number[] = [];
  let tookMs = 0;
  const wait = async (durationMs: number): Promise<void> => {
    const before = Math.floor(tookMs / everyMs);
    tookMs += durationMs;
    for (let count = before; count < Math.floor(tookMs / everyMs); count += 1)
      statuses.push((await scope.fetch('https://cdn.test/1.m4s')).status);
  };
  const qaCase = findCase('refuse-media');
  assert.ok(qaCase);
  const { signal } = new AbortController();
  const result = await runCase(qaCase, { player, webcaster: null, record, faults, signal, wait });
  assert.equal((await scope.fetch('https://cdn.test/1.m4s')).status, 200, 'the fault is over');
  return { result, statuses, tookMs };
}

describe('the case refuse-media', () => {
  it('lasts until three media requests were refused, also with long segments', async () => {
    const { result, statuses, tookMs } = await refuseMedia(9_000);
    assert.deepEqual(statuses, [403, 403, 403]);
    assert.ok(tookMs >= 27_000);
    assert.equal(result.outcome, 'passed', result.words);
  });

  it('is skipped, not passed, if there are fewer', async () => {
    const { result, statuses } = await refuseMedia(15_000);
    assert.deepEqual(statuses, [403, 403]);
    assert.equal(result.outcome, 'skipped');
    assert.match(result.words, /too few media requests/);
  });
});
