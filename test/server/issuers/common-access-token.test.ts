import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CAT } from '@eyevinn/cat';
import { isRenewedByOrigin, ownEnds } from '@gatecast/contract';
import { commonAccessTokenIssuer, type CommonAccessTokenIssuerOptions } from '@gatecast/server';
import { decodeCbor, encodeCbor } from '../../../packages/server/src/issuer/common-access-token/cbor.js';
import { readCwt } from '../../../packages/server/src/issuer/common-access-token/cwt.js';
import { renewCommonAccessToken } from '../../doubles/renew-common-access-token.js';
import { codeOf, cookieHeader, issue, now, NOW_SECONDS, schemeOf } from '../support/scheme-kit.js';

const key = '403697de87af64611c1d32a05dab0fe1fcb715a86ab435f1ec99192d79569388';
const path = '/live/{stream}/';
const url = 'https://media.example.com/live/{stream}/index.m3u8';
const end = NOW_SECONDS + 300;
const header = 'CTA-Common-Access-Token';
const options = { key, keyId: 'k1', path, issuer: 'gatecast', now } satisfies CommonAccessTokenIssuerOptions;
const renewal = { type: 'header', expadd: 120, deadline: 60 } as const;

const kit = (own: object = {}) =>
  schemeOf(
    { type: 'common-access-token', key: { env: 'KEY' }, keyId: 'k1', path, issuer: 'gatecast', ...own },
    { KEY: key },
  );
const at = (token: string, address = 'https://media.example.com/live/abc/1.ts') =>
  new Request(address, { headers: { [header]: token } });
const library = (expectCwtTag: boolean) => new CAT({ keys: { k1: Buffer.from(key, 'hex') }, expectCwtTag });
const theirs = async (claims: object = {}, tagged = true, kid = 'k1') => {
  const dict = { iss: 'gatecast', exp: end, catu: { path: { 'prefix-match': '/live/abc/' } }, ...claims };
  const token = await library(tagged).generateFromJson(dict, { type: 'mac', alg: 'HS256', kid });
  assert.ok(token);
  return token;
};
const tokenOf = async (own: object = {}, grant: object = {}) => {
  const { headers } = await issue(commonAccessTokenIssuer({ ...options, ...own }), 'abc', grant);
  return headers?.[header] ?? '';
};

