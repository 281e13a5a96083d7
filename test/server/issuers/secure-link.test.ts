import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { ownEnds } from '@gatecast/contract';
import { secureLinkIssuer, type SecureLinkIssuerOptions } from '@gatecast/server';
import { codeOf, issue, now, NOW_SECONDS, schemeOf } from '../support/scheme-kit.js';

const secret = 'mySharedSecret';
const path = '/live/{stream}/';
const end = NOW_SECONDS + 300;
const ip = '192.0.2.7';
const bound = { restrictions: { ip } };

type Server = SecureLinkIssuerOptions['preset'];
const servers = ['nginx', 'wowza', 'flussonic', 'nimble'] as const;
/** Without a check of the viewer's address, where the server has such a setting. */
const unbound = { nginx: {}, wowza: {}, flussonic: { clientIp: false } } as const;

const issuerOf = (preset: Server, own: object = {}) =>
  secureLinkIssuer({ preset, secret, path, now, ...own });
const kit = (preset: Server, own: object = {}) =>
  schemeOf({ type: 'secure-link', preset, path, secret: { env: 'SECRET' }, ...own }, { SECRET: secret });
const at = (query: Readonly<Record<string, string>> = {}, folder = '/live/abc/') => {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  return new Request(`https://media.example.com${folder}low/1.ts?${pairs.join('&')}`);
};
const hash = (algorithm: string, text: string, encoding: 'base64' | 'base64url' | 'hex') =>
  createHash(algorithm).update(text).digest(encoding);

