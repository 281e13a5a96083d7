import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import { getSignedCookies, getSignedUrl } from '@aws-sdk/cloudfront-signer';
import { ownEnds } from '@gatecast/contract';
import { cloudfrontIssuer, type CloudFrontIssuerOptions } from '@gatecast/server';
import { codeOf, cookieHeader, issue, now, NOW_SECONDS, schemeOf } from '../support/scheme-kit.js';

const { privateKey: rsaKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKey = rsaKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const ellipticPair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const elliptic = ellipticPair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const HOST = 'https://d111111abcdef8.cloudfront.net';
const keyPairId = 'K2JCJMDEHXQW5F';
const url = `${HOST}/{stream}/index.m3u8`;
const resource = `${HOST}/{stream}/*`;
const end = NOW_SECONDS + 300;
const custom = { keyPairId, privateKey, resource, now } satisfies CloudFrontIssuerOptions;
const canned = { keyPairId, privateKey, url, policy: 'canned', now } satisfies CloudFrontIssuerOptions;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const aws = { keyPairId, privateKey, dateLessThan: iso(end) };

const kit = (config: object = {}, secret = privateKey) =>
  schemeOf(
    { type: 'cloudfront', keyPairId, privateKey: { env: 'KEY' }, resource, ...config },
    { KEY: secret },
  );

function addressOf(
  { query = {} }: { query?: Readonly<Record<string, string>> },
  path = '/abc/seg 1.ts',
): string {
  const fields = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  return `${HOST}${path.replaceAll(' ', '%20')}?${fields.join('&')}`;
}

describe('cloudfrontIssuer', () => {
  for (const hashAlgorithm of ['SHA1', 'SHA256'] as const) {
    const algorithm = { algorithm: hashAlgorithm };

    it(`signs the same URL as AWS’ library with a canned policy and ${hashAlgorithm}`, async () => {
      const issued = await issue(cloudfrontIssuer({ ...canned, hashAlgorithm }));
      const expected = getSignedUrl({ ...aws, ...algorithm, url: `${HOST}/abc/index.m3u8` });
      assert.deepEqual(issued, { url: expected, expiresAt: end });
      const own = await issue(cloudfrontIssuer({ ...canned, url: `${url}?size=large&x=1`, hashAlgorithm }));
      assert.equal(
        own.url,
        getSignedUrl({ ...aws, ...algorithm, url: `${HOST}/abc/index.m3u8?size=large&x=1` }),
      );
    });

    it(`signs the same URL and cookies as AWS’ library with a custom policy and ${hashAlgorithm}`, async () => {
      const conditions = { dateGreaterThan: NOW_SECONDS - 60, ipAddress: '192.0.2.0/24' };
      const options = { ...custom, ...conditions, hashAlgorithm, url };
      const expected = {
        ...aws,
        ...algorithm,
        url: `${HOST}/abc/*`,
        ipAddress: '192.0.2.0/24',
        dateGreaterThan: iso(NOW_SECONDS - 60),
      };
      const query = getSignedUrl(expected).split('?')[1];
      const issued = await issue(cloudfrontIssuer(options));
      assert.equal(addressOf(issued).split('?')[1], query);
      assert.equal(issued.url, `${HOST}/abc/index.m3u8?${String(query)}`);
      const signed = await issue(cloudfrontIssuer({ ...options, placement: 'cookie' }));
      const cookies = Object.fromEntries(
        cookieHeader(signed.setCookies)
          .split('; ')
          .map((pair) => pair.split(/=(.*)/s).slice(0, 2)),
      ) as unknown;
      assert.deepEqual(cookies, getSignedCookies(expected));
    });
  }

  it('signs the same cookies as AWS’ library with a canned policy', async () => {
    const { setCookies, cookie } = await issue(cloudfrontIssuer({ ...canned, placement: 'cookie' }));
    const expected = getSignedCookies({ ...aws, url: `${HOST}/abc/index.m3u8` });
    assert.equal(cookie, true);
    const names = ['CloudFront-Expires', 'CloudFront-Key-Pair-Id', 'CloudFront-Signature'] as const;
    assert.equal(
      cookieHeader(setCookies),
      names.map((name) => `${name}=${String(expected[name])}`).join('; '),
    );
  });

  it('gives cookies the attributes of the option cookie', async () => {
    const attributesOf = async (cookie: CloudFrontIssuerOptions['cookie']) => {
      const issuer = cloudfrontIssuer({ ...custom, placement: 'cookie', ...(cookie && { cookie }) });
      return (await issue(issuer)).setCookies?.map((each) => each.replace(/^[^;]*; /, ''));
    };
    const standard = 'Path=/; Secure; HttpOnly; SameSite=Lax';
    assert.deepEqual(await attributesOf(undefined), [standard, standard, standard]);
    const own = { domain: 'example.com', path: '/{stream}/', sameSite: 'None', httpOnly: false } as const;
    const expected = 'Domain=example.com; Path=/abc/; Secure; SameSite=None';
    assert.deepEqual(await attributesOf(own), [expected, expected, expected]);
    const partitioned = 'Path=/; Secure; HttpOnly; SameSite=None; Partitioned';
    assert.deepEqual(await attributesOf({ partitioned: true }), [partitioned, partitioned, partitioned]);
  });

  it('signs with a P-256 key, in the DER form that OpenSSL reads and writes', async () => {
    const plain = (text = '') =>
      Buffer.from(
        text.replace(/[-_~]/g, (each) => ({ '-': '+', _: '=', '~': '/' })[each] ?? ''),
        'base64',
      );
    // The numbers of a signature have one of several lengths, so that several signatures are needed.
    for (let round = 0; round < 8; round++) {
      const issued = await issue(
        cloudfrontIssuer({ ...custom, privateKey: elliptic, hashAlgorithm: 'SHA256' }),
      );
      const { Policy: policy, Signature: signature } = issued.query ?? {};
      assert.ok(verify('sha256', plain(policy), ellipticPair.publicKey, plain(signature)));
      const verified = await kit({}, elliptic).verify(new Request(addressOf(issued)));
      assert.equal(verified.expiresAt, end);
      const fromAws = getSignedUrl({ ...aws, privateKey: elliptic, url: `${HOST}/abc/index.m3u8` });
      assert.equal((await kit({}, elliptic).verify(new Request(fromAws))).expiresAt, end);
    }
  });

  it('takes the end, the begin and the address from the grant', async () => {
    const grant = {
      ttlSeconds: 600,
      expiresAt: NOW_SECONDS + 20,
      claims: { nbf: NOW_SECONDS - 5 },
      restrictions: { ip: '198.51.100.7' },
    };
    const issued = await issue(cloudfrontIssuer(custom), 'abc', grant);
    assert.equal(issued.expiresAt, NOW_SECONDS + 20);
    const fields = kit().inspect(addressOf(issued))?.fields;
    assert.deepEqual(fields?.map(({ name, value }) => `${name} ${value}`).slice(0, 4), [
      `Resource ${HOST}/abc/*`,
      `DateGreaterThan ${String(NOW_SECONDS - 5)}`,
      `DateLessThan ${String(NOW_SECONDS + 20)}`,
      'IpAddress 198.51.100.7/32',
    ]);
  });

  it('refuses a grant that a policy cannot express', async () => {
    const refused: [CloudFrontIssuerOptions, object][] = [
      [custom, { claims: { tier: 'gold' } }],
      [custom, { restrictions: { referer: 'example.com' } }],
      [custom, { restrictions: { ip: '2001:db8::1' } }],
      [custom, { claims: { nbf: end } }],
      [canned, { restrictions: { ip: '192.0.2.7' } }],
      [canned, { claims: { nbf: NOW_SECONDS } }],
    ];
    for (const [options, grant] of refused)
      assert.equal(await codeOf(issue(cloudfrontIssuer(options), 'abc', grant)), 'issuer-parameter-invalid');
  });

  it('never lets the name of a stream widen what is signed', async () => {
    for (const name of ['*', 'a*', 'a?'])
      assert.equal(await codeOf(issue(cloudfrontIssuer(custom), name)), 'issuer-parameter-invalid');
    const { query } = await issue(cloudfrontIssuer(custom), 'a/b&Policy=x#"ü');
    const reading = kit().inspect(addressOf({ query: query ?? {} }));
    assert.equal(reading?.fields[0]?.value, `${HOST}/a%2Fb%26Policy%3Dx%23%22%C3%BC/*`);
  });

  it('refuses options that contradict each other, or that open more than one stream', () => {
    const refused: [object, RegExp][] = [
      [{ ...custom, resource: `${HOST}/*` }, /must contain \{stream\}/],
      [{ ...custom, resource: `${HOST}/{stream}*` }, /wildcard/],
      [{ ...custom, resource: `${HOST}/*/{stream}/*` }, /wildcard/],
      [{ ...custom, resource: '/{stream}/*' }, /must begin with/],
      [{ ...custom, resource: undefined }, /needs the option resource/],
      [{ ...custom, placement: 'url' }, /needs the option url/],
      [{ ...canned, placement: 'query' }, /one address only/],
      [{ ...canned, url: undefined }, /needs the option url/],
      [{ ...canned, url: `${HOST}/{stream}/*` }, /wildcard/],
      [{ ...canned, ipAddress: '192.0.2.7' }, /need a custom policy/],
      [{ ...canned, url: `${url}?Expires=1` }, /field of CloudFront/],
      [{ ...custom, cookie: { sameSite: 'None', secure: false } }, /browsers refuse/],
      [{ ...custom, cookie: { partitioned: true, sameSite: 'Lax' } }, /needs sameSite/],
      [{ ...custom, cookie: { partitioned: true, secure: false } }, /needs secure/],
      [{ ...custom, cookie: { domain: 'a; Path=/' } }, /domain name/],
      [{ ...custom, ipAddress: '192.0.2.7/40' }, /IPv4/],
      [{ ...custom, ttlSeconds: 0 }, /whole number of seconds/],
    ];
    for (const [options, message] of refused)
      assert.throws(() => cloudfrontIssuer(options as CloudFrontIssuerOptions), message);
    assert.ok(cloudfrontIssuer({ ...custom, resource: 'http*://cdn.example.com/{stream}/*' }));
  });

  it('signs with a key that changes between two requests', async () => {
    const keys = [privateKey, elliptic];
    const issuer = cloudfrontIssuer({ ...custom, privateKey: () => keys.shift() ?? '' });
    await kit().verify(new Request(addressOf(await issue(issuer))));
    await kit({}, elliptic).verify(new Request(addressOf(await issue(issuer))));
    await assert.rejects(issue(issuer), /contains no private key|not PEM/);
  });

  it('is created from a configuration', async () => {
    const { query } = await issue(kit({ ttlSeconds: 60, cookie: { path: '/' } }).create());
    assert.deepEqual(Object.keys(query ?? {}), ['Policy', 'Key-Pair-Id', 'Signature']);
    assert.throws(() => kit({ privateKey: 'inline' }).create(), /must not contain secrets/);
  });

  it('has an end that the client reads from the token itself', async () => {
    for (const options of [custom, canned, { ...custom, url, placement: 'url' } as const]) {
      const { expiresAt: _, ...part } = await issue(cloudfrontIssuer(options));
      assert.deepEqual([...new Set(ownEnds(part))], [end]);
    }
  });
});

describe('the CloudFront scheme', () => {
  it('verifies signed URLs and cookies of AWS’ library', async () => {
    const address = `${HOST}/abc/index.m3u8`;
    const verify = (request: Request) => kit().verify(request);
    for (const algorithm of ['SHA1', 'SHA256'] as const) {
      const options = { ...aws, algorithm, url: address };
      assert.deepEqual(await verify(new Request(getSignedUrl(options))), { expiresAt: end });
      const policy = JSON.stringify({
        Statement: [{ Condition: { DateLessThan: { 'AWS:EpochTime': end } }, Resource: `${HOST}/abc/*` }],
      });
      const cookies = getSignedCookies({ keyPairId, privateKey, algorithm, policy });
      const header = Object.entries(cookies).map(([name, value]) => `${name}=${String(value)}`);
      const request = new Request(`${HOST}/abc/low/1.ts?x=1`, { headers: { Cookie: header.join('; ') } });
      assert.deepEqual(await verify(request), { expiresAt: end });
    }
  });

  it('refuses what CloudFront refuses', async () => {
    const issued = await issue(cloudfrontIssuer(custom));
    const good = addressOf(issued);
    const early = await issue(cloudfrontIssuer({ ...custom, dateGreaterThan: NOW_SECONDS + 5 }));
    const bound = await issue(cloudfrontIssuer({ ...custom, ipAddress: '192.0.2.7' }));
    const cannedUrl = String((await issue(cloudfrontIssuer(canned))).url);
    const refused: [string, string][] = [
      [`${HOST}/abc/index.m3u8`, 'token-missing'],
      [good.replace(/&Signature=[^&]*/, ''), 'token-missing'],
      [
        good.replace(/Signature=./, (text) => (text.endsWith('A') ? 'Signature=B' : 'Signature=A')),
        'token-invalid',
      ],
      [good.replace(keyPairId, 'K0THER'), 'token-invalid'],
      [good.replace('/abc/', '/abd/'), 'token-wrong-stream'],
      [good.replace('/abc/', '/abc2/'), 'token-wrong-stream'],
      [`${good}&Hash-Algorithm=SHA256`, 'token-invalid'],
      [`${good}&Hash-Algorithm=MD5`, 'token-invalid'],
      [`${good}&Expires=${String(end)}`, 'token-invalid'],
      [`${good}&Key-Pair-Id=${keyPairId}`, 'token-invalid'],
      [good.replace(/Policy=[^&]*/, 'Policy=e30_'), 'token-invalid'],
      [cannedUrl.replace(String(end), String(end + 1)), 'token-invalid'],
      [cannedUrl.replace('index.m3u8', 'other.m3u8'), 'token-invalid'],
      [cannedUrl.replace('?', '?x=1&'), 'token-invalid'],
      [addressOf(early), 'token-not-yet-valid'],
      [addressOf(bound), 'token-invalid'],
    ];
    const secrets = [issued.query?.['Signature'] ?? ''];
    for (const [address, code] of refused)
      assert.equal(await codeOf(kit().verify(new Request(address)), ...secrets), code, code);
    assert.equal(await codeOf(kit().verify(new Request(good), end * 1000)), 'token-expired');
    assert.deepEqual(await kit().verify(new Request(good), end * 1000 - 1), { expiresAt: end });
    assert.equal(await codeOf(kit({}, elliptic).verify(new Request(good))), 'token-invalid');
    const { setCookies } = await issue(cloudfrontIssuer({ ...custom, placement: 'cookie' }));
    const cookies = `${cookieHeader(setCookies)}; CloudFront-Policy=e30_`;
    const twice = new Request(`${HOST}/abc/1.ts`, { headers: { Cookie: cookies } });
    assert.equal(await codeOf(kit().verify(twice)), 'token-invalid');
  });

  it('reads tokens without showing the signature', async () => {
    const issued = await issue(cloudfrontIssuer({ ...custom, placement: 'cookie' }));
    const { inspect } = kit();
    const reading = inspect(cookieHeader(issued.setCookies));
    assert.equal(reading?.scheme, 'CloudFront custom policy');
    assert.equal(reading.expiresAt, end);
    assert.deepEqual(reading.warnings, []);
    const signature = /Signature=([^;]*)/.exec(issued.setCookies?.join(';') ?? '')?.[1] ?? '';
    assert.ok(signature.length > 100 && !JSON.stringify(reading).includes(signature));
    const cannedUrl = String((await issue(cloudfrontIssuer(canned))).url);
    assert.equal(inspect(cannedUrl)?.scheme, 'CloudFront canned policy');
    assert.match(String(inspect(`${cannedUrl}&Expires=1`)?.warnings[0]), /"Expires" is there more than once/);
    for (const text of ['', 'abc', 'exp=1~hmac=ab', '?Signature=x', 'Key-Pair-Id='.repeat(5000)])
      assert.equal(inspect(text), null);
  });
});
