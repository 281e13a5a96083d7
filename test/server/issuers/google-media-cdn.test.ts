import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { ownEnds } from '@gatecast/contract';
import { googleMediaCdnIssuer, type GoogleMediaCdnIssuerOptions } from '@gatecast/server';
import { mediaCdnKey } from '../../../packages/server/src/issuer/google-media-cdn/media-cdn-key.js';
import {
  writeMediaCdnToken,
  type TokenScope,
} from '../../../packages/server/src/issuer/google-media-cdn/media-cdn-token.js';
import {
  signAddress,
  signCookie,
  signPath,
  signPrefix,
} from '../../../packages/server/src/issuer/google-media-cdn/signed-request.js';
import { codeOf, cookieHeader, issue, now, NOW_SECONDS, schemeOf } from '../support/scheme-kit.js';

/** Keys and results of Google's samples for Media CDN (GoogleCloudPlatform/python-docs-samples, media_cdn). */
const SAMPLE = {
  requestKey: 'BxwXXNjeGaoWqjr7GHEymRJkP4SaOC12dTGixk7Yr8I=',
  tokenKey: 'DJUcnLguVFKmVCFnWGubG1MZg7fWAnxacMjKDhVZMGI=',
  sharedKey: 'g_SlMILiIWKqsC6Z2L7gy0sReDOqtSrJrE7CXNr5Nl8=',
  requestExpires: 1_650_848_400,
  starts: 1_663_027_200,
  expires: 1_663_070_400,
};
const pair = generateKeyPairSync('ed25519').privateKey;
const key = Buffer.from(pair.export({ format: 'jwk' }).d ?? '', 'base64url').toString('base64');
const pem = createPrivateKey(pair.export({ type: 'pkcs8', format: 'pem' }))
  .export({ type: 'pkcs8', format: 'pem' })
  .toString();

const end = NOW_SECONDS + 300;
const HOST = 'https://media.example.com';
const url = `${HOST}/live/{stream}/index.m3u8`;
const urlPrefix = `${HOST}/live/{stream}/`;
const pathGlobs = '/live/{stream}/*';
const entry = `${HOST}/live/abc/index.m3u8`;
const signed = { key, keyName: 'prod-keys', urlPrefix, now } satisfies GoogleMediaCdnIssuerOptions;
const token = { authentication: 'token', key, pathGlobs, now } satisfies GoogleMediaCdnIssuerOptions;

const kit = (config: object = {}, secret = key) =>
  schemeOf(
    { type: 'google-media-cdn', key: { env: 'KEY' }, keyName: 'prod-keys', ...config },
    { KEY: secret },
  );
const tokenKit = (config: object = {}, secret = key) => kit({ authentication: 'token', ...config }, secret);
const withQuery = (query: Readonly<Record<string, string>> = {}, path = '/live/abc/low/1.ts') =>
  new Request(
    `${HOST}${path}?${Object.entries(query)
      .map(([name, value]) => `${name}=${value}`)
      .join('&')}`,
  );
const unpadded = (text: string) => text.replace(/=+$/, '');

