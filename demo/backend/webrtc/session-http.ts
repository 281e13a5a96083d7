import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ICE_FRAGMENT_TYPE, parseIceFragment } from './ice-fragment.js';
import type { IceSession } from './peer-session.js';
import { problemResponse, sessionProblem } from './session-problem.js';
import type { SessionAccess, TokenVerdict } from './token-verdict.js';

export const SDP_TYPE = 'application/sdp';
const STREAM_NAME = /^[A-Za-z0-9_-]{1,64}$/;
export const MAX_DESCRIPTION_BYTES = 64 * 1024;

/** Pages of other origins may publish and play. Any origin is allowed, because no cookies are used. */
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers':
    'Location, ETag, Link, Accept-Patch, Accept-Post, Retry-After, WWW-Authenticate, DPoP-Nonce',
};
const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'GET, HEAD, POST, PATCH, DELETE, OPTIONS',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, DPoP, If-Match, Last-Event-ID',
  'Access-Control-Max-Age': '600',
};

/** Checks signature, audience, expiry and stream of a token, and the proof in the request if it is bound to a key. */
export type VerifyToken = (token: string, stream: string, request: Request) => Promise<TokenVerdict>;

/** Adds CORS headers to all responses, and turns failures into problems that show nothing of the request. */
export function prepareRoutes(app: Hono, onFailure: (stream: string, name: string) => void): void {
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(CORS)) c.res.headers.set(name, value);
  });
  app.onError((error, c) => {
    // Log the name only: the message may contain parts of the request.
    onFailure(c.req.param('stream') ?? '', error.name);
    return sessionProblem('internal', 'Internal error of the media server.');
  });
}

/** Response to OPTIONS, as a preflight request or to learn what is accepted. */
export function preflight(headers: Readonly<Record<string, string>>): Response {
  return new Response(null, { headers: { ...PREFLIGHT, ...headers } });
}

/** Checks the token of a request. Returns what it permits, or the response that refuses the request. */
export async function authorize(
  c: Context,
  stream: string,
  verify: VerifyToken,
): Promise<{ readonly access: SessionAccess | undefined } | Response> {
  const token = /^(?:Bearer|DPoP) +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
  if (token === undefined) {
    return sessionProblem('token-missing', 'Send a token for this stream as "Authorization: Bearer".');
  }
  const verdict = await verify(token, stream, c.req.raw);
  if (verdict.ok) return { access: verdict.access };
  return problemResponse(verdict.status, verdict.code, verdict.detail, verdict.headers);
}

/** Checks an offer's stream name, token and media type. Returns what the token permits, or the response that refuses the request. */
export async function admitOffer(
  c: Context,
  verify: VerifyToken,
): Promise<{ readonly stream: string; readonly access: SessionAccess | undefined } | Response> {
  const stream = c.req.param('stream') ?? '';
  if (!STREAM_NAME.test(stream)) {
    return sessionProblem('stream-name-invalid', 'A stream name has 1 to 64 letters, digits, "-" or "_".');
  }
  const admitted = await authorize(c, stream, verify);
  if (admitted instanceof Response) return admitted;
  if (mediaType(c) !== SDP_TYPE) {
    return sessionProblem('media-type-unsupported', 'Send the offer as application/sdp.', {
      'Accept-Post': SDP_TYPE,
    });
  }
  return { stream, access: admitted.access };
}

/** `If-Match` must be the current entity tag for trickle ICE, and `*` for an ICE restart (RFC 9725, section 4.3). */
export async function patchIce(
  session: IceSession,
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
    return restartIce(session, ufrag, password);
  }
  const isPresent = ifMatch.split(',').some((tag) => tag.trim() === session.etag);
  if (!isPresent || (ufrag !== undefined && !session.isPresentGeneration(ufrag))) {
    return sessionProblem('precondition-failed', 'The candidates belong to an earlier ICE session.', {
      ETag: session.etag,
    });
  }
  // Candidates are ignored: the server learns addresses from the client's connectivity checks.
  return new Response(null, { status: 204 });
}

async function restartIce(session: IceSession, ufrag: string, password: string): Promise<Response> {
  switch (session.restartObstacle) {
    case 'not-negotiated':
      return sessionProblem('session-not-negotiated', 'Send the answer to the offer of the server first.');
    case 'too-soon':
      return sessionProblem('too-many-restarts', 'ICE can be restarted once in a second.', {
        'Retry-After': '1',
      });
    case undefined:
  }
  try {
    const fragment = await session.restartIce(ufrag, password);
    return new Response(fragment, {
      status: 200,
      headers: { 'Content-Type': ICE_FRAGMENT_TYPE, ETag: session.etag, 'Cache-Control': 'no-store' },
    });
  } catch {
    return sessionProblem('invalid-fragment', 'ICE could not be restarted with these credentials.');
  }
}

/** Media type of the body, in small letters and without parameters. */
export function mediaType(c: Context): string | undefined {
  return c.req.header('Content-Type')?.split(';', 1)[0]?.trim().toLowerCase();
}

export function limitBody(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: () => sessionProblem('request-too-large', `The body may have at most ${maxSize} bytes.`),
  });
}

export function unavailable(
  code: 'ingest-unavailable' | 'playback-unavailable',
  retryAfterSeconds: number,
): Response {
  return sessionProblem(code, 'The server accepts no new session at the moment.', {
    'Retry-After': String(Math.ceil(retryAfterSeconds)),
  });
}

export function sessionNotFound(): Response {
  return sessionProblem('session-not-found', 'This session does not exist, or has ended.');
}

export function methodNotAllowed(allow: string): Response {
  return sessionProblem('method-not-allowed', `Allowed here: ${allow}.`, { Allow: allow });
}
