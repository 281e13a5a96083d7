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

/** All tests of a stream in a minute, in bytes. Its publisher must not fill the line for the others. */
const maxBytesPerMinute = 64 * 1024 * 1024;

/** In ms. A slower line needs no test. */
const longestUploadMs = 20_000;

/**
 * Routes that take uploads and forget them, so that a webcaster can measure its network before it goes live:
 * `POST /api/upload-test/<stream>` with an ingest token for that stream.
 */
export function createUploadTest({ verify, now }: UploadTestOptions): Hono<BackendEnv> {
  let minuteStartedMs = 0;
  /** Bytes in this minute, by stream. */
  const used = new Map<string, number>();

  const add = (stream: string, bytes: number): void => {
    used.set(stream, (used.get(stream) ?? 0) + bytes);
  };

  /** Counts what the request declares while it is read. `limitBodies` has refused one without a length. */
  function reserveOrRefuse(stream: string, bytes: number): void {
    const nowMs = now();
    if (nowMs - minuteStartedMs >= 60_000) {
      minuteStartedMs = nowMs;
      used.clear();
    }
    if ((used.get(stream) ?? 0) + bytes > maxBytesPerMinute)
      throw new Problem('rate-limited', 'Too many upload tests in this minute.', {
        retryAfterSeconds: Math.ceil((minuteStartedMs + 60_000 - nowMs) / 1000),
      });
    add(stream, bytes);
  }

  const routes = new Hono<BackendEnv>();
  routes.post('/:stream', async ({ req, body }) => {
    const token = /^(?:Bearer|DPoP) +(\S+)$/i.exec(req.header('Authorization') ?? '')?.[1];
    if (token === undefined)
      throw new Problem('token-missing', 'Send an ingest token as "Authorization: Bearer".');
    const stream = req.param('stream');
    await verify(token, { stream, request: req.raw });
    const declared = Number(req.header('Content-Length') ?? 0);
    reserveOrRefuse(stream, declared);
    const minute = minuteStartedMs;
    let arrived = 0;
    const count = new WritableStream<Uint8Array>({
      write: ({ length }) => {
        arrived += length;
      },
    });
    try {
      // The response must come after the last byte, because the client measures the time until it.
      await req.raw.body?.pipeTo(count, { signal: AbortSignal.timeout(longestUploadMs) });
    } catch {
      throw new Problem('request-invalid', 'The upload did not arrive in time.', { status: 408 });
    } finally {
      // What was declared and never came does not count.
      if (minute === minuteStartedMs) add(stream, arrived - declared);
    }
    return body(null, 204, { 'Cache-Control': 'no-store' });
  });
  return routes;
}
