import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { ownEnds } from '@gatecast/contract';
import { muxIssuer, type MuxIssuerOptions } from '@gatecast/server';
import Mux from '@mux/mux-node';
import { decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { placeIssued } from '../support/place-issued.js';
import { codeOf, issue, now, NOW_SECONDS, schemeOf } from '../support/scheme-kit.js';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keyId = 'GxtYrC0001yJcGdsJQ3Ak01sX02nMU00y';
const pem = pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
/** As Mux returns it. */
const keySecret = Buffer.from(pem).toString('base64');
const mux = new Mux({ tokenId: 'a', tokenSecret: 'b', jwtSigningKey: keyId, jwtPrivateKey: keySecret });

const PLAYBACK_ID = 'qxb01i6T202018GFS02vp9RIe01icTcDCjVzQpmaB00CUisJ4';
const HOST = 'https://stream.mux.com';
const options = { keyId, keySecret, now } satisfies MuxIssuerOptions;
const end = NOW_SECONDS + 300;
const scheme = (config: object = {}) =>
  schemeOf({ type: 'mux', keyId, keySecret: { env: 'KEY' }, ...config }, { KEY: keySecret });
const requestWith = (token: string, path = `/${PLAYBACK_ID}.m3u8`) =>
  new Request(`${HOST}${path}?token=${token}`);

function signed(claims: object, header: object = {}): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', ...header }).sign(pair.privateKey);
}

describe('muxIssuer', () => {
  for (const tokenType of ['video', 'thumbnail', 'gif', 'storyboard', 'drm_license'] as const) {
    it(`signs the claims of @mux/mux-node for ${tokenType}, and verifies its tokens`, async () => {
      const params = { time: '5', width: '320', playback_restriction_id: 'r1' };
      const theirs = await mux.jwt.signPlaybackId(PLAYBACK_ID, {
        type: tokenType,
        expiration: '300s',
        params,
      });
      const { time, width } = params;
      const issuer = muxIssuer({
        keyId,
        keySecret,
        tokenType,
        params: { time, width },
        playbackRestrictionId: 'r1',
      });
      const { token = '' } = await issue(issuer, PLAYBACK_ID);
      const [{ exp: _, ...ours }, { exp: __, ...expected }] = [decodeJwt(token), decodeJwt(theirs)];
      assert.deepEqual(ours, expected);
      await jwtVerify(token, pair.publicKey, { subject: PLAYBACK_ID });
      const { verify, inspect } = scheme({ tokenType });
      for (const each of [token, theirs]) {
        const { exp } = decodeJwt(each);
        assert.deepEqual(await verify(requestWith(each), Date.now()), { expiresAt: exp });
        assert.equal(inspect(each)?.expiresAt, exp);
      }
    });
  }

  it('names the key in the header and in the claims', async () => {
    const { token = '', expiresAt, ...others } = await issue(muxIssuer(options), PLAYBACK_ID);
    assert.deepEqual(decodeProtectedHeader(token), { alg: 'RS256', kid: keyId, typ: 'JWT' });
    assert.deepEqual(decodeJwt(token), { sub: PLAYBACK_ID, aud: 'v', kid: keyId, exp: end });
    assert.equal(expiresAt, end);
    assert.deepEqual(others, {});
    assert.deepEqual(ownEnds({ token }), [end]);
  });

  it('is placed by the client in the query field token', async () => {
    const issued = await issue(
      muxIssuer({ ...options, url: `${HOST}/{stream}.m3u8?redundant_streams=true` }),
      PLAYBACK_ID,
    );
    const own = `${HOST}/${PLAYBACK_ID}.m3u8?redundant_streams=true`;
    assert.equal(issued.url, `${own}&token=${String(issued.token)}`);
    const page = await placeIssued(issued, PLAYBACK_ID, own);
    assert.equal(page.place(own), issued.url);
    assert.equal(
      page.place(`${HOST}/${PLAYBACK_ID}/low.m3u8`),
      `${HOST}/${PLAYBACK_ID}/low.m3u8?token=${String(issued.token)}`,
    );
  });

  it('ends with the grant, and takes its claims as parameters', async () => {
    const claims = { nbf: NOW_SECONDS, custom: { viewer: 'v1' } };
    const grant = { ttlSeconds: 600, expiresAt: NOW_SECONDS + 60, claims };
    const { token = '', expiresAt } = await issue(muxIssuer(options), PLAYBACK_ID, grant);
    assert.equal(expiresAt, NOW_SECONDS + 60);
    const { sub, exp, custom, nbf } = decodeJwt(token);
    assert.deepEqual({ sub, exp, custom, nbf }, { sub: PLAYBACK_ID, exp: NOW_SECONDS + 60, ...claims });
  });

  it('refuses what a token cannot say', async () => {
    const issuer = muxIssuer(options);
    for (const grant of [
      { claims: { aud: 't' } },
      { claims: { kid: 'other' } },
      { restrictions: { ip: '192.0.2.7' } },
      { restrictions: { referer: 'example.com' } },
    ])
      assert.equal(await codeOf(issue(issuer, PLAYBACK_ID, grant)), 'issuer-parameter-invalid');
    assert.throws(() => muxIssuer({ ...options, params: { sub: 'other' } }), /"sub"/);
    assert.throws(() => muxIssuer({ ...options, keyId: '' }), /keyId/);
    assert.throws(() => muxIssuer({ ...options, ttlSeconds: 0 }), /ttlSeconds/);
    assert.throws(() => muxIssuer({ ...options, url: `${HOST}/a.m3u8` }), /\{stream\}/);
    assert.throws(() => muxIssuer({ ...options, url: `${HOST}/{stream}.m3u8?token=x` }), /"token"/);
    const ellipticKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const other = ellipticKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await assert.rejects(issue(muxIssuer({ ...options, keySecret: other })), /RS256/);
  });
});

