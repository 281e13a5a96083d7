import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, type ErrorCode } from '@gatecast/token';
import { reopenDelayMs } from '@gatecast/webcaster/internal/broadcast/reopen-delay';

function failure(code: ErrorCode, retryable: boolean, retryAfterMs?: number): GatecastError {
  return new GatecastError(code, 'It failed.', { hint: 'None.', retryable, retryAfterMs });
}

const first = { attempt: 1, isReconnect: true, remainingMs: 60_000, random: 0.5 };

describe('reopenDelayMs', () => {
  it('backs off with jitter, but never for longer than five seconds', () => {
    const error = failure('ingest-unreachable', true);
    assert.equal(reopenDelayMs({ ...first, error }), 500);
    assert.equal(reopenDelayMs({ ...first, error, attempt: 3 }), 2000);
    assert.equal(reopenDelayMs({ ...first, error, attempt: 30, random: 0.99 }), 5000);
    assert.equal(reopenDelayMs({ ...first, error, random: 0 }), 200);
  });

  it('waits for Retry-After beyond that limit', () => {
    const error = failure('ingest-failed', true, 12_000);
    assert.equal(reopenDelayMs({ ...first, error }), 12_500);
  });

  it('ends when the remaining time is shorter than the wait', () => {
    const error = failure('ingest-failed', true, 12_000);
    assert.equal(reopenDelayMs({ ...first, error, remainingMs: 10_000 }), null);
  });

  it('does not retry final errors', () => {
    assert.equal(reopenDelayMs({ ...first, error: failure('ingest-not-found', false) }), null);
  });

  it('retries a conflict after a lost connection, but not at the start', () => {
    const error = failure('ingest-conflict', false);
    assert.equal(reopenDelayMs({ ...first, error }), 500);
    assert.equal(reopenDelayMs({ ...first, error, isReconnect: false }), null);
  });

  it('retries a failed vendor script after a lost connection, but not at the start', () => {
    const error = failure('vendor-script-failed', true);
    assert.equal(reopenDelayMs({ ...first, error }), 500);
    assert.equal(reopenDelayMs({ ...first, error, isReconnect: false }), null);
  });
});
