import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ICE_FRAGMENT_TYPE, parseIceFragment } from '../ice-fragment.js';
import { PublisherRegistry } from './publisher-registry.js';
import type { PublisherRegistryOptions } from './publisher-registry.js';
import type { PublisherSession } from './publisher-session.js';
import type { LiveChannel } from './live-channel.js';
import { inspectOffer, isRefusal } from './sdp-offer.js';
import { problemResponse, sessionProblem } from '../session-problem.js';

/** Result of a token check: valid for the stream, or the error response. */
export type IngestVerdict =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly status: 401 | 403 | 503;
      readonly code: string;
      readonly detail: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

export interface WhipIngestOptions extends PublisherRegistryOptions {
  /**
   * Checks signature, audience and expiry of an ingest token, that it names this stream, and the proof in the request if the
   * token is bound to a key.
   */
  readonly verify: (token: string, stream: string, request: Request) => Promise<IngestVerdict>;
  /** Whether a stream name is in use by another source. Publishing to it is rejected with status 409. */
  readonly isReserved?: (stream: string) => boolean;
}

/** WHIP ingest: HTTP routes, live streams, and functions that simulate failures. */
export interface WhipIngest {
  /** Serves `/:stream` and `/:stream/:session`; mount it at `/whip`. */
  readonly routes: Hono;
  /** Returns the channel of a stream. `undefined` if it has not started or was removed. */
  liveStream(name: string): LiveChannel | undefined;
  /** Ends the session of one publisher, or of all with `true`, without notifying them. Returns their number. */
  kill(stream: string | true): number;
  /** Rejects new sessions with status 503 until called with `undefined`. */
  refuse(refusal: { readonly retryAfterSeconds: number } | undefined): void;
  /** Ends all sessions and streams. */
  close(): void;
}

const STREAM_NAME = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_OFFER_BYTES = 64 * 1024;
const MAX_FRAGMENT_BYTES = 16 * 1024;

/** Publishing pages may have other origins. Any origin is allowed, because no cookies are used. */
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Location, ETag, Link, Accept-Patch, Retry-After, WWW-Authenticate',
};
const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'POST, PATCH, DELETE, OPTIONS',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, DPoP, If-Match',
  'Access-Control-Max-Age': '600',
};

/**
 * Creates a WHIP ingest that serves broadcasts as low-latency HLS.
 * @see https://www.rfc-editor.org/rfc/rfc9725
 */
