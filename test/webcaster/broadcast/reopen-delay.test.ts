import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, type ErrorCode } from '@gatecast/token';
import { reopenDelayMs } from '@gatecast/webcaster/internal/broadcast/reopen-delay';
import { ingestError } from '@gatecast/webcaster/internal/publisher/whip/whip-errors';

function failure(code: ErrorCode, retryable: boolean, retryAfterMs?: number): GatecastError {
  return new GatecastError(code, 'It failed.', { hint: 'None.', retryable, retryAfterMs });
}

const first = { attempt: 1, isReconnect: true, remainingMs: 60_000, random: 0.5 };

describe('reopenDelayMs', () => {
  it('backs off with jitter, but never for longer than four seconds', () => {
    const error = failure('ingest-unreachable', true);
    assert.equal(reopenDelayMs({ ...first, error }), 750);
    assert.equal(reopenDelayMs({ ...first, error, attempt: 2 }), 1500);
    assert.equal(reopenDelayMs({ ...first, error, attempt: 30, random: 0 }), 2500);
    assert.ok((reopenDelayMs({ ...first, error, attempt: 30, random: 0.99 }) ?? 0) < 4000);
  });

  it('asks a token endpoint less often than an ingest', () => {
    const error = failure('token-endpoint-failed', true);
    assert.equal(reopenDelayMs({ ...first, error, attempt: 3 }), 5000);
  });

  it('waits for Retry-After beyond that limit', () => {
    const error = failure('ingest-failed', true, 12_000);
    assert.equal(reopenDelayMs({ ...first, error }), 12_500);
  });

  it('ends when the remaining time is shorter than the wait', () => {
    const error = failure('ingest-failed', true, 12_000);
    assert.equal(reopenDelayMs({ ...first, error, remainingMs: 10_000 }), null);
  });

  const refusals = [
    'ingest-not-found',
    'ingest-refused',
    'ingest-response-invalid',
    'token-rejected',
    'device-not-found',
  ] as const;
  for (const code of refusals) {
    it(`retries ${code} after a lost connection, but not at the start`, () => {
      const error = failure(code, false);
      assert.equal(reopenDelayMs({ ...first, error }), 750);
      assert.equal(reopenDelayMs({ ...first, error, isReconnect: false }), null);
    });
  }

  it('retries a conflict also at the start, because an old session ends in seconds', () => {
    const error = ingestError(new Response(null, { status: 409 }));
    assert.equal(reopenDelayMs({ ...first, error }), 750);
    assert.equal(reopenDelayMs({ ...first, error, isReconnect: false }), 750);
  });

  it('retries a failed vendor script after a lost connection, but not at the start', () => {
    const error = failure('vendor-script-failed', true);
    assert.equal(reopenDelayMs({ ...first, error }), 750);
    assert.equal(reopenDelayMs({ ...first, error, isReconnect: false }), null);
  });

  for (const code of ['codec-unavailable', 'settings-invalid', 'permission-denied'] as const) {
    it(`does not retry ${code}, which only the page or its user can change`, () => {
      assert.equal(reopenDelayMs({ ...first, error: failure(code, false) }), null);
    });
  }

  it('does not retry a token endpoint that refuses the user again and again', () => {
    assert.equal(reopenDelayMs({ ...first, error: failure('token-refused', false), attempt: 10 }), null);
  });
});
