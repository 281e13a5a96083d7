import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import {
  closeSites,
  examine,
  hideSentinels,
  HLS,
  hosts,
  of,
  onlyFault,
  page,
  playlist,
  segment,
  send,
  type DoctorOptions,
  type Part,
} from './support/doctor-site.js';

const PAGE = 'https://www.example.com';

interface Sent {
  readonly url: string;
  readonly headers: Headers;
}

/** The doctor with hosts of a real site. `answers` has the response to each address without its query. */
async function about(
  answers: Record<string, () => Response>,
  { src = `${PAGE}/a.m3u8`, ...more }: Partial<DoctorOptions> & { src?: string } = {},
) {
  const sent: Sent[] = [];
  const findings = await examine({
    url: src,
    tokenUrl: `${PAGE}/tokens`,
    pageOrigin: PAGE,
    fetch: hosts((url, init) => {
      if (init.method === 'POST')
        return Response.json(
          { token: 'sentinel-opaque-token-7' },
          { headers: { 'Cache-Control': 'no-store' } },
        );
      if (init.method !== 'OPTIONS') sent.push({ url, headers: new Headers(init.headers) });
      return answers[url.split('?')[0] ?? '']?.() ?? new Response(null, { status: 404 });
    }),
    ...more,
  });
  return { findings: hideSentinels(findings), sent };
}

const to = (address: string, allowed?: string) => () =>
  new Response(null, {
    status: 302,
    headers: { Location: address, ...(allowed !== undefined && { 'Access-Control-Allow-Origin': allowed }) },
  });
const media = (address: string, allowed?: string, lines = '') => ({
  [address]: () =>
    new Response(`${playlist(lines)}#EXT-X-ENDLIST\n`, {
      headers: {
        'Content-Type': HLS,
        ...(allowed !== undefined && { 'Access-Control-Allow-Origin': allowed }),
      },
    }),
});
const segments = (origin: string, allowed = '*') =>
  Object.fromEntries(
    ['a', 'b', 'c', 'd'].map((name) => [
      `${origin}/${name}.ts`,
      () =>
        new Response(new Uint8Array(376).fill(0x47), {
          headers: { 'Content-Type': 'video/mp2t', 'Access-Control-Allow-Origin': allowed },
        }),
    ]),
  );

const CDN = 'https://cdn.example.com';
const EDGE = 'https://edge.example.net';

describe('gatecast doctor, for redirects', () => {
  after(closeSites);

  it('names a redirect of a request with the token in a header, which the player does not follow', async () => {
    const words = /The player does not follow it: the token in the header X-Stream-Token would go on/;
    const placement = 'header:X-Stream-Token';
    for (const target of [`${PAGE}/b.m3u8`, `${CDN}/b.m3u8`]) {
      const { findings, sent } = await about(
        { [`${PAGE}/a.m3u8`]: to(target), ...media(target, '*'), ...segments(new URL(target).origin) },
        { placement },
      );
      onlyFault(findings, words);
      assert.ok(
        sent.every(({ url, headers }) => url.startsWith(PAGE) || !headers.has('X-Stream-Token')),
        'another origin has received the token',
      );
    }
  });

  it('checks CORS after a redirect away from the origin of the page', async () => {
    const answers = { [`${PAGE}/a.m3u8`]: to(`${CDN}/a.m3u8`), ...segments(CDN) };
    const { findings } = await about({ ...answers, ...media(`${CDN}/a.m3u8`) });
    onlyFault(findings, /playlist, .*CORS: the response has no Access-Control-Allow-Origin/);
    const right = await about({ ...answers, ...media(`${CDN}/a.m3u8`, PAGE) });
    assert.deepEqual(of(right.findings, 'fault'), []);
  });

  it('checks CORS after a redirect back to the origin of the page', async () => {
    const answers = { [`${CDN}/a.m3u8`]: to(`${PAGE}/b.m3u8`, '*'), ...segments(PAGE) };
    const { findings } = await about({ ...answers, ...media(`${PAGE}/b.m3u8`) }, { src: `${CDN}/a.m3u8` });
    onlyFault(findings, /CORS: the response has no Access-Control-Allow-Origin/);
  });

  it('checks CORS of the redirect itself', async () => {
    const { findings } = await about(
      { [`${CDN}/a.m3u8`]: to(`${CDN}/b.m3u8`), ...media(`${CDN}/b.m3u8`, PAGE), ...segments(CDN) },
      { src: `${CDN}/a.m3u8` },
    );
    onlyFault(findings, /CORS: the redirect has no Access-Control-Allow-Origin/);
  });

  it('sends Origin: null after a redirect from one foreign origin to another, as a browser does', async () => {
    const via = (allowed: string) =>
      about(
        {
          [`${CDN}/a.m3u8`]: to(`${EDGE}/a.m3u8`, '*'),
          ...media(`${EDGE}/a.m3u8`, allowed),
          ...segments(EDGE),
        },
        { src: `${CDN}/a.m3u8` },
      );
    const { findings, sent } = await via(PAGE);
    onlyFault(findings, /Origin: null.*Access-Control-Allow-Origin: \*/);
    assert.deepEqual(
      sent.slice(0, 2).map(({ url, headers }) => [new URL(url).origin, headers.get('Origin')]),
      [
        [CDN, PAGE],
        [EDGE, 'null'],
      ],
    );
    for (const allowed of ['*', 'null']) assert.deepEqual(of((await via(allowed)).findings, 'fault'), []);
  });

  it('keeps the range and not the token in a redirect to another origin', async () => {
    const { findings, sent } = await about(
      {
        [`${PAGE}/a.m3u8`]: () =>
          new Response(
            '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n#EXT-X-BYTERANGE:188@188\na.ts\n#EXT-X-ENDLIST\n',
            { headers: { 'Content-Type': HLS } },
          ),
        [`${PAGE}/a.ts`]: to(`${CDN}/a.ts`),
        [`${CDN}/a.ts`]: () =>
          new Response(new Uint8Array(188).fill(0x47), {
            status: 206,
            headers: { 'Content-Type': 'video/mp2t', 'Access-Control-Allow-Origin': '*' },
          }),
      },
      { placement: 'header' },
    );
    const at = (url: string) => sent.find((each) => each.url === url)?.headers;
    assert.equal(at(`${CDN}/a.ts`)?.get('Range'), 'bytes=188-375');
    assert.equal(at(`${CDN}/a.ts`)?.get('Authorization'), null);
    assert.match(at(`${PAGE}/a.ts`)?.get('Authorization') ?? '', /^Bearer /);
    onlyFault(findings, /token in the header Authorization does not go there/);
  });

  it('names each redirect from https to http', async () => {
    const { findings } = await about({
      [`${PAGE}/a.m3u8`]: to(`${PAGE}/b.m3u8`),
      [`${PAGE}/b.m3u8`]: to(`${CDN}/b.m3u8`),
      [`${CDN}/b.m3u8`]: to('http://cdn.example.com/b.m3u8', '*'),
      ...media('http://cdn.example.com/b.m3u8', '*'),
      ...segments('http://cdn.example.com'),
    });
    assert.match(of(findings, 'fault').join('\n'), /^playlist, .*redirect leads from https to http/m);
  });
});