describe('tokens of Google Media CDN', () => {
  const scopes: Record<string, TokenScope> = {
    'URLPrefix=aHR0cDovLzEwLjIwLjMwLjQwLw': { urlPrefix: 'http://10.20.30.40/' },
    'PathGlobs=/*': { pathGlobs: ['/*'] },
    FullPath: { fullPath: '/example.m3u8' },
  };
  const expected = {
    ED25519: [
      'Signature=OQLXEjnApFGJaGZ_jvp2R7VY5q3ic-HT3igFpi9iPsJRXtQuvPF4cxZUT-rtCqzteXx3vSRhk09FxgDQauO_DA',
      'Signature=9pBdD_6O6LB-4V67HZ_SOc2G_jIkSZ_tMsKnVqElmPlwKB_xDiW7DKAnv8L8CmweeZquaLFlnLogbMcIV8bNCQ',
      'Signature=X74OTNjtseIUmsab-YiOTZ8jyX_KG7v4YQWwcFpfFmjhzaX8NdweMc9Wglj8wxEsEW85g3_MBG3T9jzLZFQDCw',
    ],
    HMAC_SHA1: [
      'hmac=6f5b4bb82536810d5ee111cba3e534d49c6ac3cb',
      'hmac=c1c446eea24faa31392519f975fea7eefb945625',
      'hmac=7af78177d6bc001d5626eefe387b1774a4a99ca2',
    ],
    HMAC_SHA_256: [
      'hmac=409722313cf6d987da44bb360e60dccc3d79764520fc5e3b57654e1d4d2c862e',
      'hmac=9439ecdd5c4919f76f915dea72afa85a045579794e63d8cda664f5a1140c8d93',
      'hmac=365b41fd77297371d890fc9a56e4e3d3baa4c7afbd230a0e9a81c8e1bcab9420',
    ],
  } as const;

  for (const algorithm of ['ED25519', 'HMAC_SHA1', 'HMAC_SHA_256'] as const) {
    const secret = algorithm === 'ED25519' ? SAMPLE.tokenKey : SAMPLE.sharedKey;

    it(`are those of Google’s samples with ${algorithm}, and verify`, async () => {
      for (const [at, [sent, scope]] of Object.entries(scopes).entries()) {
        const fields = { scope, expires: SAMPLE.expires };
        const written = await writeMediaCdnToken(await mediaCdnKey(secret, algorithm), fields);
        assert.equal(written, `${sent}~Expires=1663070400~${expected[algorithm][at] ?? ''}`);
        const request = new Request(`http://10.20.30.40/example.m3u8?edge-cache-token=${written}`);
        const verified = tokenKit({ signatureAlgorithm: algorithm }, secret).verify(
          request,
          SAMPLE.starts * 1000,
        );
        assert.deepEqual(await verified, { expiresAt: SAMPLE.expires });
      }
    });
  }

  it('have the optional fields in the order of Google’s samples', async () => {
    const written = await issue(
      googleMediaCdnIssuer({ ...token, sessionId: true, data: 'test-data' }),
      'abc',
      { id: 'test-id', claims: { nbf: NOW_SECONDS - 5 }, restrictions: { ip: '2001:db8::1' } },
    );
    const ranges = Buffer.from('2001:db8::1/128').toString('base64url');
    assert.match(
      written.query?.['edge-cache-token'] ?? '',
      new RegExp(
        String.raw`^PathGlobs=/live/abc/\*~Starts=1708456995~Expires=1708457300~SessionID=test-id~Data=test-data~IPRanges=${ranges}~Signature=[\w-]{86}$`,
      ),
    );
    assert.equal(written.tokenId, 'test-id');
  });

  it('go on every request, or on the entry address for the exchange with a long-duration token', async () => {
    const every = await issue(googleMediaCdnIssuer({ ...token, tokenQueryParameter: 'hdnts', url }));
    assert.deepEqual(Object.keys(every.query ?? {}), ['hdnts']);
    assert.equal(every.url, `${entry}?hdnts=${String(every.query?.['hdnts'])}`);
    const first = await issue(googleMediaCdnIssuer({ ...token, placement: 'url', url, sessionCookie: true }));
    assert.deepEqual(Object.keys(first), ['url', 'cookie', 'expiresAt']);
    const full = await issue(googleMediaCdnIssuer({ authentication: 'token', key, url, now }));
    assert.match(full.url ?? '', /index\.m3u8\?edge-cache-token=FullPath~Expires=1708457300~Signature=/);
    assert.deepEqual(await tokenKit().verify(new Request(full.url ?? '')), { expiresAt: end });
    const other = (full.url ?? '').replace('/index.', '/other.');
    assert.equal(await codeOf(tokenKit().verify(new Request(other))), 'token-invalid');
  });

  it('open what they say, until their end, and nothing else', async () => {
    const { query } = await issue(
      googleMediaCdnIssuer({ ...token, pathGlobs: [pathGlobs, '/keys/{stream}/a'] }),
    );
    const text = query?.['edge-cache-token'] ?? '';
    const early = await issue(googleMediaCdnIssuer(token), 'abc', { claims: { nbf: NOW_SECONDS + 5 } });
    const bound = await issue(googleMediaCdnIssuer(token), 'abc', { restrictions: { ip: '192.0.2.7' } });
    const { verify } = tokenKit();
    assert.deepEqual(await verify(withQuery(query), end * 1000 - 1), { expiresAt: end });
    assert.deepEqual(await verify(withQuery(query, '/keys/abc/a')), { expiresAt: end });
    const given = (value: string, path?: string) => withQuery({ 'edge-cache-token': value }, path);
    const refused: [Request, string][] = [
      [withQuery(), 'token-missing'],
      [withQuery({ hdnts: text }), 'token-missing'],
      [given(text, '/live/abd/1.ts'), 'token-wrong-stream'],
      [given(text, '/keys/abc/ab'), 'token-wrong-stream'],
      [given(text.replace('abc', 'abd')), 'token-invalid'],
      [given(text.replace(String(end), String(end + 1))), 'token-invalid'],
      [given(text.replace('~Expires', `~Expires=${String(end)}~Expires`)), 'token-invalid'],
      [given(text.replace(/~Signature=.*/, '')), 'token-invalid'],
      [given(text.replace('Signature=', 'hmac=')), 'token-invalid'],
      [given(`${text}&edge-cache-token=${text}`), 'token-invalid'],
      [withQuery(early.query), 'token-not-yet-valid'],
      [withQuery(bound.query), 'token-invalid'],
    ];
    for (const [request, code] of refused)
      assert.equal(await codeOf(verify(request), key, text.slice(-40)), code, request.url.slice(0, 80));
    assert.equal(await codeOf(verify(withQuery(query), end * 1000)), 'token-expired');
    assert.equal(await codeOf(tokenKit({}, SAMPLE.tokenKey).verify(withQuery(query))), 'token-invalid');
  });
});

