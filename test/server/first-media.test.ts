import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTokenHandler, issuersByOrigin, jwtIssuer, type TokenIssuer } from '@gatecast/server';
import { createDpopClient } from './support/dpop-client.js';
import {
  base,
  bytesOf,
  createMediaWorld,
  keys,
  mediaPlaylist,
  mediaResponse,
  MULTIVARIANT,
  readAnswer,
  readToEnd,
  readUntil,
  settle,
  withLength,
} from './support/media-world.js';

const LOW = ['low-init.mp4', 'low-4.m4s'];
const never = () => new Promise<never>(() => undefined);

describe('media in the first token response', () => {
  it('come after the JSON part, byte by byte as RFC 2046 says', async () => {
    const { ask } = createMediaWorld();
    const response = await ask();
    assert.equal(response.headers.get('Cache-Control'), 'no-store, no-transform');
    assert.equal(response.headers.get('X-Accel-Buffering'), 'no');
    assert.equal(response.headers.get('Vary'), 'Accept');
    const boundary = response.headers.get('Content-Type')?.split('boundary=')[1] ?? '';
    const text = Buffer.from(await response.arrayBuffer()).toString('latin1');
    const json = /\{.*\}/.exec(text)?.[0] ?? '';
    const part = (name: string) =>
      `--${boundary}\r\nContent-Type: video/mp4\r\nContent-Location: ${base}${name}\r\n` +
      `Content-Length: ${bytesOf(name).length}\r\n\r\n${bytesOf(name).toString()}\r\n`;
    assert.equal(
      text,
      `--${boundary}\r\nContent-Type: application/json\r\nContent-Length: ${json.length}\r\n\r\n${json}\r\n` +
        `${part('low-init.mp4')}${part('low-4.m4s')}--${boundary}--\r\n`,
    );
    const { tokens, playlists, media } = JSON.parse(json) as Record<string, unknown>;
    assert.ok(Array.isArray(tokens) && playlists);
    assert.deepEqual(
      media,
      LOW.map((name) => ({ url: `${base}${name}` })),
    );
  });

  it('are requested with the token of the viewer', async () => {
    const { ask, asked } = createMediaWorld();
    const { json } = await readAnswer(await ask());
    const token = json.tokens[0]?.token;
    assert.deepEqual(
      asked.map(({ url }) => url.searchParams.get('token')),
      [token, token],
    );
    assert.ok(asked.every(({ headers }) => headers.get('Accept-Encoding') === 'identity'));
  });

  it('never delay the JSON part', async () => {
    const { ask } = createMediaWorld({ media: never });
    const response = await ask();
    const reader = response.body?.getReader();
    assert.ok(reader);
    const text = await readUntil(reader, '"media":');
    assert.match(text, /"tokens":/);
    await reader.cancel();
  });

  it('arrive as the origin sends them', async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const { ask } = createMediaWorld({
      playlist: () => mediaPlaylist('high').replace(/#EXT-X-MAP.*\n/, ''),
      media: () => new Response(readable, { headers: { 'Content-Length': '8' } }),
    });
    const reader = (await ask()).body?.getReader();
    assert.ok(reader);
    await writer.write(Buffer.from('half'));
    const text = await readUntil(reader, '\r\n\r\nhalf');
    assert.match(text, /Content-Type: application\/octet-stream\r\n/);
    await writer.write(Buffer.from('rest'));
    await readUntil(reader, 'rest');
    await writer.close();
    assert.match(await readToEnd(reader), /--\r\n$/);
  });

  for (const [what, playlist, accept, names] of [
    ['the variant for an unknown connection', MULTIVARIANT, 'multipart/mixed', LOW],
    [
      'the variant for the bandwidth that the client expects',
      MULTIVARIANT,
      'multipart/mixed;bandwidth=9000000',
      ['high-init.mp4', 'high-4.m4s'],
    ],
    [
      'the variant of a playlist without codecs',
      MULTIVARIANT.replace(/,CODECS.*/g, ''),
      'multipart/mixed',
      LOW,
    ],
    [
      'the first segment of a recording',
      `${mediaPlaylist('vod')}#EXT-X-ENDLIST`,
      'multipart/mixed',
      ['vod-init.mp4', 'vod-1.m4s'],
    ],
    ['the live segment', mediaPlaylist('live'), 'multipart/mixed', ['live-init.mp4', 'live-4.m4s']],
  ] as const) {
    it(`are those that the player begins with: ${what}`, async () => {
      const { ask, files } = createMediaWorld({
        playlist: (name) => (name === 'demo' ? playlist : mediaPlaylist(name)),
      });
      const answer = await readAnswer(await ask({ accept }));
      assert.deepEqual(answer.names, names);
      assert.ok(answer.isClosed);
      assert.deepEqual(files(), names);
    });
  }

  for (const [what, playlist] of [
    ['depends on what the browser decodes', MULTIVARIANT.replace('avc1.42e01e', 'hvc1.1.6.L93')],
    ['is that of the engine', `${MULTIVARIANT}#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="a.m3u8"\n`],
    ['is a part of a segment', `${mediaPlaylist('ll')}#EXT-X-PART:DURATION=1,URI="p.m4s"\n`],
    ['has a variable in its address', mediaPlaylist('v').replaceAll('v-', '{$v}-')],
    ['has an address that is not a URL', mediaPlaylist('v').replaceAll('v-', 'https://a b/')],
    ['is at another origin', mediaPlaylist('v').replaceAll('v-', 'https://other.test/live/')],
    ['is in another folder', mediaPlaylist('v').replaceAll('v-', '../private/')],
    ['leaves the folder with an encoded slash', mediaPlaylist('v').replaceAll('v-', '..%2Fprivate/')],
    ['is an empty range', mediaPlaylist('v').replace('mp4"', 'mp4",BYTERANGE="0@0"')],
    [
      'is a range of too many bytes',
      mediaPlaylist('v').replace('mp4"', `mp4",BYTERANGE="${'9'.repeat(400)}@0"`),
    ],
  ] as const) {
    it(`are not sent if the first segment ${what}`, async () => {
      const { ask, asked } = createMediaWorld({
        playlist: (name) => (name === 'demo' ? playlist : mediaPlaylist(name)),
      });
      const response = await ask();
      assert.equal(response.headers.get('Content-Type'), 'application/json');
      const json = (await response.json()) as Record<string, unknown>;
      assert.ok(json['playlists'] && !('media' in json));
      assert.deepEqual(asked, []);
    });
  }

  it('are byte ranges, if the playlist names ranges', async () => {
    const text = mediaPlaylist('r')
      .replace(/URI=".*"/, 'URI="all.mp4",BYTERANGE="10@0"')
      .replaceAll(/r-(\d).m4s/g, (_, number) => `#EXT-X-BYTERANGE:20@${number}0\nall.mp4`);
    const { ask, asked } = createMediaWorld({ playlist: () => text });
    const { json, parts } = await readAnswer(await ask());
    const url = `${base}all.mp4`;
    assert.deepEqual(json.media, [
      { url, range: '0-9' },
      { url, range: '40-59' },
    ]);
    assert.deepEqual(
      parts.map(({ headers, bytes }) => [headers.get('Content-Range'), bytes.toString()]),
      [
        ['bytes 0-9/*', bytesOf('all.mp4').subarray(0, 10).toString()],
        ['bytes 40-59/*', bytesOf('all.mp4').subarray(40, 60).toString()],
      ],
    );
    assert.deepEqual(
      asked.map(({ headers }) => headers.get('Range')),
      ['bytes=0-9', 'bytes=40-59'],
    );
  });

  for (const [what, options] of [
    ['does not accept them', { accept: 'application/json' }],
    ['has no Accept', { accept: null }],
    ['has another reason', { reason: 'scheduled' }],
    ['accepts everything, like a browser', { accept: '*/*' }],
  ] as const) {
    it(`are not sent if the request ${what}`, async () => {
      const { ask, asked } = createMediaWorld();
      assert.equal((await ask(options)).headers.get('Content-Type'), 'application/json');
      assert.deepEqual(asked, []);
    });
  }

  it('are off by default', async () => {
    const { ask } = createMediaWorld({ bootstrap: { media: false } });
    const response = await ask();
    assert.equal(response.headers.get('Content-Type'), 'application/json');
    assert.equal(response.headers.get('Vary'), null);
  });

  it('are not sent with a token that is bound to a key', async () => {
    const { ask, asked } = createMediaWorld({ handler: { dpop: 'optional' } });
    const client = await createDpopClient();
    const DPoP = await client.prove({ method: 'POST', url: 'https://backend.test/' });
    const response = await ask({ headers: { DPoP } });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Content-Type'), 'application/json');
    assert.deepEqual(asked, []);
  });

  it('are not sent for several streams, of which only the page knows the first', async () => {
    const { ask, asked } = createMediaWorld();
    const response = await ask({ streams: ['high', 'low'] });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Content-Type'), 'application/json');
    assert.deepEqual(asked, []);
  });

  it('are not requested from an origin that the token is not for', async () => {
    const text = mediaPlaylist('v').replaceAll('v-', 'https://other.test/live/');
    const issuer = issuersByOrigin({ 'https://cdn.test': jwtIssuer({ keys }) });
    const { ask, asked } = createMediaWorld({
      playlist: () => text,
      handler: { issuers: { playback: issuer } },
      bootstrap: { upstreams: [base, 'https://other.test/'] },
    });
    assert.equal((await ask()).headers.get('Content-Type'), 'application/json');
    assert.deepEqual(asked, []);
  });

  it('have the addresses that a signed playlist names, and go to the origin unchanged', async () => {
    const issuer: TokenIssuer = {
      issue: async () => ({
        url: `${base}high.m3u8?Signature=abcdefghijklmnop`,
        expiresAt: Math.floor(Date.now() / 1000) + 60,
      }),
    };
    const { ask, asked } = createMediaWorld({
      handler: { issuers: { playback: issuer } },
      bootstrap: { playlistUrl: undefined },
      playlist: (name) => mediaPlaylist(name).replaceAll('.m4s', '.m4s?sig=of-the-origin'),
    });
    const { json } = await readAnswer(await ask({ stream: 'high' }));
    const addresses = [`${base}high-init.mp4`, `${base}high-4.m4s?sig=of-the-origin`];
    assert.deepEqual(
      json.media?.map(({ url }) => url),
      addresses,
    );
    assert.deepEqual(
      asked.map(({ url }) => url.href),
      addresses,
    );
  });

  it('refuse limits that are not numbers above 0', () => {
    for (const maxBytes of [0, -1, NaN]) {
      assert.throws(
        () =>
          createTokenHandler({
            issuers: { playback: jwtIssuer({ keys }) },
            authorize: () => true,
            bootstrap: { upstreams: [base], media: { maxBytes } },
          }),
        /bootstrap\.media\.maxBytes/,
      );
    }
  });
});