describe('commonAccessTokenIssuer', () => {
  it('issues tokens that @eyevinn/cat accepts for the stream, and for no other', async () => {
    const own = {
      now: Date.now,
      audience: ['cdn-a', 'cdn-b'],
      methods: ['GET', 'HEAD'],
      renewal,
      host: 'media.example.com',
    };
    const token = await tokenOf(own);
    const validate = (address: string, audience = ['cdn-a']) =>
      library(true).validate(token, 'mac', { issuer: 'gatecast', audience, url: new URL(address) });
    const { cat, error } = await validate('https://media.example.com/live/abc/low/1.ts');
    assert.equal(error, undefined);
    assert.deepEqual(cat?.claims['catr'], renewal);
    assert.deepEqual(cat.claims['catm'], ['GET', 'HEAD']);
    for (const address of ['https://media.example.com/live/abd/1.ts', 'https://evil.example/live/abc/1.ts'])
      assert.ok((await validate(address)).error, address);
    assert.ok((await validate('https://media.example.com/live/abc/1.ts', ['cdn-c'])).error);
  });

  it('binds a token to an address as @eyevinn/cat reads it', async () => {
    for (const [ip, other] of [
      ['192.0.2.7', '192.0.2.8'],
      ['2001:db8::7', '2001:db8::8'],
    ] as const) {
      const token = await tokenOf({ now: Date.now }, { restrictions: { ip } });
      const address = new URL('https://media.example.com/live/abc/1.ts');
      const check = { issuer: 'gatecast', url: address };
      assert.equal((await library(true).validate(token, 'mac', { ...check, ip })).error, undefined);
      assert.ok((await library(true).validate(token, 'mac', { ...check, ip: other })).error);
    }
  });

  it('puts the token into a header, the query, a cookie or the entry address', async () => {
    const placed = (own: object) =>
      issue(commonAccessTokenIssuer({ ...options, ...own }), 'abc', { id: 'g7' });
    const entry = 'https://media.example.com/live/abc/index.m3u8';
    const { headers, ...rest } = await placed({});
    const token = headers?.[header];
    assert.deepEqual(rest, { expiresAt: end, tokenId: 'g7' });
    assert.deepEqual(await placed({ placement: 'query', tokenName: 'cat' }), {
      query: { cat: token },
      ...rest,
    });
    assert.deepEqual(await placed({ placement: 'url', url }), {
      url: `${entry}?CAT=${String(token)}`,
      ...rest,
    });
    const { setCookies, ...cookie } = await placed({ placement: 'cookie', url });
    assert.deepEqual(cookie, { cookie: true, url: entry, ...rest });
    assert.equal(cookieHeader(setCookies), `${header}=${String(token)}`);
  });

  it('lets the CDN renew only what has no end for good', async () => {
    assert.equal(isRenewedByOrigin({ headers: { [header]: await tokenOf({ renewal }) } }), true);
    for (const grant of [{ expiresAt: end }, { claims: { exp: end } }])
      assert.equal(isRenewedByOrigin({ headers: { [header]: await tokenOf({ renewal }, grant) } }), false);
  });

  it('says that a renewed cookie has an end that a page cannot see', async () => {
    const flagOf = async (own: object, grant: object = {}) =>
      (await issue(commonAccessTokenIssuer({ ...options, ...own }), 'abc', grant)).isRenewedInCookie;
    const inCookie = { type: 'cookie', expadd: 60 };
    const automatic = { type: 'automatic', expadd: 60 };
    assert.equal(await flagOf({ placement: 'cookie', renewal: inCookie }), true);
    assert.equal(await flagOf({ placement: 'cookie', renewal: automatic }), true);
    assert.equal(await flagOf({ placement: 'header', renewal: automatic }), undefined);
    assert.equal(await flagOf({ placement: 'cookie' }), undefined);
    assert.equal(await flagOf({ placement: 'cookie', renewal: inCookie }, { expiresAt: end }), undefined);
  });

  it('refuses a grant or a name that a token cannot express', async () => {
    const issuer = commonAccessTokenIssuer(options);
    for (const grant of [
      { claims: { tier: 'gold' } },
      { restrictions: { referer: 'example.com' } },
      { restrictions: { ip: 'here' } },
    ])
      assert.equal(await codeOf(issue(issuer, 'abc', grant), key), 'issuer-parameter-invalid');
    assert.equal(await codeOf(issue(issuer, '*')), 'issuer-parameter-invalid');
    const { headers } = await issue(issuer, 'a/../b');
    assert.match(
      kit()
        .inspect(headers?.[header] ?? '')
        ?.fields.find(({ name }) => name === 'catu')?.value ?? '',
      /a%2F\.\.%2Fb/,
    );
  });

  it('refuses options that contradict each other', async () => {
    const refused: [object, RegExp][] = [
      [{ path: '/live/' }, /\{stream\}/],
      [{ path: '/live/{stream}' }, /end with/],
      [{ placement: 'url' }, /needs the option url/],
      [{ tokenName: 'a b' }, /tokenName/],
      [{ host: 'https://a.example' }, /host name/],
      [{ renewal: { type: 'header', expadd: 0 } }, /at least 1/],
    ];
    for (const [own, message] of refused)
      assert.throws(() => commonAccessTokenIssuer({ ...options, ...own }), message);
    await assert.rejects(tokenOf({ key: 'abcd' }), /64 hexadecimal/);
  });
});