describe('signed requests of Google Media CDN', () => {
  it('are those of Google’s samples, which end in padding', async () => {
    const signing = {
      key: await mediaCdnKey(SAMPLE.requestKey, 'ED25519'),
      keyName: 'my-key',
      expires: SAMPLE.requestExpires,
    };
    const addresses = [
      [
        'http://35.186.234.33/index.html',
        '?Expires=1650848400&KeyName=my-key&Signature=16-oE9GZ5U9S_LYrW8RplZhvMfI7RGtGRY0C-Ahh6YAwiJ0UaEi6rQuPxfm6R-cBPfs8MwRGiu2fAoS1JOoKCA==',
      ],
      [
        'http://www.example.com/some/path?some=query&another=param',
        '&Expires=1650848400&KeyName=my-key&Signature=Li_D6rxUh1Kj54JbmUuAms2wmjJHJUcMXJHgYxjL4LqYH02wSX-4gCayXgklNSDpfBfSHnbdC_wvcdyXvADGDw==',
      ],
    ] as const;
    const { verify } = kit({ keyName: 'my-key' }, SAMPLE.requestKey);
    const atMs = (SAMPLE.requestExpires - 60) * 1000;
    for (const [address, expected] of addresses) {
      assert.equal(await signAddress(address, signing), unpadded(address + expected));
      assert.deepEqual(await verify(new Request(address + expected), atMs), {
        expiresAt: SAMPLE.requestExpires,
      });
    }
    assert.deepEqual(await signPrefix('http://35.186.234.33/', signing), {
      URLPrefix: 'aHR0cDovLzM1LjE4Ni4yMzQuMzMv',
      Expires: '1650848400',
      KeyName: 'my-key',
      Signature: 'mR4jNsWVn39ofSC5425SXwZVzHAAixemdcRGHgPuO1V1Fl7lJs2Ws5aPOGp-MhbDinFYUkutHh-I9c5Du4jtAA',
    });
    // A prefix with padding is signed with it.
    const padded =
      'http://www.example.com/some/path?some=query&another=param&URLPrefix=aHR0cDovL3d3dy5leGFtcGxlLmNvbS9zb21lLw==&Expires=1650848400&KeyName=my-key&Signature=pVN8HKc6Be-PDczd9NjqSui3HHaoCLUN5iDv6JhQ77uKigsCih6z_cMTGjeXhgGASh1zr-ZPrOnxWJxxGWxsBg==';
    assert.deepEqual(await verify(new Request(padded), atMs), { expiresAt: SAMPLE.requestExpires });
    assert.equal(
      await signCookie('http://www.example.com/foo/', signing),
      'URLPrefix=aHR0cDovL3d3dy5leGFtcGxlLmNvbS9mb28v:Expires=1650848400:KeyName=my-key:Signature=I0BnupL1tKbXklf1rK50nlC9JMh4HBLogTKByatOFRvALofT159BegB26Z2WmrI-ZAgAp8Q-1__bWtFdMAqCAA',
    );
    const pathSigning = {
      key: await mediaCdnKey(SAMPLE.sharedKey, 'ED25519'),
      keyName: 'test-key',
      expires: SAMPLE.expires,
    };
    assert.equal(
      await signPath('https://example.com/', 'test-filename', pathSigning),
      'https://example.com/edge-cache-token=Expires=1663070400&KeyName=test-key&Signature=2hvmMKXW_e0bY3ViJNDSgoXDGvNj2L-UYTseTgtj96Va0S4FYxehka1k4hzWo2_87B9zqr_Ne4MMEdRfHUMUBw/test-filename',
    );
  });

  it('are issued in each place, and verify', async () => {
    const placed = (own: object) => issue(googleMediaCdnIssuer({ ...signed, ...own }));
    const every = await placed({ url });
    assert.deepEqual(Object.keys(every.query ?? {}), ['URLPrefix', 'Expires', 'KeyName', 'Signature']);
    assert.deepEqual(await kit().verify(withQuery(every.query)), { expiresAt: end });
    assert.deepEqual(await kit().verify(new Request(every.url ?? '')), { expiresAt: end });

    const single = await issue(
      googleMediaCdnIssuer({ key: pem, keyName: 'prod-keys', url: `${url}?a=1`, now }),
    );
    assert.ok(single.url?.startsWith(`${entry}?a=1&Expires=${String(end)}&KeyName=prod-keys&Signature=`));
    assert.deepEqual(await kit().verify(new Request(single.url ?? '')), { expiresAt: end });

    const path = await placed({ placement: 'path', url });
    assert.ok(
      path.url?.startsWith(`${HOST}/live/abc/edge-cache-token=Expires=`) && path.url.endsWith('/index.m3u8'),
    );
    const child = new URL('low/1.ts', path.url).href;
    assert.deepEqual(await kit({ placement: 'path' }).verify(new Request(child)), { expiresAt: end });

    const cookie = await placed({ placement: 'cookie', url, cookie: { domain: 'example.com' } });
    assert.equal(cookie.url, entry);
    assert.match(
      cookie.setCookies?.[0] ?? '',
      /^Edge-Cache-Cookie=URLPrefix=.*; Domain=example\.com; Path=\/; Secure;/,
    );
    const headers = { Cookie: cookieHeader(cookie.setCookies) };
    const cookieKit = kit({ placement: 'cookie' });
    assert.deepEqual(await cookieKit.verify(new Request(`${HOST}/live/abc/1.ts`, { headers })), {
      expiresAt: end,
    });
    const elsewhere = new Request(`${HOST}/live/abd/1.ts`, { headers });
    assert.equal(await codeOf(cookieKit.verify(elsewhere)), 'token-wrong-stream');
    const twice = new Request(entry, { headers: { Cookie: `${headers.Cookie}; ${headers.Cookie}` } });
    assert.equal(await codeOf(cookieKit.verify(twice)), 'token-invalid');
  });

  it('are refused where Media CDN refuses them', async () => {
    const { query = {} } = await issue(googleMediaCdnIssuer(signed));
    const single = await issue(googleMediaCdnIssuer({ key, keyName: 'prod-keys', url, now }));
    const path = await issue(googleMediaCdnIssuer({ ...signed, placement: 'path', url }));
    const { verify } = kit();
    const refused: [() => Promise<unknown>, string][] = [
      [() => verify(withQuery()), 'token-missing'],
      [() => verify(withQuery({ ...query, Signature: 'a'.repeat(86) })), 'token-invalid'],
      [() => verify(withQuery({ ...query, Expires: String(end + 1) })), 'token-invalid'],
      [() => verify(withQuery({ ...query, KeyName: 'other' })), 'token-invalid'],
      [() => verify(withQuery(query, '/live/abd/1.ts')), 'token-wrong-stream'],
      [() => verify(new Request(`${withQuery(query).url}&Expires=1`)), 'token-invalid'],
      [() => verify(new Request(`${single.url ?? ''}&x=1`)), 'token-invalid'],
      [() => verify(new Request((single.url ?? '').replace('index', 'other'))), 'token-invalid'],
      [
        () => kit({ placement: 'path' }).verify(new Request((path.url ?? '').replace('/abc/', '/abd/'))),
        'token-invalid',
      ],
      [() => verify(withQuery(query), end * 1000), 'token-expired'],
    ];
    for (const [at, [verified, code]] of refused.entries())
      assert.equal(await codeOf(verified(), key, query['Signature'] ?? key), code, String(at));
  });
});

