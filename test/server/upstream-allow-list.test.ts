import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createPlaylistCookie,
  createPlaylistSigner,
  generateSigningKey,
  jwtIssuer,
} from '@gatecast/server';
import { cookieFor } from './support/playlist-cookies.js';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const keys = createKeySet([key]);
const cookie = createPlaylistCookie({ keys });
const Cookie = await cookieFor(cookie, ['demo']);

/** Asks a signer for a playlist. Its upstream answers with `text`. */
async function ask(url: string, { text = '#EXTM3U\n', location = '', query = '' } = {}) {
  const asked: string[] = [];
  const signer = createPlaylistSigner({
    issuer: jwtIssuer({ keys }),
    cookie,
    upstreams: ['https://cdn.test/live/'],
    streamOf: () => 'demo',
    fetch: async (input) => {
      asked.push(input instanceof Request ? input.url : String(input));
      return location !== '' && asked.length === 1
        ? new Response(null, { status: 302, headers: { Location: location } })
        : new Response(text);
    },
  });
  const address = `https://page.test/hls/sign?url=${encodeURIComponent(url)}${query}`;
  const response = await signer(new Request(address, { headers: { Cookie } }));
  return { response, asked };
}

/** Ways to write a path that leads out of the folder on some server. */
const WAYS_OUT = [
  '../private/a.m3u8',
  '%2e%2e/private/a.m3u8',
  '.%2e/private/a.m3u8',
  '%2E./private/a.m3u8',
  '%2e%2e;/private/a.m3u8',
  '..;/private/a.m3u8',
  '..;a=b/private/a.m3u8',
  '..%3b/private/a.m3u8',
  '..%3Ba=b/private/a.m3u8',
  '%2e%2e%3b/private/a.m3u8',
  '%252e%252e%253b/private/a.m3u8',
  '.;/..;/private/a.m3u8',
  '.%3b/a.m3u8',
  '..%2fprivate/a.m3u8',
  '..%2Fprivate/a.m3u8',
  '..%5cprivate/a.m3u8',
  '..\\private/a.m3u8',
  '..%255cprivate/a.m3u8',
  '..%252fprivate/a.m3u8',
  '%252e%252e/private/a.m3u8',
  '%25252e%25252e%25252fprivate/a.m3u8',
  `${'%25'.repeat(1)}${'25'.repeat(20)}2e./private/a.m3u8`,
  '%c0%ae%c0%ae/private/a.m3u8',
  '%C0%AE./private/a.m3u8',
  '..%c0%afprivate/a.m3u8',
  '%e0%80%ae%e0%80%ae/private/a.m3u8',
  '%f0%80%80%ae./private/a.m3u8',
  '%u002e%u002e/private/a.m3u8',
  '..%u2215private/a.m3u8',
  '\uFF0E\uFF0E/private/a.m3u8',
  '%ef%bc%8e%ef%bc%8e/private/a.m3u8',
  '..%ef%bc%8fprivate/a.m3u8',
  '..%ef%bc%bcprivate/a.m3u8',
  '..%ef%bc%9b/private/a.m3u8',
  '\u2025/private/a.m3u8',
  '%e2%80%a4%e2%80%a4/private/a.m3u8',
  '.\t./private/a.m3u8',
  '.\n./private/a.m3u8',
  '..\r/private/a.m3u8',
  '..%09/private/a.m3u8',
  '..%0a/private/a.m3u8',
  '..%00/private/a.m3u8',
  '..%20/private/a.m3u8',
  '.. ./private/a.m3u8',
  '.../private/a.m3u8',
  '..%3f/private/a.m3u8',
  '..%23/private/a.m3u8',
  '..::$INDEX_ALLOCATION/private/a.m3u8',
  'a.m3u8%00.ts',
  'a/%2e%2e%2f..%2fprivate/a.m3u8',
];

const PLAIN = [
  'demo.m3u8',
  'a..b/demo.m3u8',
  '..a/demo.m3u8',
  '.hidden/demo.m3u8',
  'demo.m3u8;session=1',
  'a;b=c/demo.m3u8',
  'caf%C3%A9/demo.m3u8',
  'café/demo.m3u8',
  'caf%e9/demo.m3u8',
  '100%25/demo.m3u8',
  'a%20b/demo.m3u8',
  'a//demo.m3u8',
  'demo.m3u8?to=../..%2f;%00',
];

describe('the upstreams of the playlist signer', () => {
  for (const path of WAYS_OUT) {
    const url = `https://cdn.test/live/${path}`;
    it(`do not include ${JSON.stringify(path)} as url, redirect or segment`, async () => {
      const direct = await ask(url);
      assert.equal(direct.response.status, 403);
      assert.deepEqual(direct.asked, []);

      // A header has no control characters and only Latin-1.
      if (/^[\x20-\xff]*$/.test(path)) {
        const redirected = await ask('https://cdn.test/live/demo.m3u8', { location: path });
        assert.equal(redirected.response.status, 403);
        assert.equal(redirected.asked.length, 1);
      }

      // A line end would make two lines of it.
      if (/[\r\n]/.test(path)) return;
      const listed = await ask('https://cdn.test/live/demo.m3u8', { text: `#EXTM3U\n#EXTINF:1,\n${path}\n` });
      assert.ok(!(await listed.response.text()).includes('token='), 'the segment has a token');
    });
  }

  for (const path of PLAIN) {
    it(`include ${path}`, async () => {
      const { response, asked } = await ask(`https://cdn.test/live/${path}`);
      assert.equal(response.status, 200);
      assert.equal(asked.length, 1);
    });
  }

  it('get documented delivery directives with valid values only', async () => {
    for (const [query, sent] of [
      ['_HLS_msn=4&_HLS_part=1&_HLS_skip=YES', '_HLS_msn=4&_HLS_part=1&_HLS_skip=YES&'],
      ['_HLS_skip=v2', '_HLS_skip=v2&'],
      ['_HLS_part=1', ''],
      ['_HLS_msn=-1', ''],
      ['_HLS_msn=1e9&_HLS_skip=NO', ''],
      ['_HLS_msn=1%26token%3Dx', ''],
      ['_HLS_report=/private/a.m3u8&_HLS_x=1&_HLS_=2', ''],
      [`_HLS_msn=${'9'.repeat(50)}`, ''],
    ] as const) {
      const { asked } = await ask('https://cdn.test/live/demo.m3u8', { query: `&${query}` });
      assert.equal(asked[0]?.replace(/token=.*/, ''), `https://cdn.test/live/demo.m3u8?${sent}`);
    }
  });
});