describe('secureLinkIssuer', () => {
  it('writes the MD5 of the expression for nginx', async () => {
    const { query, expiresAt } = await issue(issuerOf('nginx'));
    const md5 = hash('md5', `${String(end)}/live/abc/ ${secret}`, 'base64url');
    assert.deepEqual({ query, expiresAt }, { query: { md5, expires: String(end) }, expiresAt: end });
  });

  it('writes the hash of the documented example of Wowza', async () => {
    const issuer = secureLinkIssuer({
      preset: 'wowza',
      secret,
      path: '/vod/{stream}/',
      prefix: 'myTokenPrefix',
      parameters: { CustomParameter: 'abcdef' },
      startTime: true,
      clientIp: true,
      now: () => 1_395_230_400_000,
    });
    const grant = { expiresAt: 1_500_000_000, ttlSeconds: 31_536_000, restrictions: { ip: '192.168.1.2' } };
    const short = await issue(issuer, 'sample.mp4', grant);
    assert.equal(short.expiresAt, 1_395_230_400 + 31_536_000);
    const { query } = await issue(issuer, 'sample.mp4', { ...grant, claims: { exp: 1_500_000_000 } });
    assert.deepEqual(query, {
      myTokenPrefixCustomParameter: 'abcdef',
      myTokenPrefixstarttime: '1395230400',
      myTokenPrefixendtime: '1500000000',
      myTokenPrefixhash: 'TgJft5hsjKyC5Rem_EoUNP7xZvxbqVPhhd0GxIcA2oo=',
    });
  });

  it('writes hash, salt, end and start for Flussonic', async () => {
    const { query } = await issue(issuerOf('flussonic'), 'abc', bound);
    const [digest, salt = '', ...times] = query?.['token']?.split('-') ?? [];
    assert.deepEqual(times, [String(end), String(NOW_SECONDS - 300)]);
    const text = `live/abc${ip}${String(NOW_SECONDS - 300)}${String(end)}${secret}${salt}`;
    assert.equal(digest, hash('sha1', text, 'hex'));
    const again = await issue(issuerOf('flussonic'), 'abc', bound);
    assert.notEqual(again.query?.['token'], query?.['token']);
  });

  it('writes the signature for Nimble, which ends on the second', async () => {
    const { query, expiresAt } = await issue(issuerOf('nimble', { ttlSeconds: 90 }), 'abc', bound);
    const time = '2/20/2024 7:22:50 PM';
    const digest = hash('md5', `${ip}${secret}${time}2live/abc`, 'base64');
    assert.equal(
      atob(query?.['wmsAuthSign'] ?? ''),
      `server_time=${time}&hash_value=${digest}&validminutes=2&strm_len=8`,
    );
    assert.equal(expiresAt, NOW_SECONDS + 90);
  });

  it('has an end that the client reads from the token itself, also in the entry address', async () => {
    const url = 'https://media.example.com/live/{stream}/index.m3u8';
    for (const preset of servers) {
      const grant = preset === 'nimble' || preset === 'flussonic' ? bound : {};
      const issued = await issue(issuerOf(preset, { url }), 'abc', grant);
      assert.deepEqual(ownEnds({ query: issued.query ?? {} }), [end], preset);
      assert.deepEqual(ownEnds({ url: issued.url ?? '' }), [end], preset);
    }
  });

  it('takes begin and end from the grant', async () => {
    const grant = { claims: { nbf: NOW_SECONDS - 9 }, expiresAt: NOW_SECONDS + 20 };
    const { query, expiresAt } = await issue(issuerOf('wowza'), 'abc', grant);
    assert.equal(query?.['wowzatokenstarttime'], String(NOW_SECONDS - 9));
    assert.equal(query['wowzatokenendtime'], String(expiresAt));
    assert.equal(expiresAt, NOW_SECONDS + 20);
  });

  it('refuses a grant that a token cannot express', async () => {
    const refused: [Server, object][] = [
      ['nginx', { claims: { nbf: NOW_SECONDS } }],
      ['wowza', { claims: { tier: 'gold' } }],
      ['wowza', { claims: { nbf: end } }],
      ['nginx', bound],
      ['wowza', bound],
      ['flussonic', {}],
      ['nimble', {}],
      ['flussonic', { restrictions: { ip, referer: 'example.com' } }],
    ];
    for (const [preset, grant] of refused)
      assert.equal(await codeOf(issue(issuerOf(preset), 'abc', grant), secret), 'issuer-parameter-invalid');
  });

  it('never lets the name of a stream open another folder', async () => {
    for (const name of ['a/b', '..', '.', 'a\\b', '*', 'a?', 'a\nb', ''])
      assert.equal(await codeOf(issue(issuerOf('nginx'), name)), 'issuer-parameter-invalid', name);
    for (const name of ['a b', 'ä', 'a%2f', 'a&b', 'a?'])
      assert.equal(await codeOf(issue(issuerOf('wowza'), name)), 'issuer-parameter-invalid', name);
  });

  it('refuses options that contradict each other', () => {
    const refused: [Server, object, RegExp][] = [
      ['nginx', { path: '/live/' }, /must contain \{stream\}/],
      ['nginx', { path: '/live/{stream}' }, /ends with/],
      ['nginx', { path: '/live/../{stream}/' }, /ends with/],
      ['nginx', { expression: '$secure_link_expires$uri $secret' }, /\$uri/],
      ['nginx', { expression: '$secure_link_expires $secret' }, /must contain \$path/],
      ['nginx', { expression: '$path$secure_link_expires$remote_addr $secret' }, /separator/],
      ['nginx', { clientIp: true }, /remote_addr/],
      ['nginx', { prefix: 'x' }, /no meaning/],
      ['wowza', { expression: '$path' }, /no meaning/],
      ['wowza', { prefix: 'a b' }, /letters/],
      ['wowza', { parameters: { a: 'b&c' } }, /encoding/],
      ['nimble', { clientIp: false }, /always/],
      ['nginx', { url: 'https://media.example.com/' }, /\{stream\}/],
      ['nginx', { ttlSeconds: 0 }, /whole number/],
    ];
    for (const [preset, own, message] of refused)
      assert.throws(() => issuerOf(preset, own), message, JSON.stringify(own));
  });
});

