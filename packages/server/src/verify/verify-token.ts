import type { Context, MiddlewareHandler } from 'hono';
import { Problem } from '../http/problem.js';
import { readRequestToken, type TokenVerifier, type VerifiedToken } from './token-verifier.js';

export interface VerifyTokenOptions {
  readonly verifier: TokenVerifier;
  /** The stream that a request is for, or `null` when the path names none (404). */
  readonly stream: (context: Context) => string | null;
  /** Query parameter that may hold the token. @defaultValue `token` */
  readonly parameter?: string;
}

/** What the middleware leaves for the handlers behind it. */
export interface VerifyTokenVariables {
  token: VerifiedToken;
}

/** Hono middleware that lets a request through only with a good token for its stream, and answers a problem otherwise. */
export function verifyToken(
  options: VerifyTokenOptions,
): MiddlewareHandler<{ Variables: VerifyTokenVariables }> {
  return async (context, next) => {
    // A preflight carries no credentials by design of CORS.
    if (context.req.method === 'OPTIONS') return next();
    const stream = options.stream(context);
    if (stream === null) return new Problem('not-found', 'There is no such stream.').toResponse();
    const token = await checkRequest(options.verifier, context.req.raw, stream, options.parameter);
    if (token instanceof Response) return token;
    context.set('token', token);
    return next();
  };
}

/** The same without a router: the verified token, or the problem to answer with. */
export async function checkRequest(
  verifier: TokenVerifier,
  request: Request,
  stream: string,
  parameter?: string,
): Promise<VerifiedToken | Response> {
  try {
    return await verifier.verify(readRequestToken(request, parameter), { stream });
  } catch (error) {
    if (error instanceof Problem) return error.toResponse();
    throw error;
  }
}
