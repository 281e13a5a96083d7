import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { uriSigningIssuer, type UriSigningIssuerOptions } from '@gatecast/server';
import { decodeJwt, exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose';
import { codeOf, cookieHeader, issue, schemeOf } from '../support/scheme-kit.js';
import { startTrafficServer, withoutTrafficServer } from '../support/traffic-server.js';

const FIELD = 'URISigningPackage';
const shared = {
  kty: 'oct',
  kid: 'key-1',
  alg: 'HS256',
  k: 'Kh_RkUMj-fzbD37qBnDf_3e_RvQ3RP9PaSmVEpE24AM',
} as const;
const { privateKey } = await generateKeyPair('ES256', { extractable: true });
const elliptic = { ...(await exportJWK(privateKey)), kid: 'key-2', alg: 'ES256' };

describe('uriSigningIssuer with Traffic Server', { skip: withoutTrafficServer }, () => {
  let cdn: Awaited<ReturnType<typeof startTrafficServer>>;
  let options: UriSigningIssuerOptions;
  before(async () => {
    // As the documentation of the issuer has it, and a second issuer.
    cdn = await startTrafficServer({
      example: { renewal_kid: 'key-1', strip_token: true, id: 'cdn', keys: [shared] },
      elliptic: { keys: [elliptic] },
    });
    options = {
      key: JSON.stringify(shared),
      issuer: 'example',
      path: '/live/{stream}/',
      url: `${cdn.origin}/live/{stream}/index.m3u8`,
    };
  });
  after(() => cdn.stop());

  const tokenOf = async (own: Partial<UriSigningIssuerOptions> = {}, stream = 'abc'): Promise<string> => {
    const { url = '' } = await issue(uriSigningIssuer({ ...options, ...own }), stream);
    return new URL(url).searchParams.get(FIELD) ?? '';
  };
  const get = (path: string, token?: string) =>
    fetch(`${cdn.origin}${path}${token === undefined ? '' : `?${FIELD}=${token}`}`);
  const statusOf = async (path: string, token?: string) => (await get(path, token)).status;
  const withCookie = (path: string, cookie: string) => fetch(`${cdn.origin}${path}`, { headers: { cookie } });
  const signed = async (claims: JWTPayload) =>
    new SignJWT({ ...decodeJwt(await tokenOf()), ...claims })
      .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
      .sign(await importJWK(shared, 'HS256'));
  const scheme = () =>
    schemeOf({ ...options, type: 'uri-signing', key: { env: 'KEY' } }, { KEY: JSON.stringify(shared) });

  it('opens every file of the stream, and nothing else', async () => {
    const token = await tokenOf();
    for (const file of ['index.m3u8', 'low/1.ts', 'low/1.ts?x=1'])
      assert.equal(
        (await fetch(`${cdn.origin}/live/abc/${file}${file.includes('?') ? '&' : '?'}${FIELD}=${token}`))
          .status,
        200,
      );
    for (const path of [
      '/live/abd/index.m3u8',
      '/live/abcd/1.ts',
      '/live/abc',
      '/vod/live/abc/1.ts',
      '/live/abc/%2e%2e/abd/1.ts',
    ])
      assert.equal(await statusOf(path, token), 403, path);
    assert.equal(await statusOf('/live/abc/index.m3u8'), 403);
  });

  it('forwards addresses without the token', async () => {
    assert.equal(await statusOf('/live/abc/stripped.ts', await tokenOf()), 200);
    assert.ok(cdn.forwarded.includes('/live/abc/stripped.ts'));
    assert.ok(cdn.forwarded.every((address) => !address.includes(FIELD)));
  });

  it('refuses another signature, another key, issuer or audience', async () => {
    const token = await tokenOf();
    const last = token.endsWith('A') ? 'E' : 'A';
    assert.equal(await statusOf('/live/abc/1.ts', token.slice(0, -1) + last), 403);
    const k = Buffer.alloc(32, 7).toString('base64url');
    for (const own of [
      { key: JSON.stringify({ ...shared, k }) },
      { key: JSON.stringify({ ...shared, kid: 'other' }) },
      { issuer: 'other' },
      { audience: 'other' },
    ])
      assert.equal(await statusOf('/live/abc/1.ts', await tokenOf(own)), 403, JSON.stringify(own));
    for (const audience of ['cdn', ['other', 'cdn']])
      assert.equal(await statusOf('/live/abc/1.ts', await tokenOf({ audience })), 200);
  });

  it('opens a stream whose name needs encoding', async () => {
    for (const stream of ['Käse & Brot 𝄞;"+', 'a.b', "(a)|b'!~", 'a/b', 'a\\b^$[]{}']) {
      const { url = '' } = await issue(uriSigningIssuer(options), stream);
      assert.equal((await fetch(url)).status, 200, stream);
    }
    assert.equal(await statusOf('/live/axb/1.ts', await tokenOf({}, 'a.b')), 403);
  });

  it('ends on the second that it says', async () => {
    assert.equal(await statusOf('/live/abc/1.ts', await tokenOf({ now: () => Date.now() - 301_000 })), 403);
    const now = () => Date.now() + 60_000;
    const { url = '' } = await issue(uriSigningIssuer({ ...options, now }), 'abc', {
      claims: { nbf: Math.floor(now() / 1000) },
    });
    assert.equal((await fetch(url)).status, 403, 'before its begin');
  });

  it('accepts tokens of ES256', async () => {
    const own = { key: JSON.stringify(elliptic), issuer: 'elliptic' };
    assert.equal(await statusOf('/live/abc/1.ts', await tokenOf(own)), 200);
    assert.equal(await statusOf('/live/abc/1.ts', await tokenOf({ ...own, issuer: 'example' })), 403);
  });

  it('has no renewal without renewalSeconds', async () => {
    const answer = await get('/live/abc/1.ts', await tokenOf());
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.headers.getSetCookie(), []);
  });

  it('renews the token in a cookie for the folder of the stream, which this package verifies', async () => {
    const token = await tokenOf({ renewalSeconds: 40 });
    const before = Date.now() / 1000;
    const entry = await get('/live/abc/index.m3u8', token);
    const [cookie = '', ...others] = entry.headers.getSetCookie();
    assert.deepEqual(others, []);
    assert.match(cookie, /^URISigningPackage=[\w.-]+; Path=\/live\/abc$/);
    const path = '/live/abc/1.ts';
    const { expiresAt } = await scheme().verify(
      new Request(`${cdn.origin}${path}`, { headers: { cookie: cookieHeader([cookie]) } }),
      Date.now(),
    );
    assert.ok(expiresAt >= before + 40 && expiresAt <= Date.now() / 1000 + 40);

    // The cookie alone opens the next request, which renews it again.
    const next = await withCookie(path, cookieHeader([cookie]));
    assert.equal(next.status, 200);
    const [again = ''] = next.headers.getSetCookie();
    const endOf = (text: string) => decodeJwt(cookieHeader([text]).slice(FIELD.length + 1)).exp ?? 0;
    assert.ok(endOf(again) > endOf(cookie));
    assert.equal((await withCookie('/live/abd/1.ts', cookieHeader([again]))).status, 403);
  });

  it('uses the cookie when the token of the address has ended', async () => {
    const now = () => Date.now() - 301_000;
    const ended = await tokenOf({ renewalSeconds: 40, now });
    const entry = await get('/live/abc/index.m3u8', await tokenOf({ renewalSeconds: 40 }));
    const cookie = cookieHeader(entry.headers.getSetCookie());
    const address = `${cdn.origin}/live/abc/index.m3u8?${FIELD}=${ended}`;
    assert.equal((await fetch(address)).status, 403);
    assert.equal((await fetch(address, { headers: { cookie } })).status, 200);
  });

  it('ends a renewed token that no request renews', async () => {
    const entry = await get('/live/abc/index.m3u8', await tokenOf({ renewalSeconds: 1 }));
    const cookie = cookieHeader(entry.headers.getSetCookie());
    const endsAt = decodeJwt(cookie.slice(FIELD.length + 1)).exp ?? 0;
    await sleep(Math.max(0, endsAt * 1000 - Date.now()) + 20);
    assert.equal((await withCookie('/live/abc/1.ts', cookie)).status, 403);
    const request = new Request(`${cdn.origin}/live/abc/1.ts`, { headers: { cookie } });
    assert.equal(await codeOf(scheme().verify(request, Date.now())), 'token-expired');
  });

  it('refuses what the page says it refuses', async () => {
    assert.equal(await statusOf('/live/abc/1.ts', await signed({})), 200);
    const { cdniuc } = decodeJwt(await tokenOf());
    const refused: JWTPayload[] = [
      { jti: 'x' },
      { cdnicrit: 'cdniuc' },
      { cdniip: 'x' },
      { cdniv: 2 },
      { cdniuc: `hash:${'0'.repeat(64)}` },
      { cdniuc: String(cdniuc).replace('regex:', 'uri-regex:') },
    ];
    for (const claims of refused)
      assert.equal(await statusOf('/live/abc/1.ts', await signed(claims)), 403, Object.keys(claims)[0]);
    assert.equal(await statusOf('/vod/1.ts', await signed({ cdniuc: undefined })), 200, 'without cdniuc');
  });
});
