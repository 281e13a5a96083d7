/** Error codes of ingest and playback. */
export type SessionProblemCode =
  | 'token-missing'
  | 'stream-name-invalid'
  | 'stream-busy'
  | 'stream-reserved'
  | 'media-type-unsupported'
  | 'request-too-large'
  | 'invalid-offer'
  | 'codec-not-supported'
  | 'invalid-fragment'
  | 'precondition-required'
  | 'precondition-failed'
  | 'session-not-found'
  | 'method-not-allowed'
  | 'ingest-unavailable'
  | 'playback-unavailable'
  | 'stream-not-found'
  | 'stream-inactive'
  | 'session-established'
  | 'session-not-negotiated'
  | 'too-many-restarts'
  | 'layer-not-found'
  | 'too-many-event-streams'
  | 'invalid-event-list'
  | 'invalid-layer'
  | 'internal';

const STATUS: Record<SessionProblemCode, number> = {
  'token-missing': 401,
  'stream-name-invalid': 400,
  'stream-busy': 409,
  'stream-reserved': 409,
  'media-type-unsupported': 415,
  'request-too-large': 413,
  'invalid-offer': 400,
  'codec-not-supported': 406,
  'invalid-fragment': 400,
  'precondition-required': 428,
  'precondition-failed': 412,
  'session-not-found': 404,
  'method-not-allowed': 405,
  'ingest-unavailable': 503,
  'playback-unavailable': 503,
  'stream-not-found': 404,
  'stream-inactive': 409,
  'session-established': 409,
  'session-not-negotiated': 409,
  'too-many-restarts': 429,
  'layer-not-found': 404,
  'too-many-event-streams': 429,
  'invalid-event-list': 400,
  'invalid-layer': 400,
  internal: 500,
};

/** Creates the problem response for a code, with its HTTP status. */
export function sessionProblem(
  code: SessionProblemCode,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return problemResponse(STATUS[code], code, detail, headers);
}

/**
 * Creates an RFC 9457 problem response that is not cached. Status 401 includes `WWW-Authenticate`.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function problemResponse(
  status: number,
  code: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(
    JSON.stringify({ type: 'about:blank', title: code.replaceAll('-', ' '), status, code, detail }),
    {
      status,
      headers: {
        ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
        ...headers,
        'Content-Type': 'application/problem+json',
        'Cache-Control': 'no-store',
      },
    },
  );
}