describe('the Common Access Token scheme', () => {
  it('verifies tokens of @eyevinn/cat in both of its forms, in each place', async () => {
    for (const tagged of [true, false]) {
      const token = await theirs({ catr: renewal, catm: ['GET'], cti: '0b71' }, tagged);
      assert.deepEqual(await kit().verify(at(token)), { expiresAt: end });
      const address = 'https://media.example.com/live/abc/1.ts';
      assert.deepEqual(await kit().verify(new Request(`${address}?CAT=${token}`)), { expiresAt: end });
      const cookie = new Request(address, { headers: { Cookie: `${header}=${token}` } });
      assert.deepEqual(await kit().verify(cookie), { expiresAt: end });
      assert.deepEqual(ownEnds({ headers: { [header]: token } }), [end], String(tagged));
      assert.equal(isRenewedByOrigin({ query: { CAT: token } }), true, String(tagged));
    }
  });

  it('refuses what a CDN refuses', async () => {
    const token = await theirs();
    const address = 'https://media.example.com/live/abc/1.ts';
    const changed = `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`;
    const other = commonAccessTokenIssuer({ ...options, key: key.replaceAll('4', '5') });
    const foreign = (await issue(other)).headers?.[header] ?? '';
    const refused: [Request, string][] = [
      [new Request(address), 'token-missing'],
      [at(token, address.replace('abc', 'abd')), 'token-wrong-stream'],
      [at(token, address.replace('abc/', 'abc')), 'token-wrong-stream'],
      [at(changed), 'token-invalid'],
      [at(foreign), 'token-invalid'],
      [at('AAAA'), 'token-invalid'],
      [at(await theirs({ iss: 'other' })), 'token-invalid'],
      [at(await theirs({ catm: ['POST'] })), 'token-invalid'],
      [at(await theirs({ catreplay: 1 })), 'token-invalid'],
      [at(await theirs({ catgeoiso3166: ['SE'] })), 'token-invalid'],
      [at(await theirs({ catnip: ['192.0.2.7'] })), 'token-invalid'],
      [at(await theirs({ catu: { path: { 'regex-match': ['.*'] } } })), 'token-wrong-stream'],
      [at(await theirs({ nbf: NOW_SECONDS + 5 })), 'token-not-yet-valid'],
      [at(await theirs({ exp: NOW_SECONDS })), 'token-expired'],
      [new Request(`${address}?CAT=${token}&CAT=${token}`), 'token-invalid'],
    ];
    for (const [request, code] of refused)
      assert.equal(await codeOf(kit().verify(request), key, token), code, request.url.slice(0, 60));
    assert.equal(await codeOf(kit({ audience: 'x' }).verify(at(token))), 'token-invalid');
  });

  it('reads a token without its MAC', async () => {
    const token = await theirs({ catr: renewal });
    for (const text of [token, `${header}: ${token}`, `https://a.example/b?CAT=${token}#t`]) {
      const reading = kit().inspect(text);
      assert.equal(reading?.expiresAt, end);
      assert.deepEqual(reading.fields.slice(0, 3), [
        { name: 'kid', value: 'k1' },
        { name: 'iss', value: 'gatecast' },
        { name: 'exp', value: String(end) },
      ]);
      assert.deepEqual(reading.warnings, []);
    }
    for (const text of ['', 'AAAA', 'a.b.c', '2D3R', 'x='.repeat(9000)])
      assert.equal(kit().inspect(text), null);
  });

  it('is renewed as catr says, once its deadline has come', async () => {
    const token = await tokenOf({ renewal: { ...renewal, headerName: 'X-Token' } });
    assert.equal(await renewCommonAccessToken(token, key, end - 61), null);
    assert.equal(await renewCommonAccessToken(token, key, end), null);
    assert.equal(await renewCommonAccessToken(await tokenOf(), key, end - 30), null);
    const renewed = await renewCommonAccessToken(token, key, end - 30);
    assert.equal(renewed?.name, 'X-Token');
    assert.equal(renewed.type, 'header');
    assert.deepEqual(await kit().verify(at(renewed.token), end * 1000), { expiresAt: end - 30 + 120 });
  });

  it('is created from a configuration', async () => {
    const issued = await issue(
      kit({ placement: 'query', renewal: { type: 'redirect', expadd: 9 } }).create(),
    );
    assert.equal(isRenewedByOrigin(issued), true);
    assert.throws(() => kit({ renewal: { type: 'magic', expadd: 9 } }).create(), /renewal|type/);
  });
});

describe('CBOR of Common Access Tokens', () => {
  it('reads what it writes, and refuses what is cut off or longer', () => {
    const value = new Map<number, number | string | Uint8Array | number[]>([
      [1, 'Käse'],
      [-2, Uint8Array.of(1, 2)],
      [323, [0, 23, 24, 255, 256, 65_536, 2 ** 32, 2 ** 40, -1, -257]],
    ]);
    const bytes = encodeCbor(value);
    assert.deepEqual(decodeCbor(bytes), value);
    for (let length = 0; length < bytes.length; length += 1)
      assert.throws(() => decodeCbor(bytes.slice(0, length)), RangeError);
    assert.throws(() => decodeCbor(Uint8Array.of(...bytes, 0)), RangeError);
    for (const hex of ['a2010101', 'a201010102', '9f00ff', '81'.repeat(40), '9affffffff', '1c'])
      assert.throws(() => decodeCbor(Buffer.from(hex, 'hex')), RangeError, hex);
    assert.equal(readCwt('2D3R'), null);
  });
});
