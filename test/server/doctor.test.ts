import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { after, before, describe, it } from 'node:test';
import { createBackend, type Backend, type ListeningBackend } from '../../demo/backend/backend.js';
import { runProgram } from '../../packages/server/src/cli/program.js';
import { examine, type DoctorOptions } from '../../packages/server/src/doctor/examine.js';
import type { DoctorFinding } from '../../packages/server/src/doctor/finding.js';

const PAGE = 'https://www.example.com';
const servers: Server[] = [];

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${String(typeof address === 'object' && address !== null ? address.port : 0)}`;
}

const of = (findings: readonly DoctorFinding[], level: DoctorFinding['level']) =>
  findings
    .filter((each) => each.level === level)
    .map(({ where, what, change }) => `${where}: ${what} ${change ?? ''}`);

/** One fault and no other, in words. */
function onlyFault(findings: readonly DoctorFinding[], words: RegExp): void {
  const faults = of(findings, 'fault');
  assert.equal(faults.length, 1, faults.join('\n') || 'no fault was found');
  assert.match(faults[0] ?? '', words);
}

describe('gatecast doctor', () => {
  let backend: Backend;
  let demo: ListeningBackend;
  /** Tokens that any test has seen. */
  const seen: string[] = [];

  before(async () => {
    backend = await createBackend({ tokenTtlSeconds: 60 });
    demo = await backend.listen();
  });
  after(async () => {
    for (const server of servers) server.close().closeAllConnections();
    await demo.close();
  });

  const setFaults = (faults: object) =>
    fetch(`${demo.origin}/api/qa/faults`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(faults),
    });
  const clear = () => fetch(`${demo.origin}/api/qa/faults`, { method: 'DELETE' });
  const spying: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    for (const [token] of (input instanceof Request ? input.url : input.toString()).matchAll(
      /eyJ[\w-]+\.[\w-]+\.[\w-]+/g,
    ))
      seen.push(token);
    return response;
  };
  const demoStream = (more: Partial<DoctorOptions> = {}) =>
    examine({
      url: `${demo.origin}/live/demo.m3u8`,
      tokenUrl: `${demo.origin}/api/tokens`,
      fetch: spying,
      ...more,
    });

  /** A page, a stream and its tokens on one server, of which a test replaces parts. */
  const playlist = (extra = '') =>
    `#EXTM3U\n#EXT-X-TARGETDURATION:2\n${extra}${['a', 'b', 'c', 'd'].map((name) => `#EXTINF:2,\n${name}.ts\n`).join('')}`;
  type Part = (request: IncomingMessage, response: ServerResponse) => void;
  const send =
    (type: string, body: string | Uint8Array, headers: Record<string, string> = {}): Part =>
    (_, response) =>
      void response.writeHead(200, { 'Content-Type': type, ...headers }).end(body);
  const segment = send(
    'video/mp2t',
    Uint8Array.from({ length: 376 }, (_, at) => (at % 188 === 0 ? 0x47 : 0)),
  );
  const healthy: Record<string, Part> = {
    '/page': send(
      'text/html',
      '<!doctype html><!-- <secure-player src=no> --><SECURE-PLAYER src="/live/a.m3u8?x=1&amp;y=2" token-url=/tokens></SECURE-PLAYER>',
    ),
    '/tokens': send('application/json', JSON.stringify({ token: 'sentinel-opaque-token-9f3a' }), {
      'Cache-Control': 'no-store',
    }),
    '/live/a.m3u8': (request, response) => {
      if (!request.url?.includes('token=sentinel')) return void response.writeHead(401).end();
      send('application/vnd.apple.mpegurl', playlist('#EXT-X-PLAYLIST-TYPE:VOD\n') + '#EXT-X-ENDLIST\n')(
        request,
        response,
      );
    },
    '/live/a.ts': segment,
    '/live/b.ts': segment,
  };
  const site = (parts: Record<string, Part> = {}) =>
    listen((request, response) => {
      const path = request.url?.split('?')[0] ?? '';
      const part = { ...healthy, ...parts }[path];
      if (part) part(request, response);
      else response.writeHead(404).end();
    });
  const page = async (parts: Record<string, Part> = {}, more: Partial<DoctorOptions> = {}) =>
    examine({ url: `${await site(parts)}/page`, ...more });

  it('finds nothing in the chain of the demo', async () => {
    const findings = await demoStream({ pageOrigin: demo.origin });
    assert.deepEqual([...of(findings, 'fault'), ...of(findings, 'warning')], []);
    const steps = findings.map(({ where }) => where.split(',')[0]);
    for (const step of ['token endpoint', 'playlist', 'rendition', 'init segment', 'first segment'])
      assert.ok(steps.includes(step), `${step} was not reached: ${steps.join()}`);
  });

  it('follows the tag of a page, and finds nothing', async () => {
    const findings = await page();
    assert.deepEqual([...of(findings, 'fault'), ...of(findings, 'warning')], []);
    assert.ok(of(findings, 'ok').some((each) => each.startsWith('first segment')));
  });

  const demoFaults: [what: string, faults: object, words: RegExp][] = [
    ['a token endpoint that fails', { tokens: { fail: 9, status: 503 } }, /token endpoint, .*HTTP 503/],
    [
      'a token endpoint that refuses',
      { tokens: { refuse: 'demo' } },
      /HTTP 403\. It refuses this caller\. Give a session/,
    ],
    [
      'a token endpoint without a response',
      { tokens: { down: true } },
      /token endpoint does not respond.*ECONNRESET|UND_ERR_SOCKET/,
    ],
    ['a web page as token response', { tokens: { shape: 'html' } }, /token-response-invalid/],
    ['a time in milliseconds', { tokens: { milliseconds: true } }, /token-time-unit/],
    ['an expired token', { tokens: { expired: true } }, /token-expired/],
    [
      'a playlist that the origin refuses',
      { media: { reject: 'demo' } },
      /playlist, .*HTTP 403.*in each usual place/,
    ],
    [
      'segments that fail',
      { media: { reject: { kind: 'segment', status: 500 } } },
      /first segment, .*HTTP 500/,
    ],
    [
      'init segments that are missing',
      { media: { reject: { kind: 'init', status: 404 } } },
      /init segment, .*HTTP 404/,
    ],
    ['an origin without a response', { media: { down: true } }, /media origin does not respond/],
  ];
  for (const [what, faults, words] of demoFaults) {
    it(`names ${what}`, async () => {
      await setFaults(faults);
      try {
        onlyFault(await demoStream(), words);
      } finally {
        await clear();
      }
    });
  }

  it('says that a token is wanted if no endpoint is named', async () => {
    onlyFault(
      await examine({ url: `${demo.origin}/live/demo.m3u8` }),
      /HTTP 401.*wants a token.*--token-url/,
    );
  });

  it('finds the placement that the origin accepts', async () => {
    onlyFault(
      await demoStream({ placement: 'query:wrong' }),
      /accepts the same token with "query:token".*Set token-placement="query:token"/,
    );
  });

  const pages: [what: string, parts: Record<string, Part>, words: RegExp][] = [
    [
      'a page without the tag',
      { '/page': send('text/html', '<script>"<secure-player src=a>"</script>') },
      /no <secure-player> in the HTML/,
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
    const findings = await page(parts, { placement: 'header:X-Stream-Token' });
    assert.ok(
      of(findings, 'fault').some((each) =>
        each.includes('token in the header X-Stream-Token does not go there'),
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
    assert.match(foreign, /refuses the cookie "media": 127\.0\.0\.1 may not set one for example\.com/);
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

  async function run(...args: string[]) {
    let out = '';
    let err = '';
    const code = await runProgram(['doctor', ...args], {
      out: (text) => void (out += text),
      note: (text) => void (err += text),
      readStdin: () => Promise.resolve(''),
      now: () => Date.now(),
    });
    return { code, out, err };
  }

  it('prints the findings, and exits with 0, 1 or 2', async () => {
    const origin = await site({
      '/tokens': (request, response) =>
        request.headers['x-session'] === 'sentinel-session'
          ? healthy['/tokens']?.(request, response)
          : void response.writeHead(401).end(),
    });
    const good = await run(`${origin}/page`, '--header', 'X-Session: sentinel-session');
    assert.deepEqual([good.code, good.err], [0, '']);
    assert.match(good.out, /\nNo fault found/);
    const bad = await run(`${origin}/page`);
    assert.equal(bad.code, 1);
    assert.match(
      bad.out,
      /^ok .*\n[^]*\nfault {4}token endpoint, http.*\n {9}The token endpoint responds with HTTP 401\..*\n {9}→ Give a session/m,
    );
    assert.equal(bad.err, 'gatecast: Faults found: 1.\n');
    const json = await run(`${origin}/page`, '--json', '--header', 'X-Session: sentinel-session');
    assert.ok((JSON.parse(json.out) as DoctorFinding[]).every(({ level }) => level === 'ok'));
    assert.ok(!(good.out + bad.out + json.out).includes('sentinel'), 'the output has a secret');
    for (const args of [
      ['ftp://a.example/'],
      [`${origin}/page`, '--placement', 'querry'],
      [`${origin}/page`, '--token', 'x'],
      [`${origin}/page`, '--page-origin', 'x'],
    ])
      assert.equal((await run(...args)).code, 2, args.join(' '));
  });

  it('shows no token of any chain above', async () => {
    const findings = [...(await demoStream()), ...(await demoStream({ placement: 'query:wrong' }))];
    assert.ok(seen.length > 0);
    const text = JSON.stringify(findings);
    for (const token of seen) assert.ok(!text.includes(token));
  });
});
