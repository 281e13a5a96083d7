import type { Context, MiddlewareHandler } from 'hono';
import { Problem } from '../http/problem.js';
import { readRequestToken } from './request-token.js';
import type { TokenVerifier, VerifiedToken } from './token-verifier.js';
import { requireKnownOptions } from '../http/require-known-options.js';

export interface VerifyTokenOptions {
  readonly verifier: TokenVerifier;
  /** Returns the stream of a request, or `null` if the path has none (404). */
  readonly stream: (context: Context) => string | null;
  /** Query parameter with the token. @defaultValue `token` */
  readonly parameter?: string;
}

/** Variables that the middleware sets: `context.get('token')`. */
export interface VerifyTokenVariables {
  token: VerifiedToken;
}

/**
 * Creates Hono middleware that requires a valid token for the stream of the request. Otherwise it responds with a problem:
 * `token-missing` or `dpop-…` (401), another `token-…` code (403), `not-found` (404) or `keys-unavailable` (503).
 *
 * @example
 * ```ts
 * app.use('/live/:file', verifyToken({ verifier, stream: (c) => streamOf(c.req.param('file')) }));
 * ```
 */
export function verifyToken(
  options: VerifyTokenOptions,
): MiddlewareHandler<{ Variables: VerifyTokenVariables }> {
  requireKnownOptions('verifyToken', options, optionNames);
  return async (context, next) => {
    // CORS preflights have no credentials.
    if (context.req.method === 'OPTIONS') return next();
    const stream = options.stream(context);
    if (typeof stream !== 'string')
      return new Problem('not-found', 'The stream does not exist.').toResponse();
    const token = await checkRequest(options.verifier, context.req.raw, stream, options.parameter);
    if (token instanceof Response) return token;
    context.set('token', token);
    await next();
    if (token.dpopNonce !== undefined) context.res.headers.set('DPoP-Nonce', token.dpopNonce);
    return undefined;
  };
}

/**
 * Like {@link verifyToken}, but without Hono. Resolves with the verified token, or with the response to send. If the token
 * has a `dpopNonce`, add it to your response as `DPoP-Nonce`.
 */
export async function checkRequest(
  verifier: TokenVerifier,
  request: Request,
  stream: string,
  parameter?: string,
): Promise<VerifiedToken | Response> {
  if (typeof stream !== 'string') throw new TypeError('checkRequest needs the name of a stream.');
  try {
    return await verifier.verify(readRequestToken(request, parameter), { stream, request });
  } catch (error) {
    if (error instanceof Problem) return error.toResponse();
    throw error;
  }
}

const optionNames: Readonly<Record<keyof VerifyTokenOptions, true>> = {
  verifier: true,
  stream: true,
  parameter: true,
};
