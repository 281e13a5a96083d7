import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import {
  closeSites,
  examine,
  listen,
  of,
  onlyFault,
  page,
  playlist,
  send,
  site,
  type Part,
} from './support/doctor-site.js';

const PAGE = 'https://www.example.com';

describe('gatecast doctor, for a page and its stream', () => {
  after(closeSites);

  it('follows the tag of a page, and finds nothing', async () => {
    const findings = await page();
    assert.deepEqual([...of(findings, 'fault'), ...of(findings, 'warning')], []);
    assert.ok(of(findings, 'ok').some((each) => each.startsWith('first segment')));
  });

  const pages: [what: string, parts: Record<string, Part>, words: RegExp][] = [
    [
      'a page without the tag',
      { '/page': send('text/html', '<script>"<secure-player src=a>"</script>') },
      /HTML of the page has no <secure-player> and no <secure-webcaster>.*WHIP endpoint that responds with a page, add --purpose ingest/,
    ],
    [
      'a page that is not there',
      { '/page': (_, r) => void r.writeHead(404).end() },
      /page responds with HTTP 404/,
    ],
    [
      'a wrong placement',
      {
        '/page': send('text/html', '<secure-player src=/live/a.m3u8 token-placement=querry></secure-player>'),
      },
      /token-placement must be/,
    ],
    [
      'a token endpoint at no address that the server knows',
      { '/tokens': (_, r) => void r.writeHead(404).end() },
      /HTTP 404\. The server does not know the address\. Correct token-url/,
    ],
    [
      'a token endpoint at an address that takes no POST',
      { '/tokens': (_, r) => void r.writeHead(405).end() },
      /HTTP 405\. The address takes no POST\. Correct token-url/,
    ],
    [
      'a token endpoint that redirects to a sign-in',
      { '/tokens': (_, r) => void r.writeHead(302, { Location: '/login' }).end() },
      /HTTP 302.*redirect of a POST/,
    ],
    [
      'a token response from a cache',
      {
        '/tokens': send('application/json', '{"token":"sentinel-opaque-token-9f3a"}', {
          Age: '31',
          'Cache-Control': 'no-store',
        }),
      },
      /31 s old: a cache/,
    ],
    [
      'a web page as playlist',
      { '/live/a.m3u8': send('text/html', '<html>') },
      /not an HLS playlist but a web page/,
    ],
    [
      'an empty playlist',
      { '/live/a.m3u8': send('application/vnd.apple.mpegurl', '#EXTM3U\n') },
      /no segments/,
    ],
    [
      'a live playlist that is cached too long',
      {
        '/live/a.m3u8': send('application/vnd.apple.mpegurl', playlist(), { 'Cache-Control': 'max-age=600' }),
      },
      /for 600 s, longer than a segment/,
    ],
    [
      'an old live playlist',
      { '/live/a.m3u8': send('application/vnd.apple.mpegurl', playlist(), { Age: '40' }) },
      /40 s old: a cache gives an old one/,
    ],
    [
      'a stream that stands still',
      {
        '/live/a.m3u8': send(
          'application/vnd.apple.mpegurl',
          playlist('#EXT-X-PROGRAM-DATE-TIME:2020-01-01T00:00:00Z\n'),
        ),
      },
      /stream stands still/,
    ],
    [
      'a live playlist that does not change',
      {
        '/live/a.m3u8': send('application/vnd.apple.mpegurl', playlist(), {
          'Last-Modified': 'Wed, 01 Jan 2020 00:00:00 GMT',
        }),
      },
      /has not changed for/,
    ],
    [
      'an error page as segment',
      { '/live/a.ts': send('text/html', '<html>not here</html>'), '/live/b.ts': send('text/html', '<html>') },
      /text with status 200, not media/,
    ],
    ['a segment without bytes', { '/live/a.ts': send('video/mp2t', '') }, /no bytes/],
    [
      'ranges that the origin does not serve',
      {
        '/live/a.m3u8': send(
          'application/vnd.apple.mpegurl',
          '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n#EXT-X-BYTERANGE:188@0\na.ts\n#EXT-X-ENDLIST\n',
        ),
      },
      /byte range.*HTTP 200/,
    ],
    [
      'a redirect in a circle',
      { '/live/a.m3u8': (_, r) => void r.writeHead(302, { Location: '/live/a.m3u8' }).end() },
      /HTTP 302/,
    ],
  ];
  for (const [what, parts, words] of pages) {
    it(`names ${what}`, async () => onlyFault(await page(parts), words));
  }

  it('names mixed content of a page over https', async () => {
    const findings = await examine({
      url: 'http://media.example.com/a.m3u8',
      pageOrigin: PAGE,
      fetch: () => Promise.reject(new TypeError('no network')),
    });
    assert.ok(of(findings, 'fault').some((each) => /mixed content.*Use the https address/.test(each)));
  });

  it('names what CORS lacks, of endpoint and media', async () => {
    const origin = await site();
    const at = { url: `${origin}/live/a.m3u8`, tokenUrl: `${origin}/tokens`, pageOrigin: PAGE };
    const faults = of(await examine(at), 'fault').join('\n');
    assert.match(faults, /token endpoint, .*CORS: the response has no Access-Control-Allow-Origin/);
    assert.match(faults, /token endpoint, .*preflight \(OPTIONS\)/);
    assert.match(faults, /playlist, .*CORS/);
    assert.match(faults, /first segment, .*CORS/);
  });

  it('names a header that is lost in a redirect, and sends it nowhere else', async () => {
    const received: string[] = [];
    const other = await listen((request, response) => {
      received.push(JSON.stringify(request.headers) + String(request.url));
      response.writeHead(401).end();
    });
    const parts = {
      '/live/a.m3u8': ((_, r) => void r.writeHead(302, { Location: `${other}/x.m3u8` }).end()) as Part,
    };
    const findings = await page(parts, { placement: 'header' });
    assert.ok(
      of(findings, 'fault').some((each) =>
        each.includes('token in the header Authorization does not go there'),
      ),
      of(findings, 'fault').join('\n'),
    );
    assert.ok(received.length > 0);
    assert.ok(!received.join().includes('sentinel'), 'another origin has received the token');
  });

  it('names segments at an origin that may not have the token, and sends it none', async () => {
    const received: string[] = [];
    const cdn = await listen((request, response) => {
      received.push(JSON.stringify(request.headers) + String(request.url));
      response.writeHead(403).end();
    });
    const text = `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${cdn}/a.ts\n#EXT-X-ENDLIST\n`;
    onlyFault(
      await page({ '/live/a.m3u8': send('application/vnd.apple.mpegurl', text) }),
      /another origin than src.*to token-origins/,
    );
    assert.ok(received.length > 0 && !received.join().includes('sentinel'));
  });

  it('names cookies that do not reach the media', async () => {
    const cookies = (set: string): Record<string, Part> => ({
      '/tokens': send('application/json', '{"tokens":[{"stream":"a","cookie":true}]}', {
        'Set-Cookie': set,
        'Cache-Control': 'no-store',
      }),
      '/live/a.m3u8': (request, response) =>
        request.headers.cookie?.includes('media=')
          ? send('application/vnd.apple.mpegurl', `${playlist()}#EXT-X-ENDLIST\n`)(request, response)
          : void response.writeHead(403).end(),
    });
    const fine = await page(cookies('media=sentinel-cookie; SameSite=Lax'));
    assert.deepEqual(of(fine, 'fault'), []);
    const foreign = of(await page(cookies('media=sentinel-cookie; Domain=example.com')), 'fault').join('\n');
    assert.match(
      foreign,
      /refuses the cookie "media", because 127\.0\.0\.1 may not set one for example\.com/,
    );
    const insecure = of(await page(cookies('media=sentinel-cookie; SameSite=None')), 'fault').join('\n');
    assert.match(insecure, /SameSite=None needs Secure/);
    assert.ok(!(foreign + insecure).includes('sentinel'));
  });

  it('compares the clocks, and names the one that is off', async () => {
    const date = new Date(Date.now() - 600_000).toUTCString();
    const findings = await page({
      '/live/a.m3u8': (_, response) => void response.writeHead(403, { Date: date }).end(),
    });
    onlyFault(findings, /clock is \d{3} s behind that of the token backend/);
  });

  it('warns about a stream that plays without its token, and about a token without no-store', async () => {
    const findings = await page({
      '/tokens': send('application/json', '{"token":"sentinel-opaque-token-9f3a"}'),
      '/live/a.m3u8': send('application/vnd.apple.mpegurl', `${playlist()}#EXT-X-ENDLIST\n`),
    });
    assert.deepEqual(of(findings, 'fault'), []);
    const warnings = of(findings, 'warning').join('\n');
    assert.match(warnings, /loads without a token/);
    assert.match(warnings, /no Cache-Control: no-store/);
  });

  it('reads no more of an endless response than its limit, in linear time', async () => {
    const client = { isOpen: true };
    let close: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (close = resolve));
    const findings = await page({
      '/page': (_, response) => {
        response.writeHead(200, { 'Content-Type': 'text/html' });
        response.on('close', () => {
          client.isOpen = false;
          close();
        });
        const more = () => {
          while (client.isOpen && response.write('<a b="'.repeat(4_000)));
        };
        response.on('drain', more);
        more();
      },
    });
    await closed;
    onlyFault(findings, /no <secure-player>/);
  });
});
