import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { webcasterJwtIssuer } from '@gatecast/server';
import { decodeJwt } from 'jose';
import { fakeJwt } from '../../support/jwt.js';
import { ask, common, countingFetch, NOW_MS, problemOf } from '../support/vendor-fixture.js';

const webcasterUrl = 'http://vendor.test/webcaster';
const ingestUrl = 'rtmp://ingest.test/live';

describe('webcasterJwtIssuer', () => {
  it('gets a token with the documented claims, and the service verifies it', async () => {
    const { calls, fetch } = countingFetch();
    const issuer = webcasterJwtIssuer({ ...common, fetch, url: webcasterUrl, ingestUrl });
    const { token = '', expiresAt } = await ask(issuer, { ttlSeconds: 600 });
    assert.equal(expiresAt, NOW_MS / 1000 + 600);
    assert.deepEqual(Object.keys(decodeJwt(token)).sort(), [
      'exp',
      'iat',
      'ingesturl',
      'iss',
      'nbf',
      'streamname',
    ]);
    assert.deepEqual(calls[0]?.body, { streamname: 'XXXXX-YYYYY', ingesturl: ingestUrl, exp: expiresAt });
    assert.equal((await issuer.verify(token))['streamname'], 'XXXXX-YYYYY');
    assert.equal((await problemOf(issuer.verify('eyJ.e.e'))).code, 'token-invalid');
  });

  it('refuses an ingest URL that is not RTMP, without a request', async () => {
    const { calls, fetch } = countingFetch();
    const issuer = webcasterJwtIssuer({
      ...common,
      fetch,
      url: webcasterUrl,
      ingestUrl: 'https://ingest.test',
    });
    const problem = await problemOf(ask(issuer));
    assert.equal(problem.code, 'issuer-parameter-invalid');
    assert.match(problem.message, /ingestUrl/);
    assert.equal(calls.length, 0);
  });

  it('leaves the end to the service with vendor-default, unless the grant sets one', async () => {
    const { calls, fetch } = countingFetch();
    const options = { ...common, fetch, url: webcasterUrl, ingestUrl } as const;
    const issuer = webcasterJwtIssuer({ ...options, ttlSeconds: 'vendor-default' });
    assert.equal((await ask(issuer)).expiresAt, NOW_MS / 1000 + 604_800);
    assert.equal('exp' in (calls[0]?.body ?? {}), false);
    assert.equal((await ask(issuer, { ttlSeconds: 60 })).expiresAt, NOW_MS / 1000 + 60);
  });

  it('refuses a token without an end that the request named none for', async () => {
    const token = fakeJwt({ streamname: 'XXXXX-YYYYY' });
    const fetch = async () => new Response(JSON.stringify({ success: true, data: { token } }));
    const options = { ...common, fetch, url: webcasterUrl, ingestUrl } as const;
    const issuer = webcasterJwtIssuer({ ...options, ttlSeconds: 'vendor-default' });
    assert.equal((await problemOf(ask(issuer))).code, 'vendor-failed');
  });

  it('ends with the claim exp of the grant, and refuses other claims without a request', async () => {
    const { calls, fetch } = countingFetch();
    const issuer = webcasterJwtIssuer({ ...common, fetch, url: webcasterUrl, ingestUrl });
    const exp = NOW_MS / 1000 + 20;
    assert.equal((await ask(issuer, { claims: { exp } })).expiresAt, exp);
    assert.equal((await ask(issuer, { ttlSeconds: 600, expiresAt: exp })).expiresAt, exp);
    const problem = await problemOf(ask(issuer, { claims: { exp, plan: 'gold' } }));
    assert.equal(problem.code, 'issuer-parameter-invalid');
    assert.equal(calls.length, 2);
  });
});
