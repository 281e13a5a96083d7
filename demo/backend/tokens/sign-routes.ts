import {
  type FetchHandler,
  type PlaylistSession,
  type TokenIssuer,
  createPlaylistSigner,
} from '@gatecast/server';
import { Hono } from 'hono';
import type { BackendEnv } from '../backend-env.js';

export interface SignRoutesOptions {
  readonly issuer: TokenIssuer;
  readonly session: PlaylistSession;
  readonly ttlSeconds: () => number;
  readonly now: () => number;
  /** Answers for the live origin, which is in this process. */
  readonly fetch: typeof globalThis.fetch;
}

const mostOrigins = 16;

/** `GET /hls/sign?url=…` for the live origin of the same server, under whichever loopback name it was reached. */
export function createSignRoutes(options: SignRoutesOptions): Hono<BackendEnv> {
  const app = new Hono<BackendEnv>();
  const signers = new Map<string, FetchHandler>();

  function signerFor(port: string): FetchHandler {
    const known = signers.get(port);
    if (known) return known;
    const hosts = ['localhost', '127.0.0.1', '[::1]'];
    const upstreams = hosts.map((host) => `http://${host}${port === '' ? '' : `:${port}`}/live/`);
    const signer = createPlaylistSigner({ ...options, upstreams });
    // Ports come from a request's Host header, so there may be any number of them.
    if (signers.size >= mostOrigins) signers.clear();
    signers.set(port, signer);
    return signer;
  }

  app.all('/hls/sign', (context) => {
    const { raw } = context.req;
    return signerFor(new URL(raw.url).port)(raw);
  });
  return app;
}
