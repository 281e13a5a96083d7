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
  [/does not know/, (end) => `/live/a.m3u8?hash=${MAC}&expires=${String(end)}`],
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

  const akamai = (end: number) => `/live/a.m3u8?hdnts=exp=${String(end)}~acl=/live/*~hmac=${HEX}`;

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

  it('reads a hostile address in linear time', () => {
    for (const part of ['eyJ', 'exp=', 'hdnts=', '%25', 'Policy=', '~', 'a-', '1'])
      for (const start of ['?', '/', '?verify=1760000000-'])
        readSignedAddress(`${HOST}/a.m3u8${start}${part.repeat(300_000 / part.length)}`);
  });

  it('is run as a command without --token-url', async () => {
    const { code, out, err } = await runDoctor([`http://127.0.0.1:9${akamai(NOW_S + 300)}`]);
    assert.equal(code, 1);
    assert.match(out, /^fault .*127\.0\.0\.1:9\/live\/a\.m3u8\n.*does not respond/m);
    assert.ok(!(out + err).includes('hmac'));
  });
});