describe('googleMediaCdnIssuer', () => {
  it('refuses a grant that the token cannot express', async () => {
    const refused: [GoogleMediaCdnIssuerOptions, object][] = [
      [signed, { restrictions: { ip: '192.0.2.7' } }],
      [signed, { claims: { nbf: NOW_SECONDS } }],
      [token, { claims: { tier: 'gold' } }],
      [token, { claims: { nbf: end } }],
      [token, { restrictions: { referer: 'example.com' } }],
      [token, { restrictions: { ip: 'home' } }],
      [{ ...token, sessionId: true }, { id: 'a~Expires=9' }],
    ];
    for (const [options, grant] of refused)
      assert.equal(
        await codeOf(issue(googleMediaCdnIssuer(options), 'abc', grant)),
        'issuer-parameter-invalid',
      );
  });

  it('never lets the name of a stream widen what is signed', async () => {
    for (const options of [signed, token])
      for (const name of ['*', 'a?', 'a,/*', 'a!', 'a~b', 'a;b'])
        assert.equal(await codeOf(issue(googleMediaCdnIssuer(options), name)), 'issuer-parameter-invalid');
    const { query } = await issue(googleMediaCdnIssuer(token), 'a/b&ü');
    assert.match(query?.['edge-cache-token'] ?? '', /^PathGlobs=\/live\/a%2Fb%26%C3%BC\/\*~/);
  });

  it('refuses options that contradict each other, or that open more than one stream', async () => {
    const refused: [object, RegExp][] = [
      [{ ...signed, keyName: undefined }, /keyName/],
      [{ ...signed, urlPrefix: `${HOST}/live/{stream}` }, /end in a slash/],
      [{ ...signed, urlPrefix: `${HOST}/live/` }, /must contain \{stream\}/],
      [{ ...signed, urlPrefix: undefined, placement: 'query' }, /one address only/],
      [{ ...signed, urlPrefix: undefined }, /needs the option url/],
      [{ ...signed, signatureAlgorithm: 'HMAC_SHA_256' }, /ED25519/],
      [{ ...signed, pathGlobs }, /need authentication/],
      [{ ...signed, placement: 'path', url: `${HOST}/vod/{stream}/a` }, /begins with urlPrefix/],
      [{ ...signed, url: `${url}?Expires=1` }, /field of Media CDN/],
      [{ ...token, urlPrefix }, /exclude each other/],
      [{ ...token, pathGlobs: '/*' }, /must contain \{stream\}/],
      [{ ...token, pathGlobs: '/live/{stream}*' }, /wildcard/],
      [{ ...token, pathGlobs: '/live/{stream}/*,/*' }, /separator/],
      [{ ...token, pathGlobs: [] }, /at least one/],
      [{ ...token, placement: 'cookie' }, /needs authentication/],
      [{ ...token, tokenQueryParameter: '1a' }, /tokenQueryParameter/],
      [{ ...token, data: 'a~Expires=9' }, /data/],
    ];
    for (const [options, message] of refused)
      assert.throws(() => googleMediaCdnIssuer(options as GoogleMediaCdnIssuerOptions), message);
    const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const other = elliptic.export({ type: 'pkcs8', format: 'pem' }).toString();
    await assert.rejects(issue(googleMediaCdnIssuer({ ...signed, key: other })), /Ed25519 keys only/);
  });

  it('is created from a configuration', async () => {
    const config = { authentication: 'token', pathGlobs, signatureAlgorithm: 'HMAC_SHA1', ttlSeconds: 60 };
    const issued = await issue(kit(config, SAMPLE.sharedKey).create());
    assert.match(issued.query?.['edge-cache-token'] ?? '', /~hmac=[\da-f]{40}$/);
  });

  it('has an end that the client reads from the token itself, in each form', async () => {
    const forms = [
      signed,
      { ...signed, placement: 'url', url },
      { ...signed, placement: 'path', url },
      { key, keyName: 'prod-keys', url, now },
      token,
      { authentication: 'token', key, url, now },
    ] as const;
    for (const [at, options] of forms.entries()) {
      const { expiresAt: _, ...part } = await issue(googleMediaCdnIssuer(options));
      assert.deepEqual([...new Set(ownEnds(part))], [end], String(at));
    }
  });
});

