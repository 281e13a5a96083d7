import type { Logger } from './logger.js';
import { silentMetrics, type Metrics } from './metrics.js';
import { Problem } from './problem.js';
import type { Cors } from './cors.js';
import { responseOf, type TextAnswer } from './text-response.js';

/** Information about a request that only the HTTP server around a handler has. */
export interface HandlerContext {
  /** IP address of the client. Behind a reverse proxy, the address that the proxy reports. */
  readonly clientAddress?: string | undefined;
  /**
   * Scheme that the client used. Behind a reverse proxy that terminates TLS, the scheme that the proxy reports: cookies are
   * `Secure` for `https`. @defaultValue the scheme of the request's URL
   */
  readonly protocol?: 'http' | 'https' | undefined;
  /**
   * Reads the body faster than `request.body`, if the server can. Resolves with `null`, and stops reading, if the body is
   * larger than `maxBytes`.
   *
   * @defaultValue reads `request.body`
   */
  readonly readBody?: ((maxBytes: number) => Promise<Uint8Array | null>) | undefined;
}

/** A handler from a Fetch `Request` to a `Response`. It runs on Node, Bun, Deno and edge runtimes. */
export type FetchHandler = (request: Request, context?: HandlerContext) => Promise<Response>;

export interface FrameOptions {
  readonly methods: readonly string[];
  readonly cors: Cors;
  readonly logger: Logger;
  /** @defaultValue no metrics */
  readonly metrics?: Metrics | undefined;
  /** Name of the handler in log lines and metrics. */
  readonly name: string;
  readonly handle: (request: Request, context: HandleContext) => Promise<Response | TextAnswer>;
}

export interface HandleContext extends HandlerContext {
  readonly requestId: string;
  /** `Set-Cookie` values for the response, also for a refusal. */
  readonly setCookies: string[];
}

type Answerer = (request: Request, context?: HandlerContext) => Promise<Response | TextAnswer>;

/** The handlers of this package, without the step that makes a `Response` of a text. */
const answerers = new WeakMap<FetchHandler, Answerer>();

const SAFE_REQUEST_ID = /^[\w.:-]{1,128}$/;

/**
 * What all handlers share: methods, CORS, request id, logging and metrics. A `Problem` that `handle` throws becomes its
 * response. Any other error becomes `internal`, and the response contains nothing of it. The handler never rejects.
 */
export function createHandler(options: FrameOptions): FetchHandler {
  const { methods, cors, logger, metrics = silentMetrics, name, handle } = options;
  const respond: Answerer = async (request, { clientAddress, protocol, readBody } = {}) => {
    if (request.method === 'OPTIONS') return cors.preflight(request);
    const requestId = requestIdOf(request);
    const startedAtMs = performance.now();
    const setCookies: string[] = [];
    let response: Response | TextAnswer;
    try {
      if (!methods.includes(request.method)) throw methodNotAllowed(methods);
      response = await handle(request, { clientAddress, protocol, readBody, requestId, setCookies });
    } catch (error) {
      const problem = error instanceof Problem ? error : internal(error);
      report(logger, name, requestId, problem);
      metrics.refused(name, problem.code);
      response = problemResponse(problem);
    }
    metrics.answered(name, response.status, (performance.now() - startedAtMs) / 1000);
    const added = { 'X-Request-Id': requestId, 'X-Content-Type-Options': 'nosniff' };
    if (!(response instanceof Response)) {
      const { status, text } = response;
      const headers = joined({ ...response.headers, ...added }, cors.headers(request));
      const answer = { status, headers, setCookies: [...response.setCookies, ...setCookies], text };
      return request.method === 'HEAD' ? new Response(null, responseOf(answer)) : answer;
    }
    for (const [header, value] of Object.entries(cors.headers(request)))
      response.headers.append(header, value);
    for (const cookie of setCookies) response.headers.append('Set-Cookie', cookie);
    for (const [header, value] of Object.entries(added)) response.headers.set(header, value);
    // Some servers do not remove the body of a HEAD response themselves.
    return request.method === 'HEAD' ? new Response(null, response) : response;
  };
  // Only a logger or metrics that throw can make it reject, so there is nothing to report the error to.
  const answerer: Answerer = (request, context) =>
    respond(request, context).catch((error: unknown) => problemResponse(internal(error)));
  const handler: FetchHandler = async (request, context) => {
    const answer = await answerer(request, context);
    return answer instanceof Response ? answer : responseOf(answer);
  };
  answerers.set(handler, answerer);
  return handler;
}

/** For a server that can send a text without a `Response`. A handler that is not of this package answers itself. */
export function answererOf(handler: FetchHandler): Answerer {
  return answerers.get(handler) ?? handler;
}

/** Adds headers as `Headers` joins them: a name that both have gets both values. */
function joined(
  headers: Record<string, string>,
  others: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const [name, value] of Object.entries(others))
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  return headers;
}

function internal(cause: unknown): Problem {
  return new Problem('internal', 'The server failed.', { cause });
}

/** In plain JavaScript, a problem may have members that JSON does not have, such as a BigInt. */
function problemResponse(problem: Problem): Response {
  try {
    return problem.toResponse();
  } catch (error) {
    return internal(error).toResponse();
  }
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
  // A store that is down is reported once, and not with each request.
  if (status < 500 || code === 'store-unavailable') {
    logger.info(fields, problem.message);
    return;
  }
  // Only the name of the error: the message of another library may contain the request or a credential.
  const causedBy = cause instanceof Error ? cause.name : cause === undefined ? undefined : typeof cause;
  logger.error({ ...fields, ...(causedBy !== undefined && { causedBy }) }, problem.message);
}
