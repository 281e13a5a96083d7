import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createKeySet, generateSigningKey, ingestJwtIssuer, Problem } from '@gatecast/server';
import { decodeJwt } from 'jose';

const NOW_SECONDS = 1_708_457_000;
const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k1' });
const options = { keys: createKeySet([key]), now: () => NOW_SECONDS * 1000 };
const request = { purpose: 'ingest', stream: 'abc', grant: {} } as const;

describe('ingestJwtIssuer', () => {
  it('signs for the audience "ingest", with iat and nbf', async () => {
    const { token = '' } = await ingestJwtIssuer(options).issue(request);
    assert.deepEqual(decodeJwt(token), {
      sub: 'abc',
      aud: 'ingest',
      exp: NOW_SECONDS + 300,
      iat: NOW_SECONDS,
      nbf: NOW_SECONDS,
    });
  });

  it('adds the claims of the Webcaster with ingestUrl', async () => {
    for (const ingestUrl of ['rtmp://ingest.test/live', () => 'rtmp://ingest.test/live']) {
      const { token = '' } = await ingestJwtIssuer({ ...options, ingestUrl }).issue(request);
      const { ingesturl, streamname } = decodeJwt(token);
      assert.deepEqual(
        { ingesturl, streamname },
        { ingesturl: 'rtmp://ingest.test/live', streamname: 'abc' },
      );
    }
  });

  it('has its name in the message when it refuses a restriction', async () => {
    const error: unknown = await ingestJwtIssuer(options)
      .issue({ ...request, grant: { restrictions: { ip: '192.0.2.1' } } })
      .catch((reason: unknown) => reason);
    assert.ok(error instanceof Problem);
    assert.match(error.message, /^ingestJwtIssuer/);
  });
});
