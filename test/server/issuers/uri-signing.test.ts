import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isRenewedByOrigin, ownEnds } from '@gatecast/contract';
import { uriSigningIssuer, type UriSigningIssuerOptions } from '@gatecast/server';
import { compactVerify, decodeJwt, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import { codeOf, issue, now, NOW_SECONDS, schemeOf } from '../support/scheme-kit.js';

const k = 'Kh_RkUMj-fzbD37qBnDf_3e_RvQ3RP9PaSmVEpE24AM';
const key = JSON.stringify({ kty: 'oct', kid: 'k1', alg: 'HS256', k });
const path = '/live/{stream}/';
const url = 'https://cdn.example.com/live/{stream}/index.m3u8';
const options = { key, issuer: 'gatecast', path, url, now } satisfies UriSigningIssuerOptions;
const segment = 'https://cdn.example.com/live/abc/1.ts';
const config = { type: 'uri-signing', key: { env: 'KEY' }, issuer: 'gatecast', path, url };
const kit = schemeOf(config, { KEY: key });

const tokenOf = async (own: object = {}, grant: object = {}, stream = 'abc') => {
  const issued = await issue(uriSigningIssuer({ ...options, ...own }), stream, grant);
  return new URL(issued.url ?? '').searchParams.get('URISigningPackage') ?? '';
};
const at = (token: string, address = segment) => new Request(`${address}?URISigningPackage=${token}`);
const signed = async (claims: object, kid = 'k1') => {
  const own = { iss: 'gatecast', exp: NOW_SECONDS + 60, cdniuc: decodeJwt(await tokenOf())['cdniuc'] };
  const secret = await importJWK({ kty: 'oct', k }, 'HS256');
  return new SignJWT({ ...own, ...claims }).setProtectedHeader({ alg: 'HS256', kid }).sign(secret);
};

describe('uriSigningIssuer', () => {
  it('signs the folder of a stream, for every request', async () => {
    const issued = await issue(uriSigningIssuer({ ...options, audience: 'cdn' }));
    const token = issued.query?.['URISigningPackage'] ?? '';
    assert.equal(issued.url, `https://cdn.example.com/live/abc/index.m3u8?URISigningPackage=${token}`);
    assert.equal(issued.cookie, undefined);
    const { payload, protectedHeader } = await compactVerify(
      token,
      await importJWK({ kty: 'oct', k }, 'HS256'),
    );
    assert.deepEqual(protectedHeader, { alg: 'HS256', kid: 'k1' });
    assert.deepEqual(JSON.parse(new TextDecoder().decode(payload)), {
      iss: 'gatecast',
      aud: 'cdn',
      exp: NOW_SECONDS + 300,
      iat: NOW_SECONDS,
      cdniv: 1,
      cdniuc: 'regex:^https?://cdn\\.example\\.com/live/abc/.*$',
    });
  });

  it('lets the CDN renew the token in a cookie for the folder of the stream', async () => {
    const issued = await issue(uriSigningIssuer({ ...options, renewalSeconds: 20 }));
    const token = new URL(issued.url ?? '').searchParams.get('URISigningPackage') ?? '';
    const { cdniets, cdnistt, cdnistd } = decodeJwt(token);
    assert.deepEqual({ cdniets, cdnistt, cdnistd }, { cdniets: 20, cdnistt: 1, cdnistd: 2 });
    assert.equal(issued.cookie, true);
    assert.equal(issued.isRenewedInCookie, true);
    assert.equal(issued.query, undefined);
    const part = { query: { URISigningPackage: token } };
    assert.ok(isRenewedByOrigin(part));
    assert.deepEqual(ownEnds(part), [NOW_SECONDS + 300]);
  });

  it('does not let the CDN renew past the end of a grant', async () => {
    for (const grant of [{ expiresAt: NOW_SECONDS + 30 }, { claims: { exp: NOW_SECONDS + 30 } }]) {
      const issued = await issue(uriSigningIssuer({ ...options, renewalSeconds: 20 }), 'abc', grant);
      const claims = decodeJwt(issued.query?.['URISigningPackage'] ?? '');
      assert.equal(claims.exp, NOW_SECONDS + 30);
      assert.ok(!('cdniets' in claims) && !('cdnistt' in claims));
      assert.equal(issued.cookie, undefined);
    }
  });

  it('takes a name literally', async () => {
    for (const [stream, opened, other] of [
      ['a.b', '/live/a.b/1.ts', '/live/axb/1.ts'],
      ['a|b', '/live/a%7Cb/1.ts', '/live/b/1.ts'],
      ['(a)', '/live/(a)/1.ts', '/live/a/1.ts'],
      ['a/b', '/live/a%2Fb/1.ts', '/live/a/b/1.ts'],
      ['a', '/live/a/1.ts', '/live/ab/1.ts'],
    ] as const) {
      const claim = String(decodeJwt(await tokenOf({}, {}, stream))['cdniuc']);
      const expression = new RegExp(claim.slice('regex:'.length));
      assert.ok(expression.test(`https://cdn.example.com${opened}`), stream);
      assert.ok(!expression.test(`https://cdn.example.com${other}`), stream);
      assert.ok(!expression.test(`https://evil.example/https://cdn.example.com${opened}`), stream);
    }
    for (const stream of ['*', 'a?', '.', '..', 'a%2Fb'])
      assert.equal(await codeOf(tokenOf({}, {}, stream), k), 'issuer-parameter-invalid');
  });

  it('matches a name that needs encoding in both normal forms: RFC 3986, and all but reserved characters decoded', async () => {
    const stream = 'Käse & 𝄞"+(1)';
    const claim = String(decodeJwt(await tokenOf({}, {}, stream))['cdniuc']);
    const expression = new RegExp(claim.slice('regex:'.length));
    for (const name of [encodeURIComponent(stream), 'Käse %26 𝄞"%2B(1)'])
      assert.ok(expression.test(`https://cdn.example.com/live/${name}/1.ts`), name);
    assert.ok(!expression.test('https://cdn.example.com/live/K/1.ts'));
    await kit.verify(
      at(await tokenOf({}, {}, stream), `https://cdn.example.com/live/${encodeURIComponent(stream)}/1.ts`),
    );
    const spaced = { path: '/live tv/{stream}/', url: 'https://cdn.example.com/live tv/{stream}/index.m3u8' };
    const own = schemeOf({ ...config, ...spaced }, { KEY: key });
    await own.verify(at(await tokenOf(spaced), 'https://cdn.example.com/live%20tv/abc/1.ts'));
  });

  it('refuses what the token cannot express', async () => {
    for (const grant of [{ restrictions: { ip: '192.0.2.1' } }, { claims: { jti: 'x' } }])
      assert.equal(await codeOf(tokenOf({}, grant), k), 'issuer-parameter-invalid');
    for (const own of [
      { issuer: '' },
      { path: '/live/{stream}' },
      { path: '/{stream}/{stream}/' },
      { path: '/%FF/{stream}/', url: 'https://cdn.example.com/%FF/{stream}/index.m3u8' },
      { url: 'https://cdn.example.com/vod/{stream}/index.m3u8' },
      { url: `${url}?URISigningPackage=x` },
      { renewalSeconds: 0 },
    ])
      assert.throws(() => uriSigningIssuer({ ...options, ...own }), TypeError, JSON.stringify(own));
  });

  it('refuses keys without kid or alg, and shows nothing of them', async () => {
    for (const jwk of [{ kid: 'k1' }, { alg: 'HS256' }, { kid: 'k1', alg: 'HS512' }]) {
      const issuing = tokenOf({ key: JSON.stringify({ kty: 'oct', k, ...jwk }) });
      await assert.rejects(issuing, (error) => error instanceof TypeError && !error.message.includes(k));
    }
    await assert.rejects(tokenOf({ key: `not JSON ${k}` }), (error) => !String(error).includes(k));
  });
});

describe('scheme of URI Signing', () => {
  it('verifies tokens of the query and of the cookie', async () => {
    const issued = await issue(kit.create());
    const end = decodeJwt(issued.query?.['URISigningPackage'] ?? '').exp ?? 0;
    const token = await tokenOf();
    assert.ok(end > NOW_SECONDS);
    assert.deepEqual(await kit.verify(at(token)), { expiresAt: NOW_SECONDS + 300 });
    const cookie = new Request(segment, { headers: { cookie: `URISigningPackage=${token}` } });
    assert.deepEqual(await kit.verify(cookie), { expiresAt: NOW_SECONDS + 300 });
  });

  it('signs and verifies with ES256', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const own = JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'k2', alg: 'ES256' });
    const token = await tokenOf({ key: own });
    await schemeOf(config, { KEY: own }).verify(at(token));
    assert.equal(await codeOf(kit.verify(at(token))), 'token-invalid');
  });

  it('accepts the fractional end of a token that Traffic Server renewed', async () => {
    const token = await signed({ exp: NOW_SECONDS + 20.5, iat: NOW_SECONDS + 0.5, cdniets: 20, cdnistt: 1 });
    assert.deepEqual(await kit.verify(at(token)), { expiresAt: NOW_SECONDS + 20.5 });
  });

  it('refuses other requests', async () => {
    const token = await tokenOf();
    const refused: [string, Request][] = [
      ['token-missing', new Request(segment)],
      ['token-invalid', at(`${token}&URISigningPackage=${token}`)],
      ['token-invalid', at(`${token.slice(0, -4)}AAAA`)],
      ['token-invalid', at(await signed({}, 'other'))],
      ['token-invalid', at(await signed({ iss: 'other' }))],
      ['token-invalid', at(await signed({ cdniv: 2 }))],
      ['token-invalid', at(await signed({ cdniip: 'x' }))],
      ['token-invalid', at(await signed({ cdnicrit: 'x' }))],
      ['token-invalid', at(await signed({ jti: 'x' }))],
      ['token-invalid', at(await signed({ exp: undefined }))],
      ['token-expired', at(await signed({ exp: NOW_SECONDS }))],
      ['token-not-yet-valid', at(await signed({ nbf: NOW_SECONDS + 9 }))],
      ['token-wrong-stream', at(await signed({ cdniuc: 'regex:.*' }))],
      ['token-wrong-stream', at(await signed({ cdniuc: undefined }))],
      ['token-wrong-stream', at(token, 'https://cdn.example.com/live/abcd/1.ts')],
      ['token-wrong-stream', at(token, 'https://cdn.example.com/live/abc/../abd/1.ts')],
      ['token-wrong-stream', at(token, 'https://evil.example/live/abc/1.ts')],
      ['token-wrong-stream', at(token, 'https://cdn.example.com/live/%FF/1.ts')],
    ];
    for (const [code, request] of refused) assert.equal(await codeOf(kit.verify(request), token, k), code);
    const wanted = schemeOf({ ...config, audience: ['a', 'b'] }, { KEY: key });
    assert.equal(await codeOf(wanted.verify(at(token))), 'token-invalid');
    await wanted.verify(at(await tokenOf({ audience: 'b' })));
  });

  it('reads tokens, and warns of what Traffic Server does with them', async () => {
    const reading = kit.inspect(`${segment}?URISigningPackage=${await tokenOf({ renewalSeconds: 20 })}`);
    assert.equal(reading?.scheme, 'URI Signing');
    assert.equal(reading.expiresAt, NOW_SECONDS + 300);
    assert.deepEqual(reading.warnings, []);
    assert.equal(kit.inspect(await signed({ cdniv: 1, cdniuc: undefined, jti: 'x' }))?.warnings.length, 2);
    assert.equal(kit.inspect(await signed({ cdniuc: undefined })), null);
    assert.equal(kit.inspect('no token'), null);
  });
});
