import { Problem } from '@gatecast/server';
import { Hono } from 'hono';
import type { BackendEnv } from './backend-env.js';

export interface UploadTestOptions {
  /** Checks an ingest token. @throws Problem why it is refused. */
  readonly verify: (token: string, expected: { stream: string; request: Request }) => Promise<unknown>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export const uploadTestPrefix = '/api/upload-test/';

/** Largest body, in bytes. */
export const maxUploadTestBytes = 4 * 1024 * 1024;

/** All tests of a minute together, in bytes. One client with a token must not fill the line for the others. */
const maxBytesPerMinute = 64 * 1024 * 1024;

/**
 * Routes that take uploads and forget them, so that a webcaster can measure its network before it goes live:
 * `POST /api/upload-test/<stream>` with an ingest token for that stream.
 */
export function createUploadTest({ verify, now }: UploadTestOptions): Hono<BackendEnv> {
  let minuteStartedMs = 0;
  let bytesInMinute = 0;

  /** Counts what the request declares, before it is read. `limitBodies` has refused one without a length. */
  function countOrRefuse(bytes: number): void {
    const nowMs = now();
    if (nowMs - minuteStartedMs >= 60_000) {
      minuteStartedMs = nowMs;
      bytesInMinute = 0;
    }
    if (bytesInMinute + bytes > maxBytesPerMinute)
      throw new Problem('rate-limited', 'Too many upload tests in this minute.', {
        retryAfterSeconds: Math.ceil((minuteStartedMs + 60_000 - nowMs) / 1000),
      });
    bytesInMinute += bytes;
  }

  const routes = new Hono<BackendEnv>();
  routes.post('/:stream', async ({ req, body }) => {
    const token = /^(?:Bearer|DPoP) +(\S+)$/i.exec(req.header('Authorization') ?? '')?.[1];
    if (token === undefined)
      throw new Problem('token-missing', 'Send an ingest token as "Authorization: Bearer".');
    await verify(token, { stream: req.param('stream'), request: req.raw });
    countOrRefuse(Number(req.header('Content-Length') ?? 0));
    // The response must come after the last byte, because the client measures the time until it.
    await req.raw.body?.pipeTo(new WritableStream());
    return body(null, 204, { 'Cache-Control': 'no-store' });
  });
  return routes;
}