describe('media that do not come', () => {
  const respond: Readonly<Record<string, (headers: Headers) => Response | Promise<Response>>> = {
    'the origin cannot be reached': () => Promise.reject(new TypeError('fetch failed')),
    'the origin refuses': () => new Response('', { status: 403 }),
    'the origin redirects': () =>
      new Response(null, { status: 302, headers: { Location: 'https://evil.test/' } }),
    'the origin answers a range': () => withLength(bytesOf('x'), { status: 206 }),
    'they are empty': () => withLength(Buffer.alloc(0)),
    'they are larger than the limit': () => withLength(Buffer.alloc(5000)),
    'they are larger than the limit, without a length': () => new Response(new Uint8Array(5000)),
    'they are larger than the memory': () => withLength(Buffer.alloc(3500)),
  };
  for (const [what, media] of Object.entries(respond)) {
    it(`leave a whole response without them if ${what}`, async () => {
      const { ask } = createMediaWorld({
        media: ({ headers }) => media(headers),
        bootstrap: { media: { maxBytes: 4000, memoryBytes: 3000, firstByteMs: 60_000, timeoutMs: 60_000 } },
      });
      const { json, parts, isClosed } = await readAnswer(await ask());
      assert.equal(json.tokens.length, 1);
      assert.equal(json.media?.length, 2);
      assert.deepEqual(parts, []);
      assert.ok(isClosed);
    });
  }

  for (const [what, end] of [
    ['fewer', (writer: WritableStreamDefaultWriter<Uint8Array>) => writer.close()],
    ['more', (writer: WritableStreamDefaultWriter<Uint8Array>) => writer.write(Buffer.from('too much'))],
  ] as const) {
    it(`are cut in a part with ${what} bytes than its length`, async () => {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const writer = writable.getWriter();
      const { ask } = createMediaWorld({
        media: (request) =>
          request.url.pathname.endsWith('.mp4')
            ? mediaResponse(request)
            : new Response(readable, { headers: { 'Content-Length': '8' } }),
      });
      const reader = (await ask()).body?.getReader();
      assert.ok(reader);
      await writer.write(Buffer.from('half'));
      await readUntil(reader, '\r\n\r\nhalf');
      await end(writer);
      assert.deepEqual(await reader.read(), { done: true, value: undefined });
    });
  }

  it('count together: the second is left out if both are too large', async () => {
    const { ask } = createMediaWorld({
      bootstrap: { media: { maxBytes: bytesOf('low-init.mp4').length + 10, firstByteMs: 60_000 } },
    });
    const answer = await readAnswer(await ask());
    assert.deepEqual([answer.names, answer.isClosed], [['low-init.mp4'], true]);
  });

  it('have a length also if the origin sends none, or a compressed response', async () => {
    const { ask } = createMediaWorld({
      media: ({ url }) =>
        new Response(new Uint8Array(bytesOf(url.pathname.split('/').at(-1) ?? '')), {
          headers: { 'Content-Encoding': 'gzip', 'Content-Length': '7' },
        }),
    });
    const { parts } = await readAnswer(await ask());
    assert.deepEqual(
      parts.map(({ bytes }) => bytes.toString()),
      LOW.map((name) => bytesOf(name).toString()),
    );
  });

  it('end the response after the time until the first byte, and pause the origin', async () => {
    const { ask, asked, clock } = createMediaWorld({
      media: never,
      bootstrap: { media: { firstByteMs: 20, timeoutMs: 30 } },
    });
    const answer = await readAnswer(await ask());
    assert.deepEqual([answer.names, answer.isClosed], [[], true]);
    await waitFor(async () => {
      const response = await ask();
      await response.arrayBuffer();
      return response.headers.get('Content-Type') === 'application/json';
    });
    await waitFor(() => asked.every(({ signal }) => signal?.aborted));
    const before = asked.length;
    clock.nowMs += 9000;
    await ask();
    assert.equal(asked.length, before, 'it asked the slow origin again');
    clock.nowMs += 2000;
    await (await ask()).body?.cancel();
    assert.ok(asked.length > before, 'it did not ask again after the pause');
  });

  it('cut the response after the time for all bytes', async () => {
    const { ask } = createMediaWorld({
      media: () =>
        new Response(new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('part')) }), {
          headers: { 'Content-Length': '8' },
        }),
      bootstrap: { media: { firstByteMs: 60_000, timeoutMs: 50 } },
    });
    const { parts, isClosed } = await readAnswer(await ask());
    assert.deepEqual([parts.map(({ bytes }) => bytes.toString()), isClosed], [['part'], false]);
  });

  it('pause only the stream that has failed, if the origin has refused it', async () => {
    const { ask, files } = createMediaWorld({
      media: (request) =>
        request.url.pathname.includes('/low-') ? new Response('', { status: 404 }) : mediaResponse(request),
    });
    await readAnswer(await ask());
    await settle();
    assert.equal((await ask()).headers.get('Content-Type'), 'application/json');
    assert.equal((await readAnswer(await ask({ stream: 'high' }))).names.length, 2);
    assert.deepEqual(files(), [...LOW, 'high-init.mp4', 'high-4.m4s']);
  });
});

async function waitFor(isSo: () => Promise<boolean> | boolean | undefined): Promise<void> {
  while (!(await isSo())) await settle();
}
