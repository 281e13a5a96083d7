import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { ownEnds } from '@gatecast/contract';
import { cloudflareStreamIssuer, type CloudflareStreamIssuerOptions } from '@gatecast/server';
import { decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { placeIssued } from '../support/place-issued.js';
import { codeOf, issue, now, NOW_SECONDS, schemeOf } from '../support/scheme-kit.js';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keyId = '8f926b2b01f3835170025a78a4dcbf6a';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const jwk = { use: 'sig', kid: keyId, alg: 'RS256', ...pair.privateKey.export({ format: 'jwk' }) };
/** As Cloudflare returns them: base64 of PKCS #1 PEM, and base64 of a JWK. */
const pem = base64(pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
const privateKey = base64(JSON.stringify(jwk));

const HOST = 'https://customer-f33zs165nr7gyfy4.cloudflarestream.com';
const UID = '6b9e68b07dfee8cc2d116e4c51d6a957';
const url = `${HOST}/{stream}/manifest/video.m3u8`;
const options = { keyId, privateKey, now } satisfies CloudflareStreamIssuerOptions;
const end = NOW_SECONDS + 300;
const scheme = (config: object = {}) =>
  schemeOf({ type: 'cloudflare-stream', keyId, privateKey: { env: 'KEY' }, ...config }, { KEY: privateKey });
const requestWith = (token = '', rest = '/manifest/video.m3u8') => new Request(`${HOST}/${token}${rest}`);

function signed(claims: object, header: object = {}): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: keyId, ...header })
    .sign(pair.privateKey);
}

describe('cloudflareStreamIssuer', () => {
  for (const [form, key] of Object.entries({
    'a JWK': privateKey,
    PEM: pem,
    'plain JSON': JSON.stringify(jwk),
  })) {
    it(`signs the documented header and claims with a key as ${form}`, async () => {
      const {
        path = '',
        expiresAt,
        ...others
      } = await issue(cloudflareStreamIssuer({ ...options, privateKey: key }), UID);
      assert.deepEqual(decodeProtectedHeader(path), { alg: 'RS256', kid: keyId });
      assert.deepEqual(decodeJwt(path), { sub: UID, kid: keyId, exp: end });
      assert.equal(expiresAt, end);
      assert.deepEqual(others, {});
      await jwtVerify(path, pair.publicKey, { algorithms: ['RS256'], currentDate: new Date(now()) });
    });
  }

  it('replaces the uid in the entry address with the token', async () => {
    const issued = await issue(cloudflareStreamIssuer({ ...options, url }), UID);
    assert.equal(issued.url, `${HOST}/${String(issued.path)}/manifest/video.m3u8`);
    assert.deepEqual([...new Set(ownEnds(issued))], [end]);
  });

  it('is placed by the client in the entry address and in the addresses below it', async () => {
    const issued = await issue(cloudflareStreamIssuer({ ...options, url }), UID);
    const own = `${HOST}/${UID}/manifest/video.m3u8`;
    const page = await placeIssued(issued, UID, own);
    assert.equal(page.entry, own);
    assert.equal(page.place(own), issued.url);
    const child = `${HOST}/${String(issued.path)}/manifest/stream_1.m3u8`;
    assert.equal(page.place(page.hidden(child)), child);
    assert.ok(!page.hidden(child).includes(String(issued.path)));
  });

  it('reads the key for each token, so that it can be replaced', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keys = [privateKey, base64(JSON.stringify(other.privateKey.export({ format: 'jwk' })))];
    const issuer = cloudflareStreamIssuer({
      ...options,
      privateKey: () => Promise.resolve(keys.shift() ?? ''),
    });
    await issue(issuer, UID);
    const { path = '' } = await issue(issuer, UID);
    await jwtVerify(path, other.publicKey, { currentDate: new Date(now()) });
  });

  it('takes rules, downloads and begin from the options and the grant', async () => {
    const accessRules = [
      { type: 'ip.geoip.country', action: 'allow', country: ['GB'] },
      { type: 'ip.src', action: 'allow', ip: ['93.184.216.0/24', '2400:cb00::/32'] },
      { type: 'any', action: 'block' },
    ] as const;
    const configured = cloudflareStreamIssuer({ ...options, downloadable: true, accessRules });
    const first = await issue(configured, UID);
    assert.deepEqual(decodeJwt(first.path ?? ''), {
      sub: UID,
      kid: keyId,
      exp: end,
      downloadable: true,
      accessRules,
    });
    const claims = { nbf: NOW_SECONDS, accessRules: [{ type: 'any', action: 'allow' }], downloadable: false };
    const second = await issue(configured, UID, { claims });
    const { downloadable: _, ...rest } = claims;
    assert.deepEqual(decodeJwt(second.path ?? ''), { sub: UID, kid: keyId, exp: end, ...rest });
  });

  it('allows one address after the rules that block', async () => {
    const block = { type: 'ip.geoip.country', action: 'block', country: ['US'] } as const;
    const issuer = cloudflareStreamIssuer({ ...options, accessRules: [block] });
    for (const [ip, range] of [
      ['192.0.2.7', '192.0.2.7/32'],
      ['2001:db8::1', '2001:db8::1/128'],
    ] as const) {
      const { path = '' } = await issue(issuer, UID, { restrictions: { ip } });
      assert.deepEqual(decodeJwt(path)['accessRules'], [
        block,
        { type: 'ip.src', action: 'allow', ip: [range] },
        { type: 'any', action: 'block' },
      ]);
    }
    const allowing = cloudflareStreamIssuer({
      ...options,
      accessRules: [{ type: 'ip.geoip.country', action: 'allow', country: ['US'] }],
    });
    const bound = { restrictions: { ip: '192.0.2.7' } };
    assert.equal(await codeOf(issue(allowing, UID, bound)), 'issuer-parameter-invalid');
  });

  it('ends with the grant, and after 24 hours at the latest', async () => {
    const issuer = cloudflareStreamIssuer(options);
    const expiresAt = NOW_SECONDS + 60;
    assert.equal((await issue(issuer, UID, { expiresAt, ttlSeconds: 600 })).expiresAt, expiresAt);
    const long = await issue(issuer, UID, { ttlSeconds: 200_000 });
    assert.equal(long.expiresAt, NOW_SECONDS + 86_400);
    assert.equal(decodeJwt(long.path ?? '').exp, NOW_SECONDS + 86_400);
  });

  it('refuses what a token cannot say', async () => {
    const issuer = cloudflareStreamIssuer(options);
    for (const grant of [
      { claims: { tier: 'pro' } },
      { restrictions: { referer: 'example.com' } },
      { claims: { downloadable: 'yes' } },
    ])
      assert.equal(await codeOf(issue(issuer, UID, grant)), 'issuer-parameter-invalid');
    assert.throws(() => cloudflareStreamIssuer({ ...options, keyId: 'a b' }), /keyId/);
    assert.throws(() => cloudflareStreamIssuer({ ...options, ttlSeconds: 86_401 }), /86400/);
    assert.throws(() => cloudflareStreamIssuer({ ...options, url: `${HOST}/x/video.m3u8` }), /\{stream\}/);
    assert.throws(() => cloudflareStreamIssuer({ ...options, url: `${HOST}/{stream}.m3u8` }), /path segment/);
    const many = Array.from({ length: 6 }, () => ({ type: 'any', action: 'allow' }) as const);
    assert.throws(() => cloudflareStreamIssuer({ ...options, accessRules: many }), /five/);
    await assert.rejects(issue(cloudflareStreamIssuer({ ...options, privateKey: 'ey' }), UID), TypeError);
  });
});

