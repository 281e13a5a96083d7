import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  createKeySet,
  createPlaylistCookie,
  createPlaylistSigner,
  createTokenHandler,
  generateSigningKey,
  jwtIssuer,
  type PlaylistSignerOptions,
} from '@gatecast/server';
import fc from 'fast-check';
import { cookieFor } from './support/playlist-cookies.js';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const keys = createKeySet([key]);
const cookie = createPlaylistCookie({ keys });
const issuer = jwtIssuer({ keys });
const Cookie = await cookieFor(cookie, ['demo']);

function createSigner(options: Partial<PlaylistSignerOptions>, base = 'https://cdn.test/live/') {
  const signer = createPlaylistSigner({ issuer, cookie, upstreams: [base], ...options });
  const url = encodeURIComponent(`${base}demo.m3u8`);
  return () => signer(new Request(`https://page.test/hls/sign?url=${url}`, { headers: { Cookie } }));
}

const sign = (text: string, options: Partial<PlaylistSignerOptions> = {}) =>
  createSigner({ fetch: async () => new Response(text), ...options })();

async function codeOf(response: Response): Promise<string> {
  if (response.ok) return 'ok';
  return ((await response.json()) as { code: string }).code;
}

const define = (name: string, value: string) => `#EXT-X-DEFINE:NAME="${name}",VALUE="${value}"\n`;
const lines = (line: string, count: number) => `${line}\n`.repeat(count);

/** Playlists that made the server silent, or would with a reader that is not linear. Their size grows with `n`. */
const HOSTILE: Readonly<Record<string, (n: number) => string>> = {
  'a long variable in many lines': (n) => define('a', 'x'.repeat(10 * n)) + lines('{$a}'.repeat(100), n / 4),
  'a short variable in many lines': (n) => define('a', 'x'.repeat(80)) + lines('{$a}'.repeat(100), n / 8),
  'many variables': (n) => Array.from({ length: n }, (_, index) => define(`v${index}`, 'x')).join(''),
  'a variable name without an end': (n) => `{$${'a'.repeat(10 * n)}`,
  'braces without an end': (n) => '{$'.repeat(10 * n),
  'one character in each line': (n) => lines('a', 10 * n),
  'empty lines': (n) => '\n'.repeat(10 * n),
  'carriage returns': (n) => '\r'.repeat(10 * n),
  'variants without a URL': (n) => lines('#EXT-X-STREAM-INF:', n),
  'variants with a URL': (n) => lines('#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8', n),
  'rendition reports': (n) => lines('#EXT-X-RENDITION-REPORT:URI="a.m3u8"', n),
  'blanks before an attribute': (n) => `#EXT-X-MAP:${' '.repeat(10 * n)}"`,
  'blanks after an attribute': (n) => `#EXT-X-MAP:A=${' '.repeat(10 * n)}"`,
  'commas and blanks': (n) => `#EXT-X-MAP:${', '.repeat(10 * n)}`,
  'quotes without an end': (n) => `#EXT-X-MAP:${'URI="'.repeat(10 * n)}`,
  'attributes without a value': (n) => `#EXT-X-MAP:${'A'.repeat(10 * n)}`,
  'a duration without an end': (n) => `#EXTINF:${' '.repeat(10 * n)}`,
  'digits without an end': (n) => `#EXTINF:${'9'.repeat(10 * n)},`,
  'a tag name without an end': (n) => `#EXT${'-'.repeat(10 * n)}`,
  'dot segments': (n) => 'a/../'.repeat(n),
  slashes: (n) => '/'.repeat(10 * n),
  'percent signs': (n) => '%'.repeat(10 * n),
};

