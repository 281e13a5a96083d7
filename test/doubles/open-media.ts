import { createServer } from 'node:http';
import { Problem } from '@gatecast/server';
import { Hono } from 'hono';
import type { BackendEnv } from '../../demo/backend/http/backend-env.js';
import { listen, originOf, stopServer, toNodeHandler } from '../../demo/backend/http/http-listener.js';
import { createClipSource } from '../../demo/backend/live-origin/clip-source.js';
import { loadClip } from '../../demo/backend/live-origin/clip.js';
import { readMediaAddress } from '../../demo/backend/http/media-address.js';
import { loopbackCors } from '../../demo/backend/http/loopback-cors.js';
import type { MediaResource } from '../../demo/backend/live-origin/media-source.js';
import { createHlsForms } from './hls-forms.js';
import { createSignedChildren } from './signed-children.js';
import { createTokenAddresses } from './token-addresses.js';

export interface OpenMedia {
  readonly origin: string;
  close: () => Promise<void>;
}

/**
 * Serves the demo's streams under `/live/` without tokens and faults, as a control for playback of the protected
 * streams.
 */
export async function startOpenMedia(): Promise<OpenMedia> {
  const source = createClipSource({ clip: loadClip(), now: Date.now });
  const app = new Hono<BackendEnv>();
  const find = async (name: string, signal: AbortSignal): Promise<MediaResource | undefined> => {
    const address = readMediaAddress(name);
    return address && source.find(address, { query: new URLSearchParams(), signal });
  };
  // It decides itself which answers have CORS headers.
  app.route('/', createTokenAddresses(find));
  app.route('/', createSignedChildren());
  app.use(loopbackCors);
  app.get('/live/*', async (context) => {
    const resource = await find(context.req.path.slice('/live/'.length), context.req.raw.signal);
    if (!resource) return new Problem('not-found', 'There is nothing at this address.').toResponse();
    const headers = { 'Content-Type': resource.contentType, 'Cache-Control': 'no-store' };
    return new Response(resource.body, { headers });
  });
  app.route('/', createHlsForms());
  const server = createServer(toNodeHandler((request, env) => app.fetch(request, env)));
  await listen(server, 0, '127.0.0.1');
  return { origin: originOf(server), close: () => stopServer(server) };
}
