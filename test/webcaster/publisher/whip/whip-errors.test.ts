import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ingestError } from '@gatecast/webcaster/internal/publisher/whip/whip-errors';

const answer = (status: number, headers: Record<string, string> = {}) =>
  ingestError({ status, headers: new Headers(headers) });

describe('ingestError', () => {
  const known: [number, string, boolean][] = [
    [400, 'ingest-refused', false],
    [404, 'ingest-not-found', false],
    [409, 'ingest-conflict', true],
    [415, 'ingest-refused', false],
    [418, 'ingest-refused', false],
    [429, 'ingest-failed', true],
    [500, 'ingest-failed', true],
    [503, 'ingest-failed', true],
  ];
  for (const [status, code, retryable] of known) {
    it(`maps HTTP ${String(status)} to ${code}, ${retryable ? 'retryable' : 'final'}`, () => {
      const error = answer(status);
      assert.deepEqual([error.code, error.retryable, error.status], [code, retryable, status]);
    });
  }

  it('keeps Retry-After for retryable errors', () => {
    assert.equal(answer(503, { 'Retry-After': '7' }).retryAfterMs, 7000);
    assert.equal(answer(404, { 'Retry-After': '7' }).retryAfterMs, undefined);
  });
});
