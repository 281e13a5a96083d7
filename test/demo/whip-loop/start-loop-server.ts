import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { createWhipIngest } from '../../../demo/backend/webrtc/ingest/whip-ingest.js';
import type { WhipIngest, WhipIngestOptions } from '../../../demo/backend/webrtc/ingest/whip-ingest.js';
import { createWhepPlayback } from '../../../demo/backend/webrtc/playback/whep-playback.js';
import type { WhepPlayback } from '../../../demo/backend/webrtc/playback/whep-playback.js';
import type { TokenVerdict } from '../../../demo/backend/webrtc/token-verdict.js';

/** An ingest with a minimal origin that can play it, for tests of the ingest alone. */
export interface LoopServer {
  readonly origin: string;
  readonly ingest: WhipIngest;
  readonly playback: WhepPlayback;
  readonly events: readonly string[];
  close(): Promise<void>;
}

/** The only token that this server accepts. A constant of the tests, not a secret. */
export const LOOP_TOKEN = 'loop-token';
/** A token that has expired. */
export const EXPIRED_TOKEN = 'expired-token';

const hlsPath = createRequire(import.meta.url).resolve('hls.js/dist/hls.light.mjs');

const PAGE_FILES: Record<string, string> = {
  'page.html': 'text/html',
  'page.js': 'text/javascript',
  'time-code.js': 'text/javascript',
};

export function verifyLoopToken(token: string): Promise<TokenVerdict> {
  if (token === LOOP_TOKEN) return Promise.resolve({ ok: true });
  const code = token === EXPIRED_TOKEN ? 'token-expired' : 'token-invalid';
  return Promise.resolve({ ok: false, status: 403, code, detail: 'Not now.' });
}

/** Starts the server on a free port of the loopback. */
export async function startLoopServer(options: Partial<WhipIngestOptions> = {}): Promise<LoopServer> {
  const events: string[] = [];
  const log = ({ event, detail }: { readonly event: string; readonly detail?: string }) => {
    events.push(detail === undefined ? event : `${event} ${detail}`);
  };
  const playback = createWhepPlayback({ verify: verifyLoopToken, log });
  const ingest = createWhipIngest({
    verify: verifyLoopToken,
    log,
    onPublisher: (publisher) => playback.publish(publisher),
    ...options,
  });
  const app = new Hono();
  app.route('/whip', ingest.routes);
  app.route('/whep', playback.routes);
  app.get('/live/:playlist{.+\\.m3u8}', (c) => servePlaylist(c, ingest));
  app.get('/live/:stream/:file', (c) => serveFile(c, ingest));
  app.get(
    '/hls.js',
    async () => new Response(await readFile(hlsPath), { headers: { 'Content-Type': 'text/javascript' } }),
  );
  app.get('/:file', async (c) => {
    const contentType = PAGE_FILES[c.req.param('file')];
    if (contentType === undefined) return c.notFound();
    const body = await readFile(new URL(c.req.param('file'), import.meta.url));
    return new Response(body, { headers: { 'Content-Type': contentType } });
  });
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  const { port } = await new Promise<AddressInfo>((resolve) => {
    server.once('listening', () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address);
    });
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    ingest,
    playback,
    events,
    close: async () => {
      ingest.close();
      playback.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

async function servePlaylist(c: Context, ingest: WhipIngest): Promise<Response> {
  const stream = ingest.liveStream((c.req.param('playlist') ?? '').replace(/\.m3u8$/, ''));
  if (!stream) return c.notFound();
  const [mediaSequence, part] = [c.req.query('_HLS_msn'), c.req.query('_HLS_part')];
  const reply = await stream.playlist({
    ...(mediaSequence !== undefined && { mediaSequence: Number(mediaSequence) }),
    ...(part !== undefined && { part: Number(part) }),
    signal: c.req.raw.signal,
  });
  if (reply.status !== 200) return new Response(reply.detail, { status: reply.status });
  return new Response(reply.body, {
    headers: { 'Content-Type': 'application/vnd.apple.mpegurl', 'Cache-Control': 'no-store' },
  });
}

async function serveFile(c: Context, ingest: WhipIngest): Promise<Response> {
  const stream = ingest.liveStream(c.req.param('stream') ?? '');
  const file = await stream?.file(c.req.param('file') ?? '', c.req.raw.signal);
  if (!file) return c.notFound();
  return new Response(file.bytes, { headers: { 'Content-Type': file.contentType } });
}
