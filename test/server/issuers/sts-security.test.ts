import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  explainStsOptions,
  stsSecurityIssuer,
  type IssueRequest,
  type TokenRestrictions,
} from '@gatecast/server';
import { ask, common, countingFetch, NOW_MS, problemOf } from '../support/vendor-fixture.js';

const stsUrl = 'http://vendor.test/secure/token';

describe('stsSecurityIssuer', () => {
  it('gets a security object of strings for a stream name', async () => {
    const { calls, fetch } = countingFetch();
    const issuer = stsSecurityIssuer({ ...common, fetch, url: stsUrl });
    const { security, expiresAt } = await ask(issuer, { ttlSeconds: 300, restrictions: { tag: 'vip' } });
    assert.ok(security);
    assert.ok(Object.values(security).every((value) => typeof value === 'string'));
    assert.equal(security.expires, String(NOW_MS / 1000 + 300));
    assert.equal(expiresAt, NOW_MS / 1000 + 300);
    assert.deepEqual(explainStsOptions(security.options ?? '').restrictions, ['expires', 'tag']);
    assert.equal(typeof calls[0]?.body['expires'], 'string');
  });

  it('gets one for the organisation, restricted to an IP address and referer', async () => {
    const { calls, fetch } = countingFetch();
    const restrictions = { referer: 'www.example.com.', ip: '2001:db8::1' };
    const { security } = await ask(
      stsSecurityIssuer({ ...common, fetch, url: stsUrl, orga: 'hash', restrictions }),
    );
    assert.deepEqual(explainStsOptions(security?.options ?? '').restrictions, [
      'expires',
      'ip',
      'referer',
      'orga',
    ]);
    assert.equal('streamname' in (calls[0]?.body ?? {}), false);
  });

  const wrong: [string, IssueRequest['grant'], RegExp][] = [
    ['a lifetime over 365 days', { ttlSeconds: 31_536_001 }, /ttlSeconds/],
    ...(
      [
        [{ referer: 'https://example.com' }, /scheme/],
        [{ referer: 'example.com/path' }, /path/],
        [{ referer: 'example.com:8080' }, /port/],
        [{ referer: '*.example.com' }, /wildcard/],
        [{ referer: 'localhost' }, /top-level/],
        [{ referer: '192.168.1.1' }, /digits/],
        [{ referer: '-a.example.com' }, /label/],
        [{ referer: `${'a'.repeat(64)}.com` }, /label/],
        [{ referer: `${'a.'.repeat(130)}com` }, /253/],
        [{ referer: '' }, /253/],
        [{ ip: '300.1.1.1' }, /IPv4/],
        [{ ip: '::1]/' }, /IPv6/],
        [{ tag: 'a\nb' }, /control/],
      ] satisfies [TokenRestrictions, RegExp][]
    ).map(([restrictions, message]): [string, IssueRequest['grant'], RegExp] => [
      JSON.stringify(restrictions).slice(0, 60),
      { restrictions },
      message,
    ]),
  ];
  for (const [what, grant, message] of wrong) {
    it(`refuses ${what} without a request, and names the option to change`, async () => {
      const { calls, fetch } = countingFetch();
      await assert.rejects(ask(stsSecurityIssuer({ ...common, fetch, url: stsUrl }), grant), { message });
      assert.equal(calls.length, 0);
    });
  }

  it('ends with the claim exp of the grant, and refuses other claims without a request', async () => {
    const { calls, fetch } = countingFetch();
    const issuer = stsSecurityIssuer({ ...common, fetch, url: stsUrl });
    const exp = NOW_MS / 1000 + 20;
    assert.equal((await ask(issuer, { claims: { exp } })).security?.expires, String(exp));
    assert.equal((await ask(issuer, { ttlSeconds: 600, expiresAt: exp })).expiresAt, exp);
    const problem = await problemOf(ask(issuer, { claims: { nbf: exp - 10 } }));
    assert.equal(problem.code, 'issuer-parameter-invalid');
    assert.equal(calls.length, 2);
  });

  describe('with ttlSeconds: vendor-default', () => {
    const endless = { ...common, url: stsUrl, ttlSeconds: 'vendor-default' } as const;

    it('requests no end if the grant sets none, and omits empty members', async () => {
      const { calls, fetch } = countingFetch();
      const { security, expiresAt } = await ask(
        stsSecurityIssuer({ ...endless, fetch, restrictions: { ip: '192.0.2.7' } }),
      );
      assert.deepEqual(calls[0]?.body, { streamname: 'XXXXX-YYYYY', ip: '192.0.2.7' });
      assert.deepEqual(Object.keys(security ?? {}), ['token', 'options']);
      assert.equal(security?.options, '2');
      assert.equal(expiresAt, null);
    });

    const end = NOW_MS / 1000 + 300;
    for (const [what, grant] of [
      ['a lifetime', { ttlSeconds: 300 }],
      ['an end', { expiresAt: end }],
      ['the claim exp', { claims: { exp: end } }],
    ] as const) {
      it(`requests the end of a grant with ${what}`, async () => {
        const { calls, fetch } = countingFetch();
        assert.equal((await ask(stsSecurityIssuer({ ...endless, fetch }), grant)).expiresAt, end);
        assert.equal(calls[0]?.body['expires'], String(end));
      });
    }

    it('requests a token for each call, whatever reuseFraction says', async () => {
      const { calls, fetch } = countingFetch();
      const issuer = stsSecurityIssuer({ ...endless, fetch, reuseFraction: 0.9 });
      for (let count = 0; count < 2; count += 1) await ask(issuer);
      assert.equal(calls.length, 2);
    });
  });

  for (const [what, change] of [
    ['a later end than requested', { expires: String(NOW_MS / 1000 + 86_400) }],
    ['an end in the past', { expires: '1591747200' }],
    ['another tag than requested', { tag: 'other' }],
  ] as const) {
    it(`refuses a security object with ${what}`, async () => {
      const fetch = (_: unknown, { body }: RequestInit = {}) => {
        const { tag, expires } = JSON.parse(body as string) as Record<string, string>;
        const security = { token: 'a'.repeat(20), options: '9', tag, expires, ...change };
        return Promise.resolve(Response.json({ h5live: { security } }));
      };
      const issuer = stsSecurityIssuer({ ...common, fetch, url: stsUrl, restrictions: { tag: 'mine' } });
      assert.equal((await problemOf(ask(issuer))).code, 'vendor-failed');
    });
  }

  it('refuses a security object without the end that was requested', async () => {
    for (const expires of ['"expires": "",', '']) {
      const fetch = async () =>
        new Response(`{ "h5live": { "security": { ${expires} "token": "t", "options": "8" } } }`);
      const problem = await problemOf(ask(stsSecurityIssuer({ ...common, fetch, url: stsUrl })));
      assert.equal(problem.code, 'vendor-failed');
    }
  });
});

describe('explainStsOptions', () => {
  for (const [options, restrictions, target] of [
    ['9', ['expires', 'tag'], 'streamname'],
    ['25', ['expires', 'tag', 'orga'], 'orga'],
    [2, ['ip'], 'streamname'],
    ['12', ['referer', 'tag'], 'streamname'],
    [0, [], 'streamname'],
  ] as const) {
    it(`reads ${options} as ${restrictions.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(explainStsOptions(options), { restrictions, target, unknownBits: 0 });
    });
  }

  it('reports unknown bits, and refuses values that are not a bit mask', () => {
    assert.equal(explainStsOptions(33).unknownBits, 32);
    for (const options of ['', '-1', 'x', 1.5]) assert.throws(() => explainStsOptions(options), TypeError);
  });
});