describe('the scheme mux', () => {
  const claims = { sub: PLAYBACK_ID, aud: 'v', kid: keyId, exp: end };

  it('refuses other keys, playback ids and audiences', async () => {
    const { verify } = scheme();
    const good = await signed(claims);
    await verify(requestWith(good));
    await verify(requestWith(good, `/${PLAYBACK_ID}/high.m3u8`));
    const { kid: _, ...unnamed } = claims;
    const refused: [string, Request][] = [
      ['token-missing', new Request(`${HOST}/${PLAYBACK_ID}.m3u8`)],
      ['token-missing', requestWith('')],
      ['token-invalid', requestWith(`${good}&token=${good}`)],
      ['token-invalid', requestWith('abc')],
      ['token-invalid', requestWith(`${good.slice(0, -8)}AAAAAAAA`)],
      ['token-invalid', requestWith(await signed(unnamed))],
      ['token-invalid', requestWith(await signed({ ...claims, kid: 'other' }))],
      ['token-invalid', requestWith(await signed(claims, { kid: 'other' }))],
      ['token-wrong-audience', requestWith(await signed({ ...claims, aud: 't' }))],
      ['token-wrong-stream', requestWith(good, '/other.m3u8')],
      ['token-wrong-stream', requestWith(good, `/${PLAYBACK_ID}x.m3u8`)],
      ['token-wrong-stream', requestWith(good, `/x/${PLAYBACK_ID}.m3u8`)],
      ['token-wrong-stream', requestWith(await signed({ ...claims, sub: '' }))],
      ['token-expired', requestWith(await signed({ ...claims, exp: NOW_SECONDS }))],
      ['token-not-yet-valid', requestWith(await signed({ ...claims, nbf: NOW_SECONDS + 60 }))],
    ];
    for (const [code, request] of refused)
      assert.equal(await codeOf(verify(request), good), code, request.url);
  });

  it('expects the playback id where the address has it', async () => {
    const { verify } = scheme({ url: 'https://cdn.example.com/mux/{stream}.m3u8' });
    const good = await signed(claims);
    await verify(requestWith(good, `/mux/${PLAYBACK_ID}.m3u8`));
    assert.equal(await codeOf(verify(requestWith(good))), 'token-wrong-stream');
  });

  it('describes a token without its signature, and leaves other JWTs alone', async () => {
    const { inspect } = scheme();
    const token = await signed({ ...claims, time: 5 });
    const reading = inspect(`${HOST}/${PLAYBACK_ID}.m3u8?token=${token}`);
    assert.deepEqual(reading, {
      scheme: 'Mux',
      fields: [
        { name: 'sub (playback id)', value: PLAYBACK_ID },
        { name: 'aud', value: 'v (video)' },
        { name: 'kid', value: keyId },
        { name: 'exp', value: String(end) },
        { name: 'time', value: '5' },
      ],
      expiresAt: end,
      warnings: [],
    });
    assert.match(inspect(`${token} ${token}`)?.warnings.join(' ') ?? '', /more than one/);
    for (const other of [
      { sub: 'a', aud: 'v', exp: end },
      { sub: 'a', kid: keyId, exp: end },
    ])
      assert.equal(inspect(await signed(other)), null);
  });
});
