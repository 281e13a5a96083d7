import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createKeySet, createTokenHandler, generateSigningKey, jwtIssuer } from '@gatecast/server';
import { toNodeListener, withNativeSigning } from '@gatecast/server/node';

/** What this process has used so far. */
export interface MediaWorkerUse {
  readonly cpuMs: number;
  readonly rssMiB: number;
  /** Requests that the origin got for media. */
  readonly fetched: number;
}

const SEGMENT_BYTES = 100_000;
const INIT_BYTES = 1000;
/** A user for each start. */
let users = 0;
let fetched = 0;

/** A live playlist that goes on with the clock. */
function playlist(): string {
  const last = Math.floor(Date.now() / 2000);
  const segments = Array.from({ length: 6 }, (_, index) => `#EXTINF:2,\n${last - 5 + index}.m4s\n`);
  return `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MAP:URI="init.mp4"\n${segments.join('')}`;
}

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'bench' });
const endpoint = (media: boolean) =>
  createTokenHandler({
    issuers: { playback: jwtIssuer({ keys: withNativeSigning(createKeySet([key])) }) },
    authorize: () => ({ user: `u${(users += 1)}` }),
    bootstrap: {
      playlistUrl: (stream) => `https://cdn.test/${stream}.m3u8`,
      upstreams: ['https://cdn.test/'],
      media,
      // The origin is not what is measured.
      fetch: async (input) => {
        const { pathname } = new URL(input instanceof Request ? input.url : input);
        if (pathname.endsWith('.m3u8')) return new Response(playlist());
        fetched += 1;
        const bytes = new Uint8Array(pathname.endsWith('.mp4') ? INIT_BYTES : SEGMENT_BYTES);
        return new Response(bytes, { headers: { 'Content-Length': String(bytes.length) } });
      },
    },
  });

const [playlists, media] = [toNodeListener(endpoint(false)), toNodeListener(endpoint(true))];
const server = createServer((incoming, outgoing) => {
  (incoming.url === '/media' ? media : playlists)(incoming, outgoing);
}).listen(0, '127.0.0.1');
await once(server, 'listening');

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const rssMiB = process.memoryUsage().rss / 1_048_576;
  process.send?.({ cpuMs: (user + system) / 1000, rssMiB, fetched } satisfies MediaWorkerUse);
});
process.send?.((server.address() as AddressInfo).port);
