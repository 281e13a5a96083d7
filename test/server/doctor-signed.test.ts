import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSignedAddress } from '../../packages/server/src/doctor/signed-address.js';
import {
  examine,
  hideSentinels,
  HLS,
  hosts,
  jwt,
  of,
  onlyFault,
  playlist,
  runDoctor,
} from './support/doctor-site.js';

const NOW_S = 1_760_000_000;
const HOST = 'https://media.example.com';
const MAC = 'sentinel'.padEnd(43, 'A');
const HEX = 'a1'.repeat(32);
const policy = (end: number) =>
  Buffer.from(
    JSON.stringify({
      Statement: [
        {
          Resource: 'https://media.example.com/live/*',
          Condition: { DateLessThan: { 'AWS:EpochTime': end } },
        },
      ],
    }),
  )
    .toString('base64')
    .replaceAll('+', '-')
    .replaceAll('=', '_')
    .replaceAll('/', '~');
const amzDate = (seconds: number) => new Date(seconds * 1000).toISOString().replace(/[-:]|\.\d+/g, '');

const akamai = (end: number) => `/live/a.m3u8?hdnts=exp=${String(end)}~acl=/live/*~hmac=${HEX}`;

/** Addresses with an end, by the name of their scheme. */
const forms: [scheme: RegExp, address: (end: number) => string][] = [
  [/CloudFront/, (end) => `/live/a.m3u8?Expires=${String(end)}&Signature=${MAC}&Key-Pair-Id=K2JCJMDEHXQW5F`],
  [/CloudFront/, (end) => `/live/a.m3u8?Policy=${policy(end)}&Signature=${MAC}&Key-Pair-Id=K2JCJMDEHXQW5F`],
  [/Akamai/, (end) => `/live/a.m3u8?hdnts=exp=${String(end)}~acl=/live/*~hmac=${HEX}`],
  [/Bunny/, (end) => `/live/a.m3u8?token=HS256-${MAC}&expires=${String(end)}&token_path=%2Flive%2F`],
  [/Bunny/, (end) => `/bcdn_token=HS256-${MAC}&expires=${String(end)}&token_path=%2Flive%2F/live/a.m3u8`],
  [/Media CDN/, (end) => `/live/a.m3u8?Expires=${String(end)}&KeyName=k&Signature=${MAC}${MAC}`],
  [/nginx/, (end) => `/live/a.m3u8?md5=AAAAAAAAAAAAAAAAAAAAAA&expires=${String(end)}`],
  [/Wowza/, (end) => `/live/a.m3u8?wowzatokenendtime=${String(end)}&wowzatokenhash=${MAC}=`],
  [/S3/, (end) => `/live/a.m3u8?X-Amz-Date=${amzDate(end - 900)}&X-Amz-Expires=900&X-Amz-Signature=${HEX}`],
  [
    /Google Cloud Storage/,
    (end) => `/live/a.m3u8?X-Goog-Date=${amzDate(end - 900)}&X-Goog-Expires=900&X-Goog-Signature=${HEX}`,
  ],
  [/Azure/, (end) => `/live/a.m3u8?se=${encodeURIComponent(new Date(end * 1000).toISOString())}&sig=${MAC}`],
  [/JWT/, (end) => `/live/a.m3u8?jwt=${jwt({ exp: end })}`],
  [/JWT/, (end) => `/${jwt({ exp: end })}/live/a.m3u8`],
  ...['hash', 'secure', 'h'].map((name): (typeof forms)[number] => [
    /does not know/,
    (end) => `/live/a.m3u8?${name}=${MAC}&expires=${String(end)}`,
  ]),
];

/** The doctor with an origin that accepts or refuses the address, and what the playlist names. */
async function about(address: string, refused: (url: string) => boolean, lines = playlist()) {
  const findings = await examine({
    url: `${HOST}${address}`,
    now: () => NOW_S * 1000,
    fetch: hosts((url) => {
      const headers = { 'Content-Type': HLS, Date: new Date(NOW_S * 1000).toUTCString() };
      return refused(url)
        ? new Response(null, { status: 403, headers })
        : new Response(`${lines}#EXT-X-ENDLIST\n`, { headers });
    }),
  });
  const text = JSON.stringify(hideSentinels(findings));
  for (const secret of [HEX, 'K2JCJMDEHXQW5F', policy(NOW_S + 300), 'eyJ', '?'])
    assert.ok(!text.includes(secret), `${secret} is in ${text}`);
  return findings;
}

