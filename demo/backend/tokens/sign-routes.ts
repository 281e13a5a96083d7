import { createPlaylistSigner, memoryReceiverStore } from '@gatecast/server';
import { Hono } from 'hono';
import type { BackendEnv } from '../http/backend-env.js';
import { byOrigin } from './by-origin.js';
import type { TokenService } from './token-service.js';

export interface SignRoutesOptions {
  readonly service: TokenService;
  /** Calls the live origin in this process, without the network. */
  readonly fetch: typeof globalThis.fetch;
}

/** Serves `GET /hls/sign?url=…`, and `POST /hls/sign` for receivers, for the live origin of this server, under any of its loopback names. */
export function createSignRoutes({ service, fetch }: SignRoutesOptions): Hono<BackendEnv> {
  const app = new Hono<BackendEnv>();
  const store = memoryReceiverStore({ now: () => service.now() });
  const signerFor = byOrigin((origin) => {
    const { protocol, port } = new URL(origin);
    const hosts = ['localhost', '127.0.0.1', '[::1]'];
    const upstreams = hosts.map((host) => `${protocol}//${host}${port === '' ? '' : `:${port}`}/live/`);
    return createPlaylistSigner({
      issuer: service.issuers.playback,
      cookie: service.playlistCookie,
      // Three segments. Longer tokens would not be needed, and shorter ones of a fault are.
      ttlSeconds: () => Math.min(6, service.ttlSeconds()),
      now: () => service.now(),
      receivers: { store, ttlSeconds: 90 },
      revocations: service.revocations,
      upstreams,
      fetch,
    });
  });
  app.all('/hls/sign', (context) => signerFor(context.req.raw)(context.req.raw));
  return app;
}
