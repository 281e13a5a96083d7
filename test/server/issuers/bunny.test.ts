import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { ownEnds } from '@gatecast/contract';
import { bunnyIssuer, type BunnyIssuerOptions } from '@gatecast/server';
import { placeIssued } from '../support/place-issued.js';
import { codeOf, issue, now, NOW_SECONDS, schemeOf } from '../support/scheme-kit.js';

const HOST = 'https://token-tester.b-cdn.net';
const securityKey = '229248f0-f007-4bf9-ba1f-bbf1b4ad9d40';
const options = { securityKey, tokenPath: '/live/{stream}/', now } satisfies BunnyIssuerOptions;
const end = NOW_SECONDS + 300;
const scheme = (config: object = {}, key = securityKey) =>
  schemeOf(
    { type: 'bunny', securityKey: { env: 'KEY' }, tokenPath: '/live/{stream}/', ...config },
    { KEY: key },
  );

/** The key and the end of the examples in BunnyCDN.TokenAuthentication. */
const EXAMPLE_KEY = 'SecurityKey';
const EXAMPLE_END = 1_598_024_587;
const examples = scheme({}, EXAMPLE_KEY);
const beforeEnd = (EXAMPLE_END - 1) * 1000;
const hmac = (...parts: (string | Uint8Array)[]) => {
  const mac = createHmac('sha256', securityKey);
  for (const part of parts) mac.update(part);
  return mac.digest('base64url');
};

describe('bunnyIssuer', () => {
  it('signs a directory before the path by default', async () => {
    const issued = await issue(bunnyIssuer(options));
    const token = `HS256-${hmac('/live/abc/', String(end), 'token_path=/live/abc/')}`;
    const path = `/bcdn_token=${token}&token_path=%2Flive%2Fabc%2F&expires=${String(end)}`;
    assert.deepEqual(issued, { path, expiresAt: end });
    assert.deepEqual(ownEnds(issued), [end]);
  });

  it('signs the same as fields of the query', async () => {
    const url = `${HOST}/live/{stream}/index.m3u8`;
    const issued = await issue(bunnyIssuer({ ...options, placement: 'query', url }));
    const token = `HS256-${hmac('/live/abc/', String(end), 'token_path=/live/abc/')}`;
    const query = { token, token_path: '%2Flive%2Fabc%2F', expires: String(end) };
    const address = `${HOST}/live/abc/index.m3u8?token=${token}&token_path=%2Flive%2Fabc%2F&expires=${String(end)}`;
    assert.deepEqual(issued, { query, url: address, expiresAt: end });
    assert.deepEqual([...new Set(ownEnds(issued))], [end]);
  });

  it('signs the sorted parameters', async () => {
    const issuer = bunnyIssuer({
      ...options,
      countriesAllowed: ['GB', 'SI'],
      countriesBlocked: ['US'],
      speedLimit: 500,
    });
    const data = 'limit=500&token_countries=GB,SI&token_countries_blocked=US&token_path=/live/abc/';
    const { path = '' } = await issue(issuer);
    assert.equal(
      path,
      `/bcdn_token=HS256-${hmac('/live/abc/', String(end), data)}&limit=500&token_countries=GB%2CSI&token_countries_blocked=US&token_path=%2Flive%2Fabc%2F&expires=${String(end)}`,
    );
    const ignoring = await issue(bunnyIssuer({ ...options, ignoreParams: true }));
    const own = hmac('/live/abc/', String(end), 'token_ignore_params=true&token_path=/live/abc/');
    assert.ok(ignoring.path?.startsWith(`/bcdn_token=HS256-${own}&token_ignore_params=true&`));
  });

  it('signs the bytes of an IPv4 address, and of an IPv6 network, before the parameters', async () => {
    const network = Buffer.alloc(16);
    Buffer.from('20010db885a30000', 'hex').copy(network);
    for (const [ip, bytes] of [
      ['192.0.2.7', Buffer.from([192, 0, 2, 7])],
      ['2001:db8:85a3::8a2e:370:7334', network],
    ] as const) {
      const { path = '' } = await issue(bunnyIssuer(options), 'abc', { restrictions: { ip } });
      const mac = hmac('/live/abc/', String(end), bytes, 'token_path=/live/abc/');
      assert.ok(path.startsWith(`/bcdn_token=HS256-1-${mac}&`), ip);
      assert.ok(!path.includes(ip));
    }
  });

  it('signs the form of before with SHA256', async () => {
    const { path = '' } = await issue(bunnyIssuer({ ...options, algorithm: 'SHA256' }), 'abc', {
      restrictions: { ip: '192.0.2.7' },
    });
    const text = `${securityKey}/live/abc/${String(end)}192.0.2.7token_path=/live/abc/`;
    const token = createHash('sha256').update(text).digest('base64url');
    assert.ok(path.startsWith(`/bcdn_token=${token}&token_path=`));
  });

  it('is placed by the client before each path once', async () => {
    const own = `${HOST}/live/abc/index.m3u8`;
    const issued = await issue(bunnyIssuer({ ...options, url: `${HOST}/live/{stream}/index.m3u8` }));
    assert.equal(issued.url, `${HOST}${String(issued.path)}/live/abc/index.m3u8`);
    const page = await placeIssued(issued, 'abc', own);
    assert.equal(page.entry, own);
    assert.equal(page.place(own), issued.url);
    const child = `${HOST}${String(issued.path)}/live/abc/1.ts`;
    assert.equal(page.place(`${HOST}/live/abc/1.ts`), child);
    assert.equal(page.place(page.hidden(child)), child);
    assert.ok(!page.hidden(child).includes('HS256'));
  });

  it('refuses names that would open another directory', async () => {
    for (const stream of ['..', '.', 'a/b', 'a b', '*', 'a%2F'])
      assert.equal(await codeOf(issue(bunnyIssuer(options), stream)), 'issuer-parameter-invalid', stream);
    for (const tokenPath of ['/live/{stream}', '/live/', 'live/{stream}/', '/live-{stream}/', '/{stream}/*/'])
      assert.throws(() => bunnyIssuer({ ...options, tokenPath }), /tokenPath/, tokenPath);
    assert.throws(() => bunnyIssuer({ ...options, url: `${HOST}/vod/{stream}/index.m3u8` }), /begin with/);
  });

  it('refuses what a token cannot say', async () => {
    const issuer = bunnyIssuer(options);
    for (const grant of [
      { claims: { nbf: NOW_SECONDS } },
      { restrictions: { referer: 'example.com' } },
      { restrictions: { ip: 'here' } },
    ])
      assert.equal(await codeOf(issue(issuer, 'abc', grant), securityKey), 'issuer-parameter-invalid');
    const countriesAllowed = ['GB'];
    assert.throws(() => bunnyIssuer({ ...options, ignoreParams: true, countriesAllowed }), /ignoreParams/);
    assert.throws(() => bunnyIssuer({ ...options, ignoreParams: true, speedLimit: 1 }), /ignoreParams/);
    assert.throws(() => bunnyIssuer({ ...options, countriesAllowed: ['gb'] }), /capital/);
    assert.throws(() => bunnyIssuer({ ...options, speedLimit: 0.5 }), /speedLimit/);
    assert.equal((await issue(issuer, 'abc', { ttlSeconds: 600, expiresAt: end })).expiresAt, end);
  });
});

