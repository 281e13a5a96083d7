import type { Logger } from './logger.js';
import { silentMetrics, type Metrics } from './metrics.js';
import { Problem } from './problem.js';
import type { Cors } from './cors.js';

/** What the server around a handler knows about a request. */
export interface HandlerContext {
  /** The client's address as the server trusts it; behind a proxy, the one the proxy reports. */
  readonly clientAddress?: string | undefined;
  /**
   * A shorter way to the body than `request.body`, where the server has one. Resolves with `null` once the body turns
   * out to be larger than `maxBytes`, and then reads no further.
   */
  readonly readBody?: ((maxBytes: number) => Promise<Uint8Array | null>) | undefined;
}

/** A handler of the Fetch kind: runs on Node, Bun, Deno and edge runtimes. */
export type FetchHandler = (request: Request, context?: HandlerContext) => Promise<Response>;

export interface FrameOptions {
  readonly methods: readonly string[];
  readonly cors: Cors;
  readonly logger: Logger;
  /** @defaultValue measures nothing */
  readonly metrics?: Metrics | undefined;
  /** Name of the handler in log lines and measurements. */
  readonly name: string;
  readonly handle: (request: Request, context: HandlerContext & { requestId: string }) => Promise<Response>;
}

const SAFE_REQUEST_ID = /^[\w.:-]{1,128}$/;

/**
 * The frame around every handler: methods, CORS, request id, and problems in place of exceptions. Whatever is thrown
 * becomes an answer that quotes nothing.
 */
export function createHandler(options: FrameOptions): FetchHandler {
  const { methods, cors, logger, metrics = silentMetrics, name, handle } = options;
  return async (request, context = {}) => {
    if (request.method === 'OPTIONS') return cors.preflight(request);
    const requestId = requestIdOf(request);
    const startedAtMs = performance.now();
    let response: Response;
    try {
      if (!methods.includes(request.method)) throw methodNotAllowed(methods);
      response = await handle(request, { ...context, requestId });
    } catch (error) {
      const problem =
        error instanceof Problem ? error : new Problem('internal', 'The server failed.', { cause: error });
      report(logger, name, requestId, problem);
      metrics.refused(name, problem.code);
      response = problem.toResponse();
    }
    metrics.answered(name, response.status, (performance.now() - startedAtMs) / 1000);
    for (const [header, value] of Object.entries(cors.headers(request)))
      response.headers.append(header, value);
    response.headers.set('X-Request-Id', requestId);
    response.headers.set('X-Content-Type-Options', 'nosniff');
    // A HEAD answer has the headers of GET and no body; some servers do not cut it off themselves.
    return request.method === 'HEAD' ? new Response(null, response) : response;
  };
}

function requestIdOf(request: Request): string {
  const given = request.headers.get('X-Request-Id');
  return given !== null && SAFE_REQUEST_ID.test(given) ? given : crypto.randomUUID();
}

function methodNotAllowed(methods: readonly string[]): Problem {
  const allow = [...methods, 'OPTIONS'].join(', ');
  return new Problem('method-not-allowed', `This route accepts ${allow} only.`, {
    headers: { Allow: allow },
  });
}

function report(logger: Logger, name: string, requestId: string, problem: Problem): void {
  const { code, status, cause } = problem;
  const fields = { handler: name, requestId, code, status };
  if (status < 500) {
    logger.info(fields, problem.message);
    return;
  }
  // Only the kind of error: a foreign message may quote the request or a credential.
  const causedBy = cause instanceof Error ? cause.name : cause === undefined ? undefined : typeof cause;
  logger.error({ ...fields, ...(causedBy !== undefined && { causedBy }) }, problem.message);
}