/** Milliseconds of processor time that `run` takes: other processes do not count. */
async function cpuMs(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('a hostile playlist', () => {
  for (const [what, text, code] of [
    [
      '1 MB that expands a variable of 200 kB',
      define('a', 'x'.repeat(200_000)) + lines('{$a}'.repeat(100), 2000),
      'playlist-too-large',
    ],
    [
      '100 kB that expand a variable of 20 kB',
      define('a', 'x'.repeat(20_000)) + lines('{$a}'.repeat(100), 200),
      'playlist-too-large',
    ],
    [
      'a variable of 4 kB, expanded 100 times',
      define('a', 'x'.repeat(4000)) + lines('{$a}'.repeat(100), 200),
      'playlist-too-large',
    ],
    [
      'a variable of 4 kB in many lines',
      define('a', 'x'.repeat(4000)) + lines('{$a}', 20_000),
      'playlist-too-large',
    ],
    ['2 MiB of lines with one character', lines('a', 1_048_000), 'playlist-too-large'],
    [
      '50,000 lines with one character that become too large with tokens',
      lines('a', 50_000),
      'playlist-too-large',
    ],
    ['a URL of 10,000 characters', 'a'.repeat(10_000), 'playlist-too-large'],
    ['a URL that is too long when it is encoded', 'ü'.repeat(2000), 'playlist-too-large'],
    ['300 variables', HOSTILE['many variables']?.(300) ?? '', 'playlist-too-large'],
    ['2,000 variants', HOSTILE['variants with a URL']?.(2000) ?? '', 'playlist-too-large'],
    ['2,000 rendition reports', HOSTILE['rendition reports']?.(2000) ?? '', 'playlist-too-large'],
    ['20,000 variants without a URL', HOSTILE['variants without a URL']?.(20_000) ?? '', 'ok'],
    [
      'a data URL of 20,000 characters',
      `#EXT-X-KEY:METHOD=SAMPLE-AES,URI="data:text/plain;base64,${'A'.repeat(20_000)}"`,
      'ok',
    ],
  ] as const) {
    it(`with ${what} gets the answer ${code}`, async () => {
      const response = await sign(`#EXTM3U\n${text}`, { maxOutputLength: 8_388_608 });
      assert.equal(await codeOf(response), code);
    });
  }

  it('of a recording of 12 hours is signed', async () => {
    const segment = '#EXTINF:2,\n#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z\nsegment-123456.m4s';
    assert.equal(await codeOf(await sign(`#EXTM3U\n${lines(segment, 21_600)}`)), 'ok');
  });

  it('is refused above the options maxLines and maxOutputLength', async () => {
    assert.equal(
      await codeOf(await sign(`#EXTM3U\n${lines('#', 20)}`, { maxLines: 10 })),
      'playlist-too-large',
    );
    assert.equal(
      await codeOf(await sign(`#EXTM3U\n${lines('#', 20)}`, { maxOutputLength: 20 })),
      'playlist-too-large',
    );
  });

  it('lets other requests run while it is rewritten', async () => {
    const text = `#EXTM3U\n${lines(`#EXTINF:2,\n${'s'.repeat(20)}`, 20_000)}`;
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    const signing = sign(text).finally(() => {
      isDone = true;
    });
    count();
    assert.equal((await signing).status, 200);
    // About 8 MB are written in slices of 256 KiB, and each slice lets the event loop turn at least once.
    assert.ok(turns > 20, `the event loop turned ${turns} times`);
  });

  for (const [what, make] of Object.entries(HOSTILE)) {
    it(`with ${what} takes no more than proportional work`, async () => {
      const limits = { maxLines: 1e9, maxOutputLength: 1e9, maxBytes: 1e9 };
      const run = (n: number) => cpuMs(() => sign(`#EXTM3U\n${make(n)}`, limits));
      await run(512);
      let ratio = Infinity;
      // Garbage collection may hit one run, so the best of several pairs counts. A quadratic reader has a ratio of 16.
      for (let attempt = 0; attempt < 8 && ratio > 8; attempt += 1) {
        const half = await run(2048);
        ratio = Math.min(ratio, (await run(8192)) / Math.max(half, 1));
      }
      assert.ok(ratio <= 8, `four times the size took ${ratio.toFixed(1)} times the work`);
    });
  }

  it('of any form gets an answer', async () => {
    const piece = fc.constantFrom(
      '#EXT-X-DEFINE:',
      '#EXT-X-MAP:',
      '#EXT-X-STREAM-INF:',
      '#EXT-X-KEY:',
      'NAME="a"',
      'VALUE="',
      'URI="',
      '{$a}',
      '{$',
      '"',
      ',',
      '\n',
      '\r',
      ' ',
      '=',
      'http://[bad/x',
      '//',
      '%',
      '../',
      'é',
      '\0',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), async (pieces) => {
        const code = await codeOf(await sign(`#EXTM3U\n${pieces.join('')}`));
        assert.ok(['ok', 'playlist-too-large', 'playlist-unsupported'].includes(code), code);
      }),
    );
  });
});

describe('a hostile upstream', () => {
  /** An upstream of the test on the loopback interface. */
  async function upstream(
    respond: Parameters<typeof createServer>[1] & {},
    use: (base: string) => Promise<void>,
  ): Promise<void> {
    const server = createServer(respond);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    try {
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it('that sends a byte from time to time is given up after timeoutMs', async () => {
    await upstream(
      (_, response) => {
        response.write('#EXTM3U\n');
        const timer = setInterval(() => response.write('#'), 5);
        response.on('close', () => clearInterval(timer));
      },
      async (base) => {
        assert.equal(await codeOf(await createSigner({ timeoutMs: 300 }, base)()), 'upstream-timeout');
      },
    );
  });

  it('that sends 200 MB in 200 kB of gzip is stopped at maxBytes', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from('#EXTM3U\n'), Buffer.alloc(200_000_000, '#')]));
    await upstream(
      (_, response) => {
        response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb);
      },
      async (base) => {
        const before = process.memoryUsage().rss;
        assert.equal(await codeOf(await createSigner({}, base)()), 'playlist-too-large');
        const grownMb = (process.memoryUsage().rss - before) / 1e6;
        assert.ok(grownMb < 100, `the process grew by ${grownMb.toFixed(0)} MB`);
      },
    );
  });

  it('that redirects forever is given up', async () => {
    let count = 0;
    await upstream(
      (_, response) => {
        count += 1;
        response.writeHead(302, { Location: `/${'a'.repeat(100)}/${count}.m3u8` }).end('x'.repeat(1000));
      },
      async (base) => {
        assert.equal(await codeOf(await createSigner({}, base)()), 'upstream-failed');
        assert.equal(count, 4);
      },
    );
  });
});

describe('a hostile playlist in the first token response', () => {
  for (const [what, make] of Object.entries(HOSTILE)) {
    it(`with ${what} does not stop the response`, async () => {
      const handler = createTokenHandler({
        issuers: { playback: issuer },
        authorize: () => true,
        bootstrap: {
          playlistUrl: (stream) => `https://cdn.test/live/${stream}.m3u8`,
          upstreams: ['https://cdn.test/live/'],
          fetch: async () => new Response(`#EXTM3U\n#EXT-X-STREAM-INF:\n${make(8192).slice(0, 200_000)}`),
          budgetMs: 60_000,
        },
      });
      const response = await handler(
        new Request('https://backend.test/', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ purpose: 'playback', streams: ['demo'], reason: 'initial' }),
        }),
      );
      assert.equal(response.status, 200);
      const body = await response.text();
      assert.ok(body.length < 2_000_000, `the response has ${body.length} characters`);
    });
  }
});