describe('the scheme bunny', () => {
  it('creates its issuer from the configuration', async () => {
    const { create, verify } = scheme({ placement: 'query', ignoreParams: true });
    const { query = {}, expiresAt } = await issue(create(), 'abc', { expiresAt: end });
    assert.equal(expiresAt, end);
    const fields = Object.entries(query).map(([name, value]) => `${name}=${value}`);
    await verify(new Request(`${HOST}/live/abc/1.ts?${fields.join('&')}`));
  });

  const accepted = {
    plain: '/300kb.jpg?token=HS256-o10JRWlsAItyAsdKS6jJKjabHN4FrFsplDHPV1idcX4&expires=1598024587',
    'a directory in the query':
      '/abc/300kb.jpg?token=HS256-uVZvT3SbEoVKYJyDJgbcsDmSFf73cv-uNUVaJiKWpbQ&token_path=%2Fabc&expires=1598024587',
    'a directory before the path':
      '/bcdn_token=HS256-uVZvT3SbEoVKYJyDJgbcsDmSFf73cv-uNUVaJiKWpbQ&token_path=%2Fabc&expires=1598024587/abc/',
    'the address itself before the path':
      '/bcdn_token=HS256-bTMv4RVOkjx2UXLfVDl-JIygaxfSIQP8UCnCy7CILuY&expires=1598024587/abc/',
    'ignored parameters':
      '/300kb.jpg?v=123&token=HS256-1lwWBD_c1IAGSj1UKPoxreu8ePDQ-Z9FoWLcRn_RRH0&token_ignore_params=true&expires=1598024587',
    'signed parameters':
      '/300kb.jpg?token=HS256-q6oRQr-5ccQ-piO1HSEQu1DVMy9UMppRxGlIQwoeM5Y&v=123&expires=1598024587',
    'a speed limit':
      '/300kb.jpg?token=HS256-DAVapqNNED3Z7JkjRTYX0UOIHNtbHEuuhRNEc4A7mMQ&limit=1000&expires=1598024587',
    'SHA256 with a directory':
      '/abc/300kb.jpg?token=xwPaUzEMSgOZ7yl86K55G7len9n1UMiuP36IAyw8Mjs&token_path=%2Fabc&expires=1598024587',
    'SHA256 before the path':
      '/bcdn_token=e0fYj-NC_YeROS_0gTGvscP7HR_Du78I7WBVSDV8P4E&expires=1598024587/abc/',
  };
  for (const [name, address] of Object.entries(accepted)) {
    it(`accepts the example of Bunny’s libraries with ${name}`, async () => {
      const request = new Request(HOST + address);
      assert.deepEqual(await examples.verify(request, beforeEnd), { expiresAt: EXAMPLE_END });
      assert.equal(
        await codeOf(examples.verify(request, EXAMPLE_END * 1000), 'SecurityKey'),
        'token-expired',
      );
      assert.equal(examples.inspect(HOST + address)?.expiresAt, EXAMPLE_END);
    });
  }

  const unknown = {
    'countries, after the signature':
      '/300kb.jpg?token=HS256-JWU7jhpnBGI-O54AYDAtrlZT86Ied4RTO2-Y8mUj60A&token_countries=CA&token_path=%2F&expires=1598024587',
    'an address of the viewer':
      '/300kb.jpg?token=HS256-1-L2rISTLcujMY9UFf2tbZ41d5i-Bme1g1oTK_Z2QMLJk&expires=1598024587',
  };
  for (const [name, address] of Object.entries(unknown)) {
    it(`says that it cannot check ${name}`, async () => {
      const verifying = examples.verify(new Request(HOST + address), beforeEnd);
      await assert.rejects(verifying, /cannot be checked here/);
    });
  }

  it('accepts the tokens of the issuer in both places, and in both forms', async () => {
    const configs: Partial<BunnyIssuerOptions>[] = [
      {},
      { placement: 'query' },
      { algorithm: 'SHA256' },
      { ignoreParams: true, url: `${HOST}/live/{stream}/index.m3u8` },
    ];
    for (const config of configs) {
      const { verify } = scheme(config);
      const { path = '', query = {}, url } = await issue(bunnyIssuer({ ...options, ...config }));
      const fields = Object.entries(query).map(([name, value]) => `${name}=${value}`);
      const request = new Request(`${HOST}${path}/live/abc/low/1.ts?${fields.join('&')}`);
      assert.deepEqual(await verify(request), { expiresAt: end });
      if (url !== undefined)
        assert.deepEqual(await verify(new Request(`${url}?_HLS_msn=1`)), { expiresAt: end });
    }
  });

  it('refuses other keys, directories and fields', async () => {
    const { verify } = scheme();
    const { path = '' } = await issue(bunnyIssuer(options));
    const [, token = ''] = /bcdn_token=([^&]*)/.exec(path) ?? [];
    const good = `${path}/live/abc/1.ts`;
    await verify(new Request(HOST + good));
    const refused: [string, string][] = [
      ['token-missing', '/live/abc/1.ts'],
      ['token-wrong-stream', `${path}/live/other/1.ts`],
      ['token-wrong-stream', `${path}/live/abcd/1.ts`],
      ['token-wrong-stream', `${path}/live/abc/..%2Fother/1.ts`],
      ['token-invalid', `${good}?_HLS_msn=1`],
      ['token-invalid', `${good}?token=${token}`],
      ['token-invalid', `${good}?expires=${String(end)}`],
      ['token-invalid', `${good}?token_path=%2F`],
      ['token-invalid', `${good}?token_ignore_params=true`],
      ['token-invalid', good.replace(String(end), String(end + 60))],
      ['token-invalid', good.replace('%2Flive%2Fabc%2F', '%2F')],
      ['token-invalid', good.replace('%2Flive', '%')],
      ['token-invalid', good.replace('HS256-', '')],
      ['token-invalid', good.replace('HS256-', 'HS256-1-')],
      ['token-invalid', good.replace(token, 'abc')],
      ['token-invalid', good.replace(token, `${token.slice(0, -1)}_`)],
    ];
    for (const [code, address] of refused)
      assert.equal(await codeOf(verify(new Request(HOST + address)), securityKey, token), code, address);
    assert.equal(await codeOf(scheme({}, 'other').verify(new Request(HOST + good))), 'token-invalid');
  });

  it('describes a token without its signature', () => {
    const address = `${HOST}/abc/300kb.jpg?token=HS256-1-wag9tC0r1QWfg-2eMj5QcdzgPLCIdQb-D0WVU1Mhg2w&token_path=%2Fabc&expires=1598024587`;
    const reading = examples.inspect(address);
    assert.deepEqual(reading?.fields, [
      { name: 'token_path', value: '/abc' },
      { name: 'expires', value: '1598024587' },
      { name: 'bound to an IP address', value: 'yes' },
    ]);
    assert.match(reading.warnings.join(' '), /does not end with a slash/);
    assert.ok(!JSON.stringify(reading).includes('wag9tC0r1QWfg'));
    const twice = examples.inspect(`${address}&expires=1&token_ignore_params=true&limit=5`);
    assert.match(twice?.warnings.join(' ') ?? '', /"expires" is there more than once.*does not apply/);
    for (const text of [
      '',
      HOST,
      '?token=abc&expires=1598024587',
      '?md5=o10JRWlsAItyAsdKS6jJKg&expires=1598024587',
    ])
      assert.equal(examples.inspect(text), null);
  });
});