describe('gatecast doctor, for addresses over http', () => {
  const OPEN = 'http://cdn.example.com';
  const lines: [step: string, lines: string][] = [
    ['key', `#EXT-X-KEY:METHOD=AES-128,URI="${OPEN}/k.bin"\n`],
    ['init segment', `#EXT-X-MAP:URI="${OPEN}/i.mp4"\n`],
    [
      'newest part',
      `#EXT-X-PART-INF:PART-TARGET=0.5\n#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5\n#EXT-X-PART:DURATION=0.5,URI="${OPEN}/p.ts"\n`,
    ],
  ];
  for (const [step, line] of lines)
    it(`names mixed content of the step "${step}"`, async () => {
      for (const pageOrigin of [PAGE, undefined]) {
        const { findings } = await about(
          { ...media(`${PAGE}/a.m3u8`, '*', line), ...segments(PAGE) },
          { pageOrigin },
        );
        assert.match(of(findings, 'fault').join('\n'), new RegExp(`^${step}, .*mixed content`, 'm'));
      }
    });

  it('names mixed content of renditions, and none of this machine or of a page over http', async () => {
    const list = (address: string) => () =>
      new Response(`#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${address}\n`, {
        headers: { 'Content-Type': HLS },
      });
    const rendition = async (address: string, at = PAGE) =>
      of(
        (
          await about(
            { [`${at}/a.m3u8`]: list(address), ...media(address, '*') },
            { src: `${at}/a.m3u8`, pageOrigin: at, tokenUrl: `${at}/tokens` },
          )
        ).findings,
        'fault',
      ).join('\n');
    assert.match(await rendition(`${OPEN}/b.m3u8`), /^rendition, .*mixed content/m);
    assert.doesNotMatch(await rendition('http://localhost:9/b.m3u8'), /mixed content/);
    assert.doesNotMatch(await rendition(`${OPEN}/b.m3u8`, 'http://localhost:8'), /mixed content/);
  });
});

describe('gatecast doctor, for what it compares', () => {
  after(closeSites);

  it('adds the age of a response to its date', async () => {
    const old = (ageS: number): Part =>
      send(HLS, `${playlist()}#EXT-X-ENDLIST\n`, {
        Date: new Date(Date.now() - ageS * 1000).toUTCString(),
        Age: String(ageS),
      });
    const findings = await page({ '/live/a.m3u8': old(300) });
    assert.ok(!of(findings, 'warning').join().includes('clock'), of(findings, 'warning').join('\n'));
  });

  it('follows no other renditions for a second player whose first rendition has a fault', async () => {
    const requests: string[] = [];
    const multivariant = ['high', 'low'].map(
      (name, at) => `#EXT-X-STREAM-INF:BANDWIDTH=${String(2 - at)}\n${name}.m3u8\n`,
    );
    const tag = '<secure-player src="/live/a.m3u8" token-url="/tokens"></secure-player>';
    const findings = await page({
      '/page': send('text/html', tag + tag),
      '/live/a.m3u8': (request, response) =>
        request.url?.includes('token=')
          ? send(HLS, `#EXTM3U\n${multivariant.join('')}`)(request, response)
          : void response.writeHead(401).end(),
      '/live/high.m3u8': send('text/html', '<html>'),
      '/live/low.m3u8': (request, response) => {
        requests.push('low');
        send(HLS, `${playlist()}#EXT-X-ENDLIST\n`)(request, response);
      },
      '/live/a.ts': segment,
    });
    onlyFault(findings, /^rendition, .*high\.m3u8/);
    assert.deepEqual(requests, []);
  });
});
