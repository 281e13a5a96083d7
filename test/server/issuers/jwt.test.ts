import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createKeySet, generateSigningKey, jwtIssuer, Problem, type IssueRequest } from '@gatecast/server';
import { decodeJwt, decodeProtectedHeader } from 'jose';

const NOW_SECONDS = 1_708_457_000;
const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k1' });
const options = { keys: createKeySet([key]), now: () => NOW_SECONDS * 1000 + 700 };
const request = (grant: IssueRequest['grant'] = {}): IssueRequest => ({
  purpose: 'playback',
  stream: 'abc',
  grant,
});

describe('jwtIssuer', () => {
  it('signs sub, aud and exp with the kid of the key, for five minutes by default', async () => {
    const { token = '', expiresAt } = await jwtIssuer(options).issue(request());
    assert.deepEqual(decodeProtectedHeader(token), { alg: 'ES256', kid: 'k1', typ: 'JWT' });
    assert.deepEqual(decodeJwt(token), { sub: 'abc', aud: 'v', exp: NOW_SECONDS + 300 });
    assert.equal(expiresAt, NOW_SECONDS + 300);
  });

  it('adds iss and the claims that include names, and returns the jti', async () => {
    const issuer = jwtIssuer({ ...options, issuer: 'https://me.test', include: ['iat', 'nbf', 'jti'] });
    const { token = '', tokenId } = await issuer.issue(request());
    const { iss, iat, nbf, jti } = decodeJwt(token);
    assert.deepEqual({ iss, iat, nbf }, { iss: 'https://me.test', iat: NOW_SECONDS, nbf: NOW_SECONDS });
    assert.equal(typeof jti, 'string');
    assert.ok(jti === tokenId);
  });

  it('takes lifetime and claims from the grant, but not the stream', async () => {
    const issuer = jwtIssuer({ ...options, claims: { tier: 'free', plan: 'a' } });
    const { token = '' } = await issuer.issue(
      request({ ttlSeconds: 10, claims: { tier: 'pro', sub: 'other' } }),
    );
    assert.deepEqual(decodeJwt(token), {
      sub: 'abc',
      aud: 'v',
      exp: NOW_SECONDS + 10,
      tier: 'pro',
      plan: 'a',
    });
  });

  it('refuses lifetimes and time claims that are not in seconds', async () => {
    assert.throws(() => jwtIssuer({ ...options, ttlSeconds: 0.5 }), /whole number of seconds/);
    const issuer = jwtIssuer(options);
    await assert.rejects(issuer.issue(request({ claims: { exp: Date.now() } })), /looks like milliseconds/);
    await assert.rejects(issuer.issue(request({ claims: { nbf: '1' } })), /number of seconds since 1970/);
  });

  it('refuses a restriction that it cannot apply', async () => {
    for (const restrictions of [{ ip: '192.0.2.1' }, { referer: 'example.com' }]) {
      const error: unknown = await jwtIssuer(options)
        .issue(request({ restrictions }))
        .catch((reason: unknown) => reason);
      assert.ok(error instanceof Problem);
      assert.equal(error.code, 'issuer-parameter-invalid');
    }
  });
});
