import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { ownEnds } from '@gatecast/contract';
import { ovenMediaEngineIssuer, type OvenMediaEngineIssuerOptions } from '@gatecast/server';
import { placeIssued } from '../support/place-issued.js';
import { codeOf, issue, now, NOW_SECONDS, schemeOf } from '../support/scheme-kit.js';

const HOST = 'https://ome.example.com:3334';
const secretKey = 'aKq#1kj';
const url = `${HOST}/app/{stream}/llhls.m3u8`;
const options = { secretKey, url, now } satisfies OvenMediaEngineIssuerOptions;
const end = NOW_SECONDS + 300;
const scheme = (config: object = {}, key = secretKey) =>
  schemeOf({ type: 'oven-media-engine', secretKey: { env: 'KEY' }, url, ...config }, { KEY: key });

const encode = (policy: object) => Buffer.from(JSON.stringify(policy)).toString('base64url');
const sign = (address: string, key = secretKey) =>
  createHmac('sha1', key).update(address).digest('base64url');
const policyOf = (address = '') =>
  JSON.parse(Buffer.from(/policy=([^&]*)/.exec(address)?.[1] ?? '', 'base64url').toString()) as unknown;
const signed = (policy: object, address = `${HOST}/app/abc/llhls.m3u8`) => {
  const withPolicy = `${address}?policy=${encode(policy)}`;
  return `${withPolicy}&signature=${sign(withPolicy)}`;
};

