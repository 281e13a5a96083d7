import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { playbackJwtIssuer } from '@gatecast/server';
import { decodeJwt } from 'jose';
import { createFakeVendor } from '../../../demo/backend/fake-vendor/fake-vendor.js';
import { API_KEY, ask, common, countingFetch, now, NOW_MS, problemOf } from '../support/vendor-fixture.js';

const splayUrl = 'http://vendor.test/api/v1/splay';

describe('playbackJwtIssuer', () => {
  it('gets a jwtoken for the stream by default, verified by the service', async () => {
    const { calls, fetch } = countingFetch();
    const issuer = playbackJwtIssuer({ ...common, fetch, url: splayUrl });
    const restrictions = { referer: 'example.com', ip: '127.0.0.1', tag: 't' };
    const { security, expiresAt } = await ask(issuer, { claims: { nbf: NOW_MS / 1000 }, restrictions });
    assert.deepEqual(calls[0]?.body, {
      streams: ['XXXXX-YYYYY'],
      nbf: NOW_MS / 1000,
      domain: 'example.com',
      ip: '127.0.0.1',
      tag: 't',
      exp: NOW_MS / 1000 + 300,
    });
    assert.equal(expiresAt, NOW_MS / 1000 + 300);
    assert.deepEqual((await issuer.verify(security?.jwtoken ?? ''))['streams'], ['XXXXX-YYYYY']);
  });

  it('requests tokens for a group or organisation, and binds the user with bindUser', async () => {
    for (const target of [{ groupid: 'g' }, { orgawide: true }] as const) {
      const { calls, fetch } = countingFetch();
      const options = {
        ...common,
        fetch,
        url: splayUrl,
        target: () => target,
        bindUser: true,
        answerAs: 'token',
      } as const;
      assert.ok((await ask(playbackJwtIssuer(options), {}, 'u1')).token);
      assert.deepEqual(calls[0]?.body, { ...target, user: 'u1', exp: NOW_MS / 1000 + 300 });
    }
  });

  it('refuses two targets, two credentials and nbf after exp', async () => {
    const { calls, fetch } = countingFetch();
    const two = { groupid: 'g', orgawide: true } as const;
    await assert.rejects(
      ask(playbackJwtIssuer({ ...common, fetch, url: splayUrl, target: () => two })),
      /exactly one/,
    );
    assert.throws(() => playbackJwtIssuer({ ...common, bintuToken: 't' }), /exactly one/);
    assert.throws(() => playbackJwtIssuer({ now }), /exactly one/);
    const late = { claims: { nbf: NOW_MS / 1000 + 400 } };
    assert.match(
      (await problemOf(ask(playbackJwtIssuer({ ...common, fetch, url: splayUrl }), late))).message,
      /nbf/,
    );
    assert.equal(calls.length, 0);
  });

  it('has different codes for an expired and an invalid token', async () => {
    let nowMs = NOW_MS;
    const service = createFakeVendor({ apiKey: API_KEY, now: () => nowMs });
    const fetch = async (input: RequestInfo | URL, init?: RequestInit) =>
      service.request(input instanceof Request ? input.url : input, init);
    const issuer = playbackJwtIssuer({ ...common, fetch, url: splayUrl });
    const { security } = await ask(issuer, { ttlSeconds: 10 });
    nowMs += 11_000;
    const ended = await problemOf(issuer.verify(security?.jwtoken ?? ''));
    assert.deepEqual([ended.code, ended.vendorCode], ['token-expired', 1002]);
    assert.equal((await problemOf(issuer.verify('no token'))).code, 'token-invalid');
  });

  for (const status of [401, 404]) {
    it(`does not take ${status} of the verify request for an answer about the token`, async () => {
      const fetch = () => Promise.resolve(Response.json({ success: false }, { status }));
      const issuer = playbackJwtIssuer({ ...common, fetch, url: splayUrl });
      assert.equal((await problemOf(issuer.verify('a.b.c'))).code, 'vendor-refused');
    });
  }

  it('reports a wrong API key as a problem with the vendor’s code', async () => {
    const { calls, fetch } = countingFetch();
    const problem = await problemOf(
      ask(playbackJwtIssuer({ now, fetch, url: splayUrl, apiKey: `${API_KEY}x` })),
    );
    assert.deepEqual([problem.code, problem.status, problem.vendorCode], ['vendor-refused', 502, 1001]);
    assert.equal(calls.length, 1, 'a refusal was retried');
  });

  it('ends with the claim exp of the grant, and refuses other claims and a missing user without a request', async () => {
    const { calls, fetch } = countingFetch();
    const options = { ...common, fetch, url: splayUrl };
    const exp = NOW_MS / 1000 + 20;
    assert.equal((await ask(playbackJwtIssuer(options), { claims: { exp } })).expiresAt, exp);
    assert.equal((await ask(playbackJwtIssuer(options), { ttlSeconds: 600, expiresAt: exp })).expiresAt, exp);
    const claims = await problemOf(ask(playbackJwtIssuer(options), { claims: { plan: 'gold' } }));
    const user = await problemOf(ask(playbackJwtIssuer({ ...options, bindUser: true })));
    for (const problem of [claims, user]) assert.equal(problem.code, 'issuer-parameter-invalid');
    assert.match(claims.message, /"plan"/);
    assert.match(user.message, /bindUser/);
    assert.equal(calls.length, 2);
  });

  it('sends revocable, forceDisconnect and cust, from an option or a function of the request', async () => {
    const { calls, fetch } = countingFetch();
    const options = { ...common, fetch, url: splayUrl, revocable: true, forceDisconnect: true } as const;
    const { security } = await ask(playbackJwtIssuer({ ...options, cust: 'shop 7' }));
    await ask(playbackJwtIssuer({ ...options, cust: ({ user }) => user }), {}, 'u1');
    await ask(playbackJwtIssuer({ ...options, cust: ({ user }) => user }));
    const flags = { streams: ['XXXXX-YYYYY'], revocable: true, forceDisconnect: true };
    assert.deepEqual(
      calls.map(({ body: { exp: _, ...body } }) => body),
      [{ ...flags, cust: 'shop 7' }, { ...flags, cust: 'u1' }, flags],
    );
    const { revocable, forceDisconnect, cust } = decodeJwt(security?.jwtoken ?? '');
    assert.deepEqual([revocable, forceDisconnect, cust], [true, true, 'shop 7']);
  });

  it('revokes a token at the service, and does not give it to anyone again', async () => {
    const { calls, fetch } = countingFetch();
    const options = { ...common, fetch, url: splayUrl, revocable: true, reuseFraction: 0.9 };
    const issuer = playbackJwtIssuer(options);
    const token = (await ask(issuer)).security?.jwtoken ?? '';
    assert.equal((await ask(issuer)).security?.jwtoken, token, 'the token is shared');
    await issuer.revoke(token);
    assert.deepEqual(calls.at(-1)?.body, { token });
    assert.equal(calls.at(-1)?.url, `${splayUrl}/revoke`);
    assert.equal((await problemOf(issuer.verify(token))).code, 'token-invalid');
    const count = calls.length;
    await ask(issuer);
    assert.equal(calls.length, count + 1, 'the next viewer gets another token');
  });

  it('passes on that the service does not revoke a token', async () => {
    const { fetch } = countingFetch();
    const issuer = playbackJwtIssuer({ ...common, fetch, url: splayUrl });
    const { security } = await ask(issuer);
    const problem = await problemOf(issuer.revoke(security?.jwtoken ?? ''));
    assert.deepEqual([problem.code, problem.vendorCode], ['vendor-refused', 1000]);
  });

  it('refuses a revocable token for more than 24 hours without a request', async () => {
    const { calls, fetch } = countingFetch();
    const issuer = playbackJwtIssuer({ ...common, fetch, url: splayUrl, revocable: true });
    assert.ok(await ask(issuer, { ttlSeconds: 86_400 }));
    const problem = await problemOf(ask(issuer, { ttlSeconds: 86_401 }));
    assert.equal(problem.code, 'issuer-parameter-invalid');
    assert.match(problem.message, /24 hours/);
    assert.equal(calls.length, 1);
  });

  it('leaves the end to the service with vendor-default, unless the grant sets one', async () => {
    const { calls, fetch } = countingFetch();
    const issuer = playbackJwtIssuer({ ...common, fetch, url: splayUrl, ttlSeconds: 'vendor-default' });
    assert.equal((await ask(issuer)).expiresAt, NOW_MS / 1000 + 86_400);
    assert.equal('exp' in (calls[0]?.body ?? {}), false);
    assert.equal((await ask(issuer, { ttlSeconds: 60 })).expiresAt, NOW_MS / 1000 + 60);
  });

  it('does not share a token with a grant that ends earlier', async () => {
    const { calls, fetch } = countingFetch();
    const issuer = playbackJwtIssuer({ ...common, fetch, url: splayUrl, reuseFraction: 0.5 });
    const expiresAt = NOW_MS / 1000 + 20;
    const ends = [await ask(issuer), await ask(issuer, { expiresAt }), await ask(issuer)];
    assert.deepEqual(
      ends.map((each) => each.expiresAt),
      [expiresAt + 280, expiresAt, expiresAt + 280],
    );
    assert.equal(calls.length, 2);
  });
});