export function createWhipIngest(options: WhipIngestOptions): WhipIngest {
  const publishers = new PublisherRegistry(options);
  let refusal: { readonly retryAfterSeconds: number } | undefined;

  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(CORS)) c.res.headers.set(name, value);
  });
  app.onError((error, c) => {
    // Log the name only: the message may contain parts of the request.
    options.log({ event: 'request-failed', stream: c.req.param('stream') ?? '', detail: error.name });
    return sessionProblem('internal', 'Internal error in the ingest.');
  });

  app.options(
    '/:stream',
    () => new Response(null, { headers: { ...PREFLIGHT, 'Accept-Post': 'application/sdp' } }),
  );
  app.options(
    '/:stream/:session',
    () => new Response(null, { headers: { ...PREFLIGHT, 'Accept-Patch': ICE_FRAGMENT_TYPE } }),
  );

  app.post('/:stream', limitBody(MAX_OFFER_BYTES), async (c) => {
    const stream = c.req.param('stream');
    if (!STREAM_NAME.test(stream)) {
      return sessionProblem('stream-name-invalid', 'A stream name has 1 to 64 letters, digits, "-" or "_".');
    }
    const denied = await authorize(c, stream);
    if (denied) return denied;
    if (mediaType(c) !== 'application/sdp') {
      return sessionProblem('media-type-unsupported', 'Send the offer as application/sdp.', {
        'Accept-Post': 'application/sdp',
      });
    }
    if (refusal) return unavailable(refusal.retryAfterSeconds);
    if (options.isReserved?.(stream)) {
      return sessionProblem(
        'stream-reserved',
        `The stream name "${stream}" is reserved. Publish to another name.`,
      );
    }
    const offer = await c.req.text();
    const summary = inspectOffer(offer);
    if (isRefusal(summary)) return problemResponse(summary.status, summary.code, summary.detail);
    return publish(c, stream, offer, summary);
  });

  app.patch('/:stream/:session', limitBody(MAX_FRAGMENT_BYTES), async (c) => {
    const denied = await authorize(c, c.req.param('stream'));
    if (denied) return denied;
    const session = publishers.find(c.req.param('stream'), c.req.param('session'));
    if (!session) return sessionNotFound();
    if (mediaType(c) !== ICE_FRAGMENT_TYPE) {
      return sessionProblem('media-type-unsupported', `Send candidates as ${ICE_FRAGMENT_TYPE}.`, {
        'Accept-Patch': ICE_FRAGMENT_TYPE,
      });
    }
    return patchIce(session, c.req.header('If-Match'), await c.req.text());
  });

  app.delete('/:stream/:session', async (c) => {
    const denied = await authorize(c, c.req.param('stream'));
    if (denied) return denied;
    const session = publishers.find(c.req.param('stream'), c.req.param('session'));
    if (!session) return sessionNotFound();
    session.end('deleted');
    return new Response(null, { status: 200 });
  });

  app.all('/:stream', () => methodNotAllowed('POST, OPTIONS'));
  app.all('/:stream/:session', () => methodNotAllowed('PATCH, DELETE, OPTIONS'));

  return {
    routes: app,
    liveStream: (name) => publishers.liveStream(name),
    kill: (stream) => publishers.kill(stream),
    refuse: (next) => {
      refusal = next;
    },
    close: () => {
      publishers.close();
    },
  };

  async function authorize(c: Context, stream: string): Promise<Response | undefined> {
    const token = /^(?:Bearer|DPoP) +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
    if (token === undefined) {
      return sessionProblem('token-missing', 'Send an ingest token as "Authorization: Bearer".');
    }
    const verdict = await options.verify(token, stream, c.req.raw);
    if (verdict.ok) return undefined;
    return problemResponse(verdict.status, verdict.code, verdict.detail, verdict.headers);
  }

  async function publish(
    c: Context,
    stream: string,
    offer: string,
    media: { readonly hasVideo: boolean; readonly hasAudio: boolean },
  ): Promise<Response> {
    const result = await publishers.publish(stream, offer, media);
    switch (result.outcome) {
      case 'busy':
        return sessionProblem('stream-busy', `"${stream}" already has a publisher.`);
      case 'full':
        return unavailable(5);
      case 'rejected':
        return sessionProblem('invalid-offer', 'The offer could not be negotiated.');
      case 'accepted':
        return new Response(result.answer, {
          status: 201,
          headers: {
            'Content-Type': 'application/sdp',
            Location: `${new URL(c.req.url).pathname}/${result.session.id}`,
            ETag: result.session.etag,
            'Accept-Patch': ICE_FRAGMENT_TYPE,
            'Cache-Control': 'no-store',
          },
        });
    }
  }
}

/** `If-Match` must be the current entity tag for trickle ICE, and `*` for an ICE restart (RFC 9725, section 4.3). */
async function patchIce(
  session: PublisherSession,
  ifMatch: string | undefined,
  body: string,
): Promise<Response> {
  if (ifMatch === undefined) {
    return sessionProblem(
      'precondition-required',
      'Send If-Match with the ETag of the ICE session, or "*" to restart ICE.',
    );
  }
  const fragment = parseIceFragment(body);
  if (!fragment) return sessionProblem('invalid-fragment', 'The body is not a trickle ICE fragment.');
  const { ufrag, password } = fragment;
  if (ifMatch.trim() === '*') {
    if (ufrag === undefined || password === undefined) {
      return sessionProblem('invalid-fragment', 'An ICE restart needs a=ice-ufrag and a=ice-pwd.');
    }
    const answer = await session.restartIce(ufrag, password);
    return new Response(answer, {
      status: 200,
      headers: { 'Content-Type': ICE_FRAGMENT_TYPE, ETag: session.etag, 'Cache-Control': 'no-store' },
    });
  }
  const isPresent = ifMatch.split(',').some((tag) => tag.trim() === session.etag);
  if (!isPresent || (ufrag !== undefined && !session.isPresentGeneration(ufrag))) {
    return sessionProblem('precondition-failed', 'The candidates belong to an earlier ICE session.', {
      ETag: session.etag,
    });
  }
  // Candidates are ignored: the ingest learns addresses from the publisher's connectivity checks.
  return new Response(null, { status: 204 });
}

function mediaType(c: Context): string | undefined {
  return c.req.header('Content-Type')?.split(';', 1)[0]?.trim().toLowerCase();
}

function limitBody(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: () => sessionProblem('request-too-large', `The body may have at most ${maxSize} bytes.`),
  });
}

function unavailable(retryAfterSeconds: number): Response {
  return sessionProblem('ingest-unavailable', 'The ingest accepts no new session at the moment.', {
    'Retry-After': String(Math.ceil(retryAfterSeconds)),
  });
}

function sessionNotFound(): Response {
  return sessionProblem('session-not-found', 'This session does not exist, or has ended.');
}

function methodNotAllowed(allow: string): Response {
  return sessionProblem('method-not-allowed', `Allowed here: ${allow}.`, { Allow: allow });
}
