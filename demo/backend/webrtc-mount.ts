import { Problem, type TokenVerifier } from '@gatecast/server';
import { Hono } from 'hono';
import type { BackendEnv } from './http/backend-env.js';
import { type MediaResource, type MediaSource, mediaTypes } from './live-origin/media-source.js';
import { streamCatalogue } from './live-origin/stream-catalogue.js';
import type { LiveChannel } from './webrtc/ingest/live-channel.js';
import type { IngestVerdict, WhipIngest } from './webrtc/ingest/whip-ingest.js';

/** Connects the WHIP ingest to the backend. */
export interface WhipMount {
  /** `/whip/…` */
  readonly routes: Hono<BackendEnv>;
  /** Streams of the publishers, for the live origin. */
  readonly source: MediaSource;
  /** Ends the session of one publisher, or of all with `true`, without notifying them. */
  kill(stream: string | true): void;
  /** Rejects new sessions with status 503 until called with `undefined`. */
  refuse(refusal: { readonly retryAfterSeconds: number } | undefined): void;
  close(): void;
}

/**
 * Creates the routes of the ingest. They load it on the first request, because its WebRTC stack takes almost a second
 * to load and most runs only use playback.
 */
export function mountWhip({ verifier, now }: { verifier: TokenVerifier; now: () => number }): WhipMount {
  let ingest: WhipIngest | undefined;
  let loading: Promise<Hono['fetch']> | undefined;
  let refusal: { readonly retryAfterSeconds: number } | undefined;

  async function load(): Promise<Hono['fetch']> {
    const { createWhipIngest } = await import('./webrtc/ingest/whip-ingest.js');
    ingest = createWhipIngest({
      verify: (token, stream, request) => judge(verifier, token, stream, request),
      isReserved: (stream) => streamCatalogue.has(stream),
      log: () => undefined,
      now,
    });
    ingest.refuse(refusal);
    return new Hono().route('/whip', ingest.routes).fetch;
  }

  const routes = new Hono<BackendEnv>();
  routes.all('/whip/*', async (context) => {
    loading ??= load();
    const answer = await loading;
    return answer(context.req.raw, context.env);
  });

  return {
    routes,
    source: {
      find({ stream, resource }, { query, signal }) {
        const live = ingest?.liveStream(stream);
        return live && findInStream(live, resource, query, signal);
      },
    },
    kill: (stream) => ingest?.kill(stream),
    refuse(next) {
      refusal = next;
      ingest?.refuse(next);
    },
    close: () => ingest?.close(),
  };
}

async function findInStream(
  live: LiveChannel,
  resource: string,
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<MediaResource | undefined> {
  if (resource !== '') {
    const file = await live.file(resource, signal);
    return file && { contentType: file.contentType, body: file.bytes };
  }
  const mediaSequence = readDirective(query, '_HLS_msn');
  const part = readDirective(query, '_HLS_part');
  const reply = await live.playlist({
    signal,
    ...(mediaSequence !== undefined && { mediaSequence }),
    ...(part !== undefined && { part }),
  });
  if (reply.status === 200) return { contentType: mediaTypes.playlist, body: reply.body };
  throw new Problem(reply.status === 404 ? 'not-found' : 'request-invalid', reply.detail);
}

function readDirective(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

async function judge(
  verifier: TokenVerifier,
  token: string,
  stream: string,
  request: Request,
): Promise<IngestVerdict> {
  try {
    await verifier.verify(token, { stream, request });
    return { ok: true };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const status = error.status === 401 || error.status === 503 ? error.status : 403;
    return { ok: false, status, code: error.code, detail: error.message, headers: error.headers };
  }
}
