import type { TokenRequest } from '@gatecast/contract';
import { wrongOption } from '../check-options.js';
import { GatecastError } from '../errors.js';
import { explainUnreachable } from '../failure/explain-unreachable.js';
import { readAnswer } from '../source/read-answer.js';
import { eventsUrl, type EventQuestion } from '../source/open-events.js';
import type { TokenFunction } from '../source/token-source.js';
import { systemClock } from '../time/clock.js';
import { buildRequest } from './build-request.js';
import { checkEndpointOptions, type TokenEndpointOptions } from './endpoint-options.js';
import { mapAnswer } from './map-answer.js';
import { sessionRenewalOf } from './session-renewal.js';

/** As for `token-url`. Functions of the page have the time of `tokenSource`. */
const TIMEOUT_MS = 10_000;

/**
 * Returns a function for `tokenSource` that asks an endpoint as it is: its method, headers, body and response are options.
 *
 * Each stream has a request of its own, unless `batch` is set. Status, `Retry-After` and body of the response count as with `token-url`.
 * Create the function once, not with each rendering. Options are checked with the first request.
 *
 * Its function throws a `GatecastError`: `option-invalid` for an option that does not exist or has a wrong value, `token-source-failed`
 * if a function among the options fails, and those of `token-url`.
 *
 * @example
 * ```ts
 * player.tokenSource = tokenEndpoint({
 *   url: '/streams/{stream}/token',
 *   method: 'GET',
 *   headers: async () => ({ Authorization: `Bearer ${await getSession()}` }),
 *   map: 'data.playback.jwt',
 * });
 * ```
 */
export function tokenEndpoint<Answer = unknown>(options: TokenEndpointOptions<Answer>): TokenFunction {
  return Object.assign(
    async (request: TokenRequest, { signal }: { signal: AbortSignal }) =>
      (await askEndpoint(options, request, signal)) as Awaited<ReturnType<TokenFunction>>,
    {
      sharedAs: options,
      perStream: !(options as TokenEndpointOptions | undefined)?.batch,
      listen: async (question: EventQuestion, { signal }: { signal: AbortSignal }) =>
        openEndpointEvents(options, question, signal),
    },
  );
}

/**
 * The events of the endpoint, with the same address, credentials and headers. A `{stream}` in the address is that of the first one.
 * After a 401 the session is renewed once.
 */
async function openEndpointEvents(
  given: unknown,
  question: EventQuestion,
  signal: AbortSignal,
): Promise<Response> {
  checkEndpointOptions(given);
  const renewal = given.renewSession && sessionRenewalOf(given.renewSession);
  const count = renewal?.count ?? 0;
  const response = await requestEvents(given, question, signal);
  if (!renewal || response.status !== 401 || !(await renewal.after(count, signal))) return response;
  response.body?.cancel().catch(() => undefined);
  return requestEvents(given, question, signal);
}

async function requestEvents(
  given: TokenEndpointOptions,
  question: EventQuestion,
  signal: AbortSignal,
): Promise<Response> {
  const { body: _, map: _map, fetch = globalThis.fetch.bind(globalThis), ...options } = given;
  const streams = [...question.streams];
  const request = { ...question, streams, reason: 'resume' } as const;
  const { url, init } = await buildRequest({ ...options, method: 'POST', batch: false }, request);
  const headers = new Headers(init.headers);
  headers.delete('Content-Type');
  headers.set('Accept', 'text/event-stream');
  const { credentials } = init;
  return fetch(eventsUrl(url, question), {
    headers,
    cache: 'no-store',
    signal,
    ...(credentials && { credentials }),
  });
}

async function askEndpoint(options: unknown, request: TokenRequest, signal: AbortSignal): Promise<unknown> {
  checkEndpointOptions(options);
  if (!options.batch && request.streams.length > 1)
    throw wrongOption(
      'tokenEndpoint was called for several streams.',
      'Set tokenSource to its function itself, or set "batch" if the endpoint responds with "tokens".',
    );
  const renewal = options.renewSession && sessionRenewalOf(options.renewSession);
  const count = renewal?.count ?? 0;
  try {
    return await send(options, request, signal);
  } catch (error) {
    if (!renewal || !(error instanceof GatecastError) || error.status !== 401) throw error;
    if (!(await renewal.after(count, signal))) throw error;
    return send(options, request, signal);
  }
}

/** Sends one request, and reads its response. */
async function send(
  options: TokenEndpointOptions,
  request: TokenRequest,
  signal: AbortSignal,
): Promise<unknown> {
  const { fetch = globalThis.fetch.bind(globalThis), map } = options;
  const { url, init } = await buildRequest(options, request);
  // The element may have left the page while a function of the page ran.
  signal.throwIfAborted();
  const reading = { signal, clock: systemClock, timeoutMs: TIMEOUT_MS, sentAtMs: systemClock.now() };
  const answer = await readAnswer((signal) => fetch(url, { ...init, signal }), reading).catch(
    async (error: unknown) => {
      throw await explainUnreachable(error, url, signal);
    },
  );
  // What a function returns may be a response again.
  return map === undefined ? answer : readAnswer(() => mapAnswer(map, answer, request), reading);
}
