import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ListeningBackend } from '../../demo/backend/backend.js';
import {
  closeSites,
  examine,
  HLS,
  jwt,
  listen,
  of,
  onlyFault,
  openDemo,
  page,
  playlist,
  segment,
  send,
  type Part,
} from './support/doctor-site.js';

const complete = send(HLS, `${playlist()}#EXT-X-ENDLIST\n`);
const at = (path: string) => new RegExp(`\\b${path.replaceAll('.', '\\.')}`);

describe('gatecast doctor, for all parts of a stream', () => {
  let demo: ListeningBackend;

  before(async () => {
    demo = await openDemo();
  });
  after(closeSites);

  for (const stream of ['demo', 'demo-vod', 'demo-aes', 'demo-ts', 'demo-subs'])
    it(`finds nothing in the stream ${stream} of the demo`, async () => {
      const findings = await examine({
        url: `${demo.origin}/live/${stream}.m3u8`,
        tokenUrl: `${demo.origin}/api/tokens`,
      });
      assert.deepEqual([...of(findings, 'fault'), ...of(findings, 'warning')], []);
      if (stream === 'demo')
        assert.equal(of(findings, 'ok').filter((each) => each.startsWith('rendition')).length, 3);
      if (stream === 'demo-aes') assert.match(of(findings, 'ok').join('\n'), /^key, .*loads, 16 bytes/m);
      if (stream === 'demo-subs') assert.match(of(findings, 'ok').join('\n'), /^subtitles, /m);
    });

  const multivariant = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English, stereo",URI="audio.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="Deutsch",URI="subs.m3u8"
#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="c",NAME="x",INSTREAM-ID="CC1"
#EXT-X-STREAM-INF:BANDWIDTH=800,AUDIO="a",SUBTITLES="s"
low.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=2400,AUDIO="a",SUBTITLES="s"
high.m3u8
`;
  const whole: Record<string, Part> = {
    '/live/a.m3u8': (request, response) =>
      request.url?.includes('token=sentinel')
        ? send(HLS, multivariant)(request, response)
        : void response.writeHead(401).end(),
    '/live/high.m3u8': complete,
    '/live/low.m3u8': complete,
    '/live/audio.m3u8': complete,
    '/live/subs.m3u8': send(HLS, '#EXTM3U\n#EXT-X-TARGETDURATION:60\n#EXTINF:60,\na.vtt\n#EXT-X-ENDLIST\n'),
    '/live/a.vtt': send('text/vtt', '\uFEFFWEBVTT\n'),
  };

  it('follows all renditions, sound and subtitles', async () => {
    const findings = await page(whole);
    assert.deepEqual([...of(findings, 'fault'), ...of(findings, 'warning')], []);
    const text = of(findings, 'ok').join('\n');
    for (const path of ['high.m3u8', 'low.m3u8', 'audio.m3u8', 'subs.m3u8', 'a.vtt'])
      assert.match(text, at(path));
  });

  const parts: [what: string, parts: Record<string, Part>, words: RegExp][] = [
    [
      'a rendition that is not there',
      { '/live/low.m3u8': (_, r) => void r.writeHead(404).end() },
      /^rendition, .*low\.m3u8: .*HTTP 404/,
    ],
    [
      'an audio playlist that the origin refuses',
      { '/live/audio.m3u8': (_, r) => void r.writeHead(403).end() },
      /^audio, .*audio\.m3u8: .*HTTP 403/,
    ],
    [
      'a web page in place of subtitles',
      { '/live/a.vtt': send('text/html', '<html>') },
      /^first segment, .*a\.vtt: .*text with status 200/,
    ],
    [
      'a group that nobody defines',
      {
        '/live/a.m3u8': send(HLS, '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="sentinel"\nhigh.m3u8\n'),
      },
      /names a group of AUDIO that no EXT-X-MEDIA defines/,
    ],
  ];
  for (const [what, replaced, words] of parts)
    it(`names ${what}`, async () => onlyFault(await page({ ...whole, ...replaced }), words));

  it('names a fault of all renditions once', async () => {
    const broken = send('text/html', '<html>');
    onlyFault(
      await page({
        ...whole,
        '/live/high.m3u8': broken,
        '/live/low.m3u8': broken,
        '/live/audio.m3u8': broken,
      }),
      /high\.m3u8/,
    );
  });

  const keyed = (line: string) =>
    send(HLS, `#EXTM3U\n#EXT-X-TARGETDURATION:2\n${line}\n#EXTINF:2,\na.ts\n#EXT-X-ENDLIST\n`);
  const keys: [what: string, line: string, answer: Part, words: RegExp][] = [
    [
      'a key that is text',
      '#EXT-X-KEY:METHOD=AES-128,URI="k.bin"',
      send('text/plain', 'c0ffee00c0ffee00c0ffee00c0ffee00'),
      /^key, .*k\.bin: The key has 32 bytes, and AES-128 needs 16/,
    ],
    [
      'a key that the origin refuses',
      '#EXT-X-KEY:METHOD=AES-128,URI="k.bin"',
      (_, r) => void r.writeHead(403).end(),
      /^key, .*refuses with HTTP 403/,
    ],
    ['a key without an address', '#EXT-X-KEY:METHOD=AES-128', segment, /EXT-X-KEY has no URI/],
    [
      'a key without an http address',
      '#EXT-X-KEY:METHOD=AES-128,URI="skd://c0ffee"',
      segment,
      /not at an http\(s\) address/,
    ],
    [
      'a licence server that refuses',
      '#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,KEYFORMAT="com.microsoft.playready",URI="k.bin"',
      (_, r) => void r.writeHead(403).end(),
      /^licence server, .*refuses with HTTP 403/,
    ],
    [
      'a licence server that is not there',
      '#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,KEYFORMAT="com.microsoft.playready",URI="k.bin"',
      (_, r) => void r.writeHead(404).end(),
      /^licence server, .*HTTP 404/,
    ],
  ];
  for (const [what, line, answer, words] of keys)
    it(`names ${what}, and shows no byte of it`, async () => {
      const findings = await page({ '/live/a.m3u8': keyed(line), '/live/k.bin': answer });
      onlyFault(findings, words);
      assert.ok(!JSON.stringify(findings).includes('c0ffee'));
    });

  it('says which DRM systems there are, and that a licence server responds', async () => {
    const line = [
      '#EXT-X-KEY:METHOD=SAMPLE-AES,KEYFORMAT="com.apple.streamingkeydelivery",URI="skd://c0ffee"',
      '#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,KEYFORMAT="urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed",URI="data:text/plain;base64,c0ffee"',
      '#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,KEYFORMAT="com.microsoft.playready",URI="k.bin"',
    ].join('\n');
    const findings = await page({
      '/live/a.m3u8': keyed(line),
      '/live/k.bin': (_, r) => void r.writeHead(405).end(),
    });
    assert.deepEqual(of(findings, 'fault'), []);
    const text = JSON.stringify(findings);
    for (const words of [
      'is for FairPlay',
      'is for Widevine',
      'in hlsConfig.drmSystems',
      'of PlayReady responds with HTTP 405',
    ])
      assert.ok(text.includes(words), words);
    assert.ok(!text.includes('c0ffee'));
  });

  const lowLatency = (control: string, hint = 'p3.mp4') =>
    `#EXTM3U\n#EXT-X-TARGETDURATION:2\n${control}\n#EXTINF:2,\na.ts\n#EXTINF:2,\nb.ts\n#EXTINF:2,\na.ts\n` +
    `#EXT-X-PART:DURATION=0.5,URI="p1.ts"\n#EXT-X-PART:DURATION=0.5,URI="p2.ts"\n` +
    `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${hint}"\n`;
  const INF = '#EXT-X-PART-INF:PART-TARGET=0.5\n';
  const CONTROL = `${INF}#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5`;
  const live = (text: string): Record<string, Part> => ({
    '/live/a.m3u8': (request, response) =>
      request.url?.includes('token=')
        ? send(HLS, text)(request, response)
        : void response.writeHead(401).end(),
    '/live/p2.ts': segment,
    '/live/p3.mp4': (request, response) => {
      if (request.url?.includes('token=')) segment(request, response);
      else response.writeHead(401).end();
    },
  });

  it('loads the newest part and the announced one, with the token', async () => {
    const findings = await page(live(lowLatency(CONTROL)));
    assert.deepEqual([...of(findings, 'fault'), ...of(findings, 'warning')], []);
    const text = of(findings, 'ok').join('\n');
    assert.match(text, /^newest part, .*p2\.ts: loads/m);
    assert.match(text, /^preload hint, .*p3\.mp4: loads/m);
  });

  it('names what low latency lacks', async () => {
    onlyFault(await page(live(lowLatency('#EXT-X-VERSION:9'))), /no EXT-X-PART-INF/);
    onlyFault(
      await page(live(lowLatency(`${INF}#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.6`))),
      /PART-HOLD-BACK is 0\.6 s.*three times PART-TARGET: 1\.50/,
    );
    const slow = await page(live(lowLatency(`${INF}#EXT-X-SERVER-CONTROL:PART-HOLD-BACK=1.5`)));
    assert.match(of(slow, 'warning').join('\n'), /no CAN-BLOCK-RELOAD=YES/);
    onlyFault(await page(live(lowLatency(CONTROL, 'p4.mp4'))), /^preload hint, .*HTTP 404.*hold the request/);
  });

  it('says that a token in the address has ended, by the clock of the origin', async () => {
    const exp = Math.floor(Date.now() / 1000) - 90;
    for (const path of [`/live/a.m3u8?jwt=${jwt({ exp })}`, `/${jwt({ exp })}/a.m3u8`]) {
      const origin = await listen((_, r) => void r.writeHead(403).end());
      const ended = await examine({ url: `${origin}${path}` });
      onlyFault(ended, /The address is signed \(JWT\), and ended (?:89|9\d) s ago/);
      assert.ok(!JSON.stringify(ended).includes('sentinel'));
      assert.ok(!JSON.stringify(ended).includes('eyJ'));
    }
  });

  it('names the wrong clock of an origin that takes the token of the doctor for expired', async () => {
    const nowS = Math.floor(Date.now() / 1000);
    const token = jwt({ iat: nowS, exp: nowS + 60 });
    for (const placement of ['query:token', 'path:/{token}{path}'])
      onlyFault(
        await page(
          {
            '/tokens': send('application/json', JSON.stringify({ token }), { 'Cache-Control': 'no-store' }),
            '/live/a.m3u8': (_, r) =>
              void r.writeHead(403, { Date: new Date((nowS + 600) * 1000).toUTCString() }).end(),
            [`/${token}/live/a.m3u8`]: (_, r) =>
              void r.writeHead(403, { Date: new Date((nowS + 600) * 1000).toUTCString() }).end(),
          },
          { placement },
        ),
        /Its clock is (?:59\d|60\d) s ahead of that of the token backend/,
      );
  });
});