describe('the Google Media CDN scheme', () => {
  it('reads every form, without the signature', async () => {
    const forms = [
      signed,
      { ...signed, placement: 'path', url },
      { ...signed, placement: 'cookie' },
      { key, keyName: 'prod-keys', url, now },
      token,
      { ...token, signatureAlgorithm: 'HMAC_SHA_256', key: SAMPLE.sharedKey },
    ] as const;
    const scheme = kit();
    for (const [at, options] of forms.entries()) {
      const issued = await issue(googleMediaCdnIssuer(options));
      const text = issued.query
        ? withQuery(issued.query).url
        : (issued.url ?? cookieHeader(issued.setCookies));
      const reading = scheme.inspect(text);
      assert.match(reading?.scheme ?? '', at < 4 ? /signed request/ : /token/);
      assert.equal(reading?.expiresAt, end);
      assert.deepEqual(reading.warnings, []);
      const signature = /(?:Signature|hmac)=([\w-]*)/.exec(text)?.[1] ?? '';
      assert.ok(signature.length > 60 && !JSON.stringify(reading).includes(signature));
    }
    const { query } = await issue(googleMediaCdnIssuer(signed));
    const prefix = scheme.inspect(withQuery(query).url)?.fields[0];
    assert.deepEqual(prefix, { name: 'URLPrefix', value: `${HOST}/live/abc/` });
    const broad = 'PathGlobs=/*~URLPrefix=aHR0~Expires=1663070400~Expires=1~Signature=x';
    assert.deepEqual(scheme.inspect(broad)?.warnings, [
      'The field "Expires" is there more than once.',
      'The token says in several ways what it opens.',
      'The token opens every path.',
    ]);
    for (const text of [
      '',
      'Expires=1&Signature=x',
      'exp=1~hmac=ab',
      '~Signature=',
      'PathGlobs=~Signature='.repeat(700),
    ])
      assert.equal(scheme.inspect(text), null, text.slice(0, 40));
  });
});