describe('gatecast doctor, for a signed address', () => {
  for (const [scheme, address] of forms) {
    const name = address(0).replaceAll(/=[^&~]{20,}|eyJ[^/&]+/g, '=…');
    it(`knows ${name}`, async () => {
      const signed = readSignedAddress(`${HOST}${address(NOW_S + 300)}`);
      assert.match(signed?.scheme ?? '', scheme);
      assert.equal(signed?.expiresAt, NOW_S + 300);
      const plays = await about(address(NOW_S + 300), () => false);
      assert.match(of(plays, 'ok').join('\n'), /^playlist, .*: is signed \(.+\), and ends in 300 s/m);
      onlyFault(
        await about(address(NOW_S - 90), () => true),
        /^playlist, .*HTTP 403\. The address is signed \(.+\), and ended 90 s ago.* Take a new address/,
      );
    });
  }

  it('knows one whose end is in a rule', async () => {
    const address = `/live/a.m3u8?verify=${String(NOW_S - 5)}-${MAC}`;
    const findings = await about(address, () => false);
    assert.match(
      of(findings, 'ok').join('\n'),
      /is signed \(token authentication of Cloudflare rules \(verify\)\)\. When it ends is not in the address/,
    );
    onlyFault(await about(address, () => true), /is signed \(.*\), and may have ended\. Compare the key/);
  });

  it('takes neither an end alone nor the JWT of a session for a signature', async () => {
    for (const address of [
      `/live/a.m3u8?exp=${String(NOW_S + 300)}`,
      `/live/a.m3u8?expires=${String(NOW_S - 300)}&lang=de`,
      `/live/a.m3u8?sid=${jwt({ exp: NOW_S - 300 })}`,
      `/live/a.m3u8?secure_session=${jwt({ exp: NOW_S - 300 })}`,
      `/live/a.m3u8?is_secure_id=${HEX}&expires=${String(NOW_S - 300)}`,
      `/live/a.m3u8?s=${HEX}&expires=${String(NOW_S - 300)}`,
      `/live/a.m3u8?h=1080&expires=${String(NOW_S - 300)}`,
      `/live/conference-2026-main-stage/a.m3u8?expires=${String(NOW_S - 300)}`,
    ]) {
      assert.equal(readSignedAddress(`${HOST}${address}`), null, address);
      onlyFault(await about(address, () => true), /it wants a token\. Name the token endpoint/);
    }
  });

  it('warns of an open origin with token-url unless the address is signed in a known form', async () => {
    const open = async (address: string) => {
      const findings = await examine({
        url: `${HOST}${address}`,
        tokenUrl: 'https://www.example.com/tokens',
        now: () => NOW_S * 1000,
        fetch: hosts((_url, { method }) =>
          method === 'POST'
            ? Response.json({ token: 'sentinel-token' }, { headers: { 'Cache-Control': 'no-store' } })
            : new Response(`${playlist()}#EXT-X-ENDLIST\n`, { headers: { 'Content-Type': HLS } }),
        ),
      });
      return of(findings, 'warning').join('\n').includes('also loads without a token');
    };
    assert.equal(await open('/live/a.m3u8'), true);
    assert.equal(await open('/live/a.m3u8?exp=1999999999'), true);
    assert.equal(await open(`/live/a.m3u8?sid=${jwt({ exp: NOW_S + 300 })}`), true);
    assert.equal(await open(akamai(NOW_S + 300)), false);
  });

  it('names token verify only for what an issuer signs', async () => {
    const change = async (address: string) => of(await about(address, () => true), 'fault').join('\n');
    const s3 = `/live/a.m3u8?X-Amz-Date=${amzDate(NOW_S)}&X-Amz-Expires=900&X-Amz-Signature=${HEX}`;
    assert.match(await change(akamai(NOW_S + 300)), /"gatecast token verify --config" checks it/);
    for (const address of [s3, `/live/a.m3u8?hash=${MAC}&expires=${String(NOW_S + 300)}`])
      assert.doesNotMatch(await change(address), /gatecast token/);
    assert.match(
      await change(`/live/a.m3u8?jwt=${jwt({ exp: NOW_S + 300 })}`),
      /"gatecast token inspect" reads the JWT/,
    );
  });

  it('reads exp of a JWT in milliseconds, and as a string', async () => {
    const inMs = await about(`/live/a.m3u8?jwt=${jwt({ exp: (NOW_S + 300) * 1000 })}`, () => false);
    assert.match(of(inMs, 'ok').join('\n'), /ends in 300 s/);
    assert.match(of(inMs, 'warning').join('\n'), /Its exp is in milliseconds/);
    const asText = await about(`/live/a.m3u8?jwt=${jwt({ exp: String(NOW_S + 300) })}`, () => false);
    assert.match(of(asText, 'ok').join('\n'), /ends in 300 s/);
  });

  it('prints the start of a key or hash in a path only', async () => {
    const secrets = [
      '9f2c1d7be0a64ab1',
      'Zk3JXb0qW8vY2LmNpQ4rTA',
      'AAAAAAAAAAAAAAAAAAAAAA',
      'live-k8d0c9b0c66f2a4d',
    ];
    for (const secret of secrets) {
      const [finding] = await about(`/${secret}/live/a.m3u8`, () => true);
      assert.equal(finding?.where, `playlist, ${HOST}/${secret.slice(0, 4)}…/live/a.m3u8`);
    }
    for (const name of [
      'my-conference-2026-main-stage',
      'mainstage',
      '2026-11-30T10-00-00',
      'CamelCaseStreamName',
    ])
      assert.equal(
        (await about(`/${name}/a.m3u8`, () => true))[0]?.where,
        `playlist, ${HOST}/${name}/a.m3u8`,
      );
  });

  it('says nothing of an address without a signature', async () => {
    for (const address of [
      '/live/a.m3u8',
      '/live/a.m3u8?x=1&y=2',
      '/live/a.m3u8?session=abc',
      '/live/a.m3u8?t=1760000000',
    ])
      assert.equal(readSignedAddress(`${HOST}${address}`), null, address);
    onlyFault(await about('/live/a.m3u8', () => true), /it wants a token\. Name the token endpoint/);
  });

  it('warns of one that ends soon, or that the origin accepts after its end', async () => {
    const warned = async (end: number) => of(await about(akamai(end), () => false), 'warning').join('\n');
    assert.match(await warned(NOW_S + 20), /ends in 20 s\. A player cannot renew it\..*token-url/);
    assert.match(await warned(NOW_S - 20), /ended 20 s ago, and the origin still accepts it/);
  });

  it('says that a signature is refused although it has not ended', async () => {
    onlyFault(await about(akamai(NOW_S + 300), () => true), /has not ended\. Compare the key, and the path/);
  });

  it('names an address of the playlist that is not signed', async () => {
    onlyFault(
      await about(akamai(NOW_S + 300), (url) => !url.includes('hdnts')),
      /^first segment, .*HTTP 403\. The address that was given is signed, and the playlist names this one without a signature/,
    );
  });

  it('says that a JWT in the address has not begun', async () => {
    onlyFault(
      await about(`/live/a.m3u8?jwt=${jwt({ nbf: NOW_S + 40, exp: NOW_S + 300 })}`, () => true),
      /HTTP 403\. The token begins 40 s in the future \(nbf\), by the clock of the origin/,
    );
  });

  it('reads a hostile address of the greatest length without a hang', () => {
    for (const part of ['eyJ', 'exp=', 'hdnts=', '%25', 'Policy=', '~', 'a-', '1'])
      for (const start of ['?', '/', '?verify=1760000000-']) {
        const address = `${HOST}/a.m3u8${start}${part.repeat(16_000 / part.length)}`;
        // As long as an address that is read may be.
        assert.ok(address.length > 15_900 && address.length < 16_384);
        readSignedAddress(address);
      }
  });

  it('is run as a command without --token-url', async () => {
    const { code, out, err } = await runDoctor([`http://127.0.0.1:9${akamai(NOW_S + 300)}`]);
    assert.equal(code, 1);
    assert.match(out, /^fault .*127\.0\.0\.1:9\/live\/a\.m3u8\n.*does not respond/m);
    assert.ok(!(out + err).includes('hmac'));
  });
});