describe('the scheme cloudflare-stream', () => {
  it('accepts the tokens of the issuer, and refuses them when they have ended', async () => {
    const { create, verify } = scheme({ url });
    const issued = await issue(create(), UID, { expiresAt: end });
    const { path } = issued;
    const request = requestWith(path, '/manifest/seg_1.2.ts');
    assert.deepEqual(await verify(request, now() - 400_000), { expiresAt: end });
    assert.equal(await codeOf(verify(request, end * 1000), String(path)), 'token-expired');
  });

  it('refuses other keys, places and claims', async () => {
    const { verify } = scheme();
    const claims = { sub: UID, kid: keyId, exp: end };
    const good = await signed(claims);
    await verify(requestWith(good));
    const refused: [string, Request][] = [
      ['token-missing', requestWith(UID)],
      ['token-missing', requestWith(`x/${good}`)],
      ['token-missing', new Request(`${HOST}/${UID}/manifest/video.m3u8?token=${good}`)],
      ['token-invalid', requestWith(good, `/${good}/video.m3u8`)],
      ['token-invalid', requestWith(`${good.slice(0, -8)}AAAAAAAA`)],
      ['token-invalid', requestWith(await signed(claims, { kid: 'other' }))],
      ['token-invalid', requestWith(await signed({ ...claims, kid: 'other' }))],
      ['token-invalid', requestWith(await signed({ kid: keyId, exp: end }))],
      ['token-invalid', requestWith(await signed({ sub: UID, kid: keyId }))],
      ['token-invalid', requestWith(await signed({ ...claims, exp: String(end) }))],
      [
        'token-invalid',
        requestWith(await signed({ ...claims, accessRules: [{ type: 'any', action: 'block' }] })),
      ],
      ['token-not-yet-valid', requestWith(await signed({ ...claims, nbf: NOW_SECONDS + 60 }))],
      ['token-expired', requestWith(await signed({ ...claims, exp: NOW_SECONDS }))],
    ];
    for (const [code, request] of refused)
      assert.equal(await codeOf(verify(request), good), code, request.url);
  });

  it('describes a token without its signature', async () => {
    const { inspect } = scheme();
    const accessRules = [{ type: 'any', action: 'block' }];
    const token = await signed({ sub: UID, kid: keyId, exp: end, accessRules });
    const reading = inspect(`${HOST}/${token}/manifest/video.m3u8`);
    assert.equal(reading?.scheme, 'Cloudflare Stream');
    assert.equal(reading.expiresAt, end);
    assert.deepEqual(reading.fields, [
      { name: 'sub (video uid)', value: UID },
      { name: 'kid', value: keyId },
      { name: 'exp', value: String(end) },
      { name: 'accessRules', value: JSON.stringify(accessRules) },
    ]);
    assert.deepEqual(reading.warnings, []);
    assert.ok(!JSON.stringify(reading).includes(token.split('.')[2] ?? ''));
  });

  it('warns of an end in a string, and leaves JWTs of other schemes alone', async () => {
    const { inspect } = scheme();
    const old = await signed({ kid: keyId, exp: String(end) });
    const warnings = inspect(old)?.warnings.join(' ') ?? '';
    assert.match(warnings, /"sub" is missing/);
    assert.match(warnings, /not a number/);
    assert.deepEqual(ownEnds({ path: old }), [end]);
    for (const claims of [
      { sub: 'a', exp: end },
      { sub: 'a', aud: 'v', kid: keyId, exp: end },
    ])
      assert.equal(inspect(await signed(claims)), null);
    for (const text of ['', 'eyJ', `${HOST}/${UID}/manifest/video.m3u8`, 'x'.repeat(1_000_000)])
      assert.equal(inspect(text), null);
  });
});
