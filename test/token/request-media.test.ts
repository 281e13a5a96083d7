import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Authorizer, GatecastError, requestMedia } from '@gatecast/token';

const URL_OF_SEGMENT = 'https://media.example/live/7.ts';

/** The error of a request without a token that is answered with a status. */
async function errorOf(
  status: number,
  headers: Record<string, string> = {},
  responseType: 'arraybuffer' | 'text' = 'arraybuffer',
): Promise<GatecastError> {
  const authorizer = new Authorizer({
    tokens: {
      get: () => Promise.reject(new Error('not used')),
      peek: () => null,
      rejected: () => Promise.reject(new Error('not used')),
      accepted: () => undefined,
    },
    placement: { kind: 'none' },
    origins: [],
  });
  const error: unknown = await requestMedia(
    authorizer,
    { url: URL_OF_SEGMENT, stream: 's', responseType },
    {
      signal: new AbortController().signal,
      fetch: () => Promise.resolve(new Response('', { status, headers })),
    },
  ).catch((reason: unknown) => reason);
  assert.ok(error instanceof GatecastError);
  return error;
}

describe('a media request that the origin answers with an error', () => {
  it('has the Retry-After of the answer, given in seconds', async () => {
    const error = await errorOf(503, { 'Retry-After': '7' });
    assert.equal(error.code, 'source-failed');
    assert.equal(error.status, 503);
    assert.equal(error.retryAfterMs, 7000);
  });

  it('has the Retry-After of the answer, given as a date of the server', async () => {
    const error = await errorOf(429, {
      Date: 'Sat, 28 Nov 2026 12:00:00 GMT',
      'Retry-After': 'Sat, 28 Nov 2026 12:00:09 GMT',
    });
    assert.equal(error.retryAfterMs, 9000);
  });

  it('has the Retry-After of a playlist or segment that is not there yet', async () => {
    const error = await errorOf(404, { 'Retry-After': '2' });
    assert.equal(error.code, 'source-not-found');
    assert.equal(error.retryAfterMs, 2000);
  });

  it('passes if it is a segment or key that a playlist names, and not for a playlist', async () => {
    assert.equal((await errorOf(404)).retryable, true);
    assert.equal((await errorOf(410)).retryable, true);
    assert.equal((await errorOf(404, {}, 'text')).retryable, false);
  });

  it('counts 425 as passing, like 408, 429 and 5xx', async () => {
    const isRetryable = await Promise.all(
      [400, 408, 425, 429, 500, 503].map(async (status) => (await errorOf(status)).retryable),
    );
    assert.deepEqual(isRetryable, [false, true, true, true, true, true]);
  });
});