describe('ovenMediaEngineIssuer', () => {
  it('signs the address with its policy', async () => {
    const issued = await issue(ovenMediaEngineIssuer(options));
    assert.deepEqual(issued, { url: signed({ url_expire: end * 1000 }), expiresAt: end });
    assert.deepEqual(ownEnds(issued), [end]);
  });

  it('signs the default port, which the address leaves out', async () => {
    for (const [address, origin] of [
      ['https://ome.example.com/app/{stream}/llhls.m3u8', 'https://ome.example.com:443'],
      ['http://ome.example.com/app/{stream}/llhls.m3u8', 'http://ome.example.com:80'],
    ] as const) {
      const policy = encode({ url_expire: end * 1000 });
      const { url: got } = await issue(ovenMediaEngineIssuer({ ...options, url: address }));
      const signature = sign(`${origin}/app/abc/llhls.m3u8?policy=${policy}`);
      assert.equal(got, `${address.replace('{stream}', 'abc')}?policy=${policy}&signature=${signature}`);
    }
  });

  it('signs the address that OvenMediaEngine sees behind a proxy', async () => {
    const signedOrigin = 'http://10.0.0.7:3333';
    const { url: got = '' } = await issue(ovenMediaEngineIssuer({ ...options, signedOrigin }));
    const policy = encode({ url_expire: end * 1000 });
    assert.ok(got.startsWith(`${HOST}/app/abc/`));
    assert.ok(got.endsWith(`&signature=${sign(`${signedOrigin}/app/abc/llhls.m3u8?policy=${policy}`)}`));
    const { verify } = scheme({ signedOrigin });
    assert.deepEqual(await verify(new Request(got)), { expiresAt: end });
  });

  it('signs an ingest endpoint, and names the fields as configured', async () => {
    const endpoint = `${HOST}/app/{stream}?direction=whip`;
    const names = { policyQueryKeyName: 'p', signatureQueryKeyName: 's' };
    const config = { ...options, ...names, url: endpoint };
    const p = encode({ url_expire: end * 1000 });
    const s = sign(`${HOST}/app/abc?direction=whip&p=${p}`);
    const issued = await issue(ovenMediaEngineIssuer(config));
    assert.deepEqual(issued, { url: `${HOST}/app/abc?direction=whip&p=${p}&s=${s}`, expiresAt: end });
    const fields = await issue(ovenMediaEngineIssuer({ ...config, placement: 'query' }));
    assert.deepEqual(fields, { query: { p, s }, expiresAt: end });
    const { verify } = scheme({ ...names, url: endpoint });
    const own = `${HOST}/app/abc?direction=whip`;
    for (const each of [issued, fields]) {
      // The webcaster sends its token in a header, unless the token says where it goes.
      const page = await placeIssued(each, 'abc', own, 'header');
      assert.equal(page.place(own), issued.url);
      assert.deepEqual(await verify(new Request(page.place(own))), { expiresAt: end });
    }
  });

  it('is used for the first playlist only', async () => {
    const issued = await issue(ovenMediaEngineIssuer(options));
    const own = `${HOST}/app/abc/llhls.m3u8`;
    const page = await placeIssued(issued, 'abc', own);
    assert.equal(page.entry, own);
    assert.equal(page.place(own), issued.url);
    const child = `${HOST}/app/abc/chunklist_2_video_OPIT0MHJ_llhls.m3u8?session=14_Q1h2WRyt`;
    assert.equal(page.place(child), child);
  });

  it('ends sessions with the grant, or with the token if streamExpire is set', async () => {
    const grant = { ttlSeconds: 60, expiresAt: NOW_SECONDS + 3600 };
    const first = await issue(ovenMediaEngineIssuer(options), 'abc', grant);
    const url_expire = (NOW_SECONDS + 60) * 1000;
    assert.deepEqual(policyOf(first.url), { url_expire, stream_expire: (NOW_SECONDS + 3600) * 1000 });
    assert.deepEqual(ownEnds(first), [NOW_SECONDS + 60]);
    const second = await issue(ovenMediaEngineIssuer({ ...options, streamExpire: true }), 'abc', grant);
    assert.deepEqual(policyOf(second.url), { url_expire, stream_expire: url_expire });
  });

  it('applies begin and address of the grant', async () => {
    const grant = { claims: { nbf: NOW_SECONDS }, restrictions: { ip: '192.168.100.5' } };
    const { url: got } = await issue(
      ovenMediaEngineIssuer({ ...options, allowIp: '10.0.0.0/8' }),
      'abc',
      grant,
    );
    assert.deepEqual(policyOf(got), {
      url_activate: NOW_SECONDS * 1000,
      url_expire: end * 1000,
      allow_ip: '192.168.100.5/32',
    });
    const issuer = ovenMediaEngineIssuer({ ...options, allowIp: '10.0.0.0/8', ipKey: 'real_ip' });
    assert.deepEqual(policyOf((await issue(issuer)).url), { url_expire: end * 1000, real_ip: '10.0.0.0/8' });
  });

  it('encodes the name of the stream, and refuses names of folders', async () => {
    const { url: got } = await issue(ovenMediaEngineIssuer(options), 'a/b ü');
    assert.ok(got?.startsWith(`${HOST}/app/a%2Fb%20%C3%BC/llhls.m3u8?`));
    for (const stream of ['..', '.', '*', 'a?b'])
      assert.equal(await codeOf(issue(ovenMediaEngineIssuer(options), stream)), 'issuer-parameter-invalid');
  });

  it('refuses what a policy cannot say', async () => {
    const issuer = ovenMediaEngineIssuer(options);
    for (const grant of [
      { claims: { tier: 'pro' } },
      { restrictions: { referer: 'example.com' } },
      { restrictions: { ip: '2001:db8::1' } },
    ])
      assert.equal(await codeOf(issue(issuer, 'abc', grant), secretKey), 'issuer-parameter-invalid');
    assert.throws(() => ovenMediaEngineIssuer({ ...options, url: `${HOST}/app/abc` }), /\{stream\}/);
    assert.throws(() => ovenMediaEngineIssuer({ ...options, url: `${url}?policy=x` }), /policy/);
    assert.throws(() => ovenMediaEngineIssuer({ ...options, signatureQueryKeyName: 'policy' }), /two names/);
    assert.throws(() => ovenMediaEngineIssuer({ ...options, policyQueryKeyName: 'a&b' }), /two names/);
    assert.throws(() => ovenMediaEngineIssuer({ ...options, signedOrigin: `${HOST}/` }), /signedOrigin/);
    assert.throws(() => ovenMediaEngineIssuer({ ...options, allowIp: '10.0.0' }), /IPv4/);
  });
});