describe('the secure-link scheme', () => {
  for (const [preset, own] of Object.entries(unbound) as [keyof typeof unbound, object][]) {
    it(`verifies tokens as ${preset} does`, async () => {
      const { query = {} } = await issue(issuerOf(preset, own));
      const { verify } = kit(preset, own);
      assert.deepEqual(await verify(at(query)), { expiresAt: end });
      const name = preset === 'wowza' ? 'wowzatokenhash' : preset === 'nginx' ? 'md5' : 'token';
      const value = query[name] ?? '';
      const other = (value.startsWith('0') ? '1' : '0') + value.slice(1);
      const twice = new Request(`${at(query).url}&${name}=${value}`);
      const refused: [Request, string][] = [
        [at(), 'token-missing'],
        [at(query, '/live/abd/'), 'token-invalid'],
        [at(query, '/vod/abc/'), 'token-wrong-stream'],
        [at(query, '/live/a%ff/'), 'token-wrong-stream'],
        [at({ ...query, [name]: other }), 'token-invalid'],
        [at({ ...query, [name]: '' }), 'token-invalid'],
        [twice, 'token-invalid'],
      ];
      for (const [request, code] of refused)
        assert.equal(await codeOf(verify(request), secret, value), code, request.url.slice(0, 60));
      assert.equal(await codeOf(verify(at(query), end * 1000)), 'token-expired');
    });
  }

  it('refuses a longer end, an earlier use, and a digit that moved from start to name', async () => {
    const { query = {} } = await issue(issuerOf('wowza'));
    const longer = { ...query, wowzatokenendtime: String(end + 60) };
    assert.equal(await codeOf(kit('wowza').verify(at(longer))), 'token-invalid');
    const later = await issue(issuerOf('wowza'), 'abc', { claims: { nbf: NOW_SECONDS + 5 } });
    assert.equal(await codeOf(kit('wowza').verify(at(later.query))), 'token-not-yet-valid');
    const { query: link = {} } = await issue(issuerOf('flussonic', { clientIp: false }));
    const moved = { token: (link['token'] ?? '').replace(/-1(\d{9})$/, '-$1') };
    const verify = kit('flussonic', { clientIp: false }).verify(at(moved, '/live/abc1/'));
    assert.equal(await codeOf(verify), 'token-invalid');
  });

  it('refuses tokens for a viewer’s address, which it does not know', async () => {
    const { query } = await issue(issuerOf('nimble'), 'abc', bound);
    assert.equal(await codeOf(kit('nimble').verify(at(query)), ip, secret), 'token-invalid');
  });

  it('reads tokens of each server, without the hash', async () => {
    const titles = {
      nginx: 'nginx secure_link',
      wowza: 'Wowza SecureToken',
      flussonic: 'Flussonic securetoken',
      nimble: 'Nimble Streamer wmsAuthSign',
    };
    for (const preset of servers) {
      const grant = preset === 'nimble' || preset === 'flussonic' ? bound : {};
      const { query = {} } = await issue(issuerOf(preset), 'abc', grant);
      const reading = kit(preset).inspect(at(query).url);
      assert.equal(reading?.scheme, titles[preset]);
      assert.equal(reading.expiresAt, end);
      assert.deepEqual(reading.warnings, []);
      const digests =
        Object.values(query)
          .join(' ')
          .match(/[\w-]{22,}/g) ?? [];
      assert.ok(!digests.some((digest) => JSON.stringify(reading).includes(digest)));
    }
    const { query = {} } = await issue(issuerOf('flussonic'), 'abc', bound);
    assert.equal(kit('flussonic').inspect(query['token'] ?? '')?.expiresAt, end);
    const prefixed = `a?lendtime=${String(end)}&lhash=x&lhash=y`;
    assert.deepEqual(kit('wowza').inspect(prefixed)?.warnings, [
      'The field "lhash" is there more than once.',
    ]);
    for (const text of ['', 'token=abc&expires=1', 'a='.repeat(9000), 'md5=short&expires=1'])
      assert.equal(kit('nginx').inspect(text), null);
  });

  it('is created from a configuration', async () => {
    const issued = await issue(kit('wowza', { algorithm: 'SHA-512', prefix: 'live' }).create());
    assert.equal(issued.query?.['livehash']?.length, 88);
    assert.throws(() => kit('nginx', { algorithm: 'MD5' }).create(), /algorithm|SHA/);
  });
});
