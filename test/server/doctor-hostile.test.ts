import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createGzip } from 'node:zlib';
import {
  closeSites,
  examine,
  healthy,
  hideSentinels,
  HLS,
  listen,
  of,
  onlyFault,
  page,
  playlist,
  runDoctor,
  send,
  type DoctorFinding,
  type Part,
} from './support/doctor-site.js';

/** Writes until the client goes away; counts those that went. */
function endless(type: string, text: string, gone: string[]): Part {
  return (request, response) => {
    response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' });
    response.on('close', () => gone.push(request.url ?? ''));
    const more = (): void => {
      while (!response.destroyed && response.write(text));
    };
    response.on('drain', more);
    more();
  };
}

describe('gatecast doctor, with hostile servers', () => {
  after(closeSites);

  const media = (line: string) =>
    send(HLS, `#EXTM3U\n#EXT-X-TARGETDURATION:2\n${line}\n#EXTINF:2,\na.ts\n#EXT-X-ENDLIST\n`);
  const bodies: [what: string, parts: (gone: string[]) => Record<string, Part>, words: RegExp | null][] = [
    [
      'token response',
      (gone) => ({ '/tokens': endless('application/json', '{"a":'.repeat(9_000), gone) }),
      /cannot use the token response/,
    ],
    [
      'playlist',
      (gone) => ({ '/live/a.m3u8': endless(HLS, `#EXTM3U\n${'#EXT-X-KEY:'.repeat(5_000)}`, gone) }),
      /larger than 2 MiB/,
    ],
    ['segment', (gone) => ({ '/live/a.ts': endless('video/mp2t', 'G'.repeat(65_536), gone) }), null],
    [
      'key',
      (gone) => ({
        '/live/a.m3u8': media('#EXT-X-KEY:METHOD=AES-128,URI="k"'),
        '/live/k': endless('application/octet-stream', 'k'.repeat(65_536), gone),
      }),
      /The key has \d+ bytes/,
    ],
  ];
  for (const [what, parts, words] of bodies)
    it(`reads an endless ${what} up to a limit, and hangs up`, async () => {
      const gone: string[] = [];
      const findings = await page(parts(gone));
      if (words) onlyFault(findings, words);
      else assert.deepEqual(of(findings, 'fault'), []);
      // The connection closes in its own time.
      while (gone.length === 0) await new Promise((resolve) => setImmediate(resolve));
    });

  it('reads a compressed response up to the limit of what is in it', async () => {
    const gone: string[] = [];
    const bomb: Part = (_, response) => {
      response.writeHead(200, { 'Content-Type': HLS, 'Content-Encoding': 'gzip' });
      const gzip = createGzip();
      gzip.pipe(response);
      response.on('close', () => {
        gzip.destroy();
        gone.push('closed');
      });
      const zeros = Buffer.alloc(1_048_576);
      const more = (): void => {
        while (!gzip.destroyed && gzip.write(zeros));
      };
      gzip.on('drain', more).write('#EXTM3U\n');
      more();
    };
    onlyFault(await page({ '/live/a.m3u8': bomb }), /larger than 2 MiB/);
    while (gone.length === 0) await new Promise((resolve) => setImmediate(resolve));
  });

  it('follows at most ten redirects, in a circle or not', async () => {
    let requests = 0;
    const origin = await listen((_, response) => {
      requests += 1;
      response.writeHead(302, { Location: `/${String(requests)}.m3u8?token=sentinel` }).end();
    });
    const findings = await examine({ url: `${origin}/a.m3u8` });
    onlyFault(findings, /HTTP 302.*leads in a circle, to more than ten addresses/);
    assert.equal(requests, 11);
    hideSentinels(findings);
  });

  it('ends a response that comes a byte at a time', async () => {
    const drip: Part = (_, response) => {
      response.writeHead(200, { 'Content-Type': HLS });
      const timer = setInterval(() => response.write('#'), 5);
      response.on('close', () => clearInterval(timer));
    };
    for (const path of ['/page', '/tokens', '/live/a.m3u8'])
      onlyFault(await page({ [path]: drip }, { timeoutMs: 400 }), /does not respond/);
  });

  it('follows a bounded number of a huge playlist', async () => {
    let requests = 0;
    const variants = Array.from(
      { length: 20_000 },
      (_, at) => `#EXT-X-STREAM-INF:BANDWIDTH=1\nv${String(at)}.m3u8\n`,
    );
    const sounds = Array.from(
      { length: 5_000 },
      (_, at) => `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="n",URI="s${String(at)}.m3u8"\n`,
    );
    const origin = await listen((request, response) => {
      requests += 1;
      if (request.url === '/a.m3u8')
        send(HLS, `#EXTM3U\n${[...sounds, ...variants].join('')}`)(request, response);
      else if (request.url?.endsWith('.m3u8')) send(HLS, `${playlist()}#EXT-X-ENDLIST\n`)(request, response);
      else healthy['/live/a.ts']?.(request, response);
    });
    const findings = await examine({ url: `${origin}/a.m3u8` });
    assert.deepEqual(of(findings, 'fault'), []);
    assert.match(of(findings, 'ok').join('\n'), /has \d+ more playlists, which the doctor does not follow/);
    assert.ok(requests < 60, `${String(requests)} requests`);
  });

  it('reads hostile tags in linear time', async () => {
    const long = 'A'.repeat(650_000);
    for (const tag of ['EXT-X-MEDIA', 'EXT-X-STREAM-INF', 'EXT-X-SESSION-KEY', 'EXT-X-PART', 'EXT-X-KEY'])
      for (const text of [long, `${long}="`, 'A=,'.repeat(200_000), `A="${' '.repeat(600_000)}`])
        await page({ '/live/a.m3u8': send(HLS, `${playlist(`#${tag}:${text}\n`)}#EXT-X-ENDLIST\n`) });
  });

  it('shows nothing secret of addresses and responses', async () => {
    const jwt = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJzZW50aW5lbCJ9.c2VudGluZWw';
    const secrets = [jwt, 'sentinel'];
    const marked = '?token=sentinel&Signature=sentinel#sentinel';
    const parts: Record<string, Part> = {
      '/page': send(
        'text/html',
        `<secure-player src="/${jwt}/a.m3u8${marked}" token-url="/tokens${marked}" stream=a></secure-player>`,
      ),
      '/tokens': send('application/json', '{"token":"sentinel-covert-token-9f3a"}', {
        'Set-Cookie': 'media=sentinel; Domain=sentinel.example; SameSite=None',
        'Cache-Control': 'no-store',
      }),
    };
    const answers: Part[] = [
      send(HLS, `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="sentinel"\n/b.m3u8${marked}\n`),
      media(`#EXT-X-KEY:METHOD=AES-128,URI="/k${marked}"`),
      media('#EXT-X-KEY:METHOD=SAMPLE-AES,KEYFORMAT="sentinel",URI="data:text/plain;base64,sentinel"'),
      media('#EXT-X-KEY:METHOD=AES-128,URI="skd://sentinel"'),
      (_, r) => void r.writeHead(302, { Location: `http://127.0.0.1:9/${jwt}/x.m3u8${marked}` }).end(),
      (_, r) =>
        void r
          .writeHead(403, { 'Content-Type': 'application/problem+json', 'WWW-Authenticate': 'sentinel' })
          .end(`{"code":"sentinel-covert-token-9f3a","detail":"sentinel"}`),
      (_, r) => void r.writeHead(500, { 'Access-Control-Allow-Origin': 'sentinel' }).end('sentinel'),
      send('sentinel/sentinel', 'sentinel', { 'Access-Control-Allow-Origin': 'https://sentinel.example' }),
    ];
    for (const answer of answers) {
      const findings: DoctorFinding[] = await page(
        { ...parts, [`/${jwt}/a.m3u8`]: answer },
        { pageOrigin: 'https://www.example.com', headers: { Cookie: 'sid=sentinel' } },
      );
      assert.ok(of(findings, 'fault').length > 0);
      const text = JSON.stringify(findings).replaceAll('for sentinel.example', '');
      for (const secret of secrets) assert.ok(!text.includes(secret), text);
    }
  });

  it('refuses an address with a password, and does not show it', async () => {
    const { code, err } = await runDoctor(['http://user:sentinel@127.0.0.1:9/a.m3u8']);
    assert.equal(code, 2);
    assert.match(err, /has a user name or a password/);
  });
});
