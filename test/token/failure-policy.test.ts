import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, outlook, type ErrorCode, type FailureHistory } from '@gatecast/token';
import { freshTokenRejected } from '../../packages/token/src/errors.js';

const of = (code: ErrorCode, history: FailureHistory, retryable = false): string =>
  outlook(new GatecastError(code, 'It failed.', { hint: 'Change it.', retryable }), history);

describe('outlook', () => {
  it('says that what a server answers passes once it has worked', () => {
    const codes: ErrorCode[] = [
      'source-not-found',
      'source-not-hls',
      'source-invalid',
      'source-too-large',
      'source-failed',
      'token-endpoint-failed',
      'token-response-invalid',
      'token-unchanged',
      'token-expired',
      'ingest-not-found',
      'ingest-refused',
      'ingest-response-invalid',
    ];
    for (const code of codes) {
      assert.equal(of(code, { hasWorked: true }), 'passes', code);
      assert.equal(of(code, { hasWorked: false }), 'final', code);
      assert.equal(of(code, { hasWorked: false }, true), 'passes', `${code} that is retryable`);
    }
  });

  it('says that only the page can change its options, its browser and its permissions', () => {
    const codes: ErrorCode[] = [
      'option-invalid',
      'codec-unsupported',
      'engine-unsupported',
      'token-refused',
      'token-source-missing',
      'permission-denied',
      'source-origin-not-allowed',
    ];
    for (const code of codes) {
      assert.equal(of(code, { hasWorked: true, mayStartLater: true }, true), 'final', code);
    }
  });

  it('waits for an origin that does not know the key of a new token yet', () => {
    const { code, retryable } = freshTokenRejected('demo', 403);
    assert.equal(of(code, { hasWorked: false }, retryable), 'passes');
  });

  it('waits for a stream that may start later, not for an answer of another form', () => {
    assert.equal(of('source-not-found', { hasWorked: false, mayStartLater: true }), 'passes');
    assert.equal(of('source-not-hls', { hasWorked: false, mayStartLater: true }), 'final');
  });
});