describe('the scheme oven-media-engine', () => {
  it('has the signature of the documented example', async () => {
    // The example has a ws: address and an end in 1970; the signature is checked before.
    const policy = 'eyJ1cmxfZXhwaXJlIjoxMzk5NzIxNTgxfQ';
    const signedOrigin = 'ws://192.168.0.100:3333';
    const { verify, inspect } = scheme({ signedOrigin }, '1kU^b6');
    const address = (signature: string) =>
      `http://192.168.0.100:3333/app/stream?policy=${policy}&signature=${signature}`;
    const right = address('dvVdBpoxAeCPl94Kt5RoiqLI0YE');
    assert.equal(await codeOf(verify(new Request(right))), 'token-expired');
    assert.deepEqual(await verify(new Request(right), 1_399_721_580), { expiresAt: 1_399_721 });
    assert.equal(await codeOf(verify(new Request(address('dvVdBpoxAeCPl94Kt5RoiqLI0YF')))), 'token-invalid');
    assert.match(inspect(right)?.warnings.join(' ') ?? '', /in seconds.*milliseconds/);
  });

  it('has the signature of the example in milliseconds that signed_policy_url_generator.sh wrote', async () => {
    const query = 'policy=eyJ1cmxfZXhwaXJlIjoxNjA0Mzc3NTIwMTc4fQ&signature=Ry0JOBMYGkwm9i-dzzNM1IOfDP0';
    const { verify } = scheme({ signedOrigin: 'ws://localhost:9999' }, '12345');
    const request = new Request(`http://localhost:9999/app/stream?${query}`);
    // The script signed an srt: address, which no page requests: another scheme has another signature.
    assert.equal(await codeOf(verify(request, 1_604_377_520_000)), 'token-invalid');
    assert.equal(
      sign(`srt://localhost:9999/app/stream?${query.split('&')[0] ?? ''}`, '12345'),
      'Ry0JOBMYGkwm9i-dzzNM1IOfDP0',
    );
  });

  it('accepts the tokens of the issuer at their address only', async () => {
    const { create, verify } = scheme();
    const { url: got = '' } = await issue(ovenMediaEngineIssuer(options));
    assert.equal((await issue(create(), 'abc', { expiresAt: end })).expiresAt, end);
    assert.deepEqual(await verify(new Request(got)), { expiresAt: end });
    assert.deepEqual(await verify(new Request(got.replace(/\?(.*)&(.*)/, '?$2&$1'))), { expiresAt: end });
    const refused: [string, string][] = [
      ['token-missing', `${HOST}/app/abc/llhls.m3u8`],
      ['token-missing', got.replace(/&signature=.*/, '')],
      ['token-invalid', got.replace('/abc/', '/other/')],
      ['token-invalid', got.replace('https:', 'http:')],
      ['token-invalid', got.replace(':3334', ':3335')],
      ['token-invalid', `${got}&x=1`],
      ['token-invalid', `${got}&${/policy=[^&]*/.exec(got)?.[0] ?? ''}`],
      ['token-invalid', `${got}&${/signature=.*/.exec(got)?.[0] ?? ''}`],
      ['token-invalid', `${got}=`],
      ['token-invalid', signed({ allow_ip: '10.0.0.0/8' })],
      ['token-invalid', signed({ url_expire: String(end * 1000) })],
      ['token-invalid', signed({ url_expire: end * 1000, allow_ip: '10.0.0.0/8' })],
      ['token-invalid', signed({ url_expire: end * 1000, real_ip: '10.0.0.0/8' })],
      ['token-expired', signed({ url_expire: NOW_SECONDS * 1000 })],
      ['token-expired', signed({ url_expire: end * 1000, stream_expire: NOW_SECONDS * 1000 })],
      ['token-not-yet-valid', signed({ url_expire: end * 1000, url_activate: NOW_SECONDS * 1000 + 1 })],
    ];
    for (const [code, address] of refused)
      assert.equal(await codeOf(verify(new Request(address)), secretKey), code, address);
    assert.equal(await codeOf(scheme({}, 'other').verify(new Request(got))), 'token-invalid');
  });

  it('describes a policy without its signature', () => {
    const { inspect } = scheme();
    const policy = {
      url_activate: NOW_SECONDS * 1000,
      url_expire: end * 1000,
      stream_expire: end * 1000 - 60_000,
      allow_ip: '10.0.0.0/8',
    };
    const address = signed(policy);
    const reading = inspect(address);
    assert.equal(reading?.expiresAt, end - 60);
    assert.deepEqual(
      reading.fields.map(({ name, value }) => [name, value]),
      [
        ...Object.entries(policy).map(([name, value]) => [name, String(value)]),
        ['field of the policy', 'policy'],
        ['field of the signature', 'signature'],
      ],
    );
    assert.deepEqual(reading.warnings, []);
    assert.ok(!JSON.stringify(reading).includes(/signature=(.*)/.exec(address)?.[1] ?? '-'));
    assert.match(inspect(encode(policy))?.warnings.join(' ') ?? '', /no signature/);
    for (const text of ['', address.replace('policy=', 'policy=x'), 'x'.repeat(1_000_000), '?policy=e30'])
      assert.equal(inspect(text), null);
  });
});
