import { explainUnreachable, GatecastError, settlesWithin, startDeadline } from '@gatecast/token';
import { fetchInSession } from './fetch-session.js';
import { readSdp, resolveLocation } from './read-answer.js';
import type { SessionContext } from './session-context.js';

const REQUEST_LIMIT_MS = 10_000;
/** A server that responds later than this has lost the request. */
const LATE_ANSWER_LIMIT_MS = 60_000;
const TEARDOWN_LIMIT_MS = 3000;
/** The server has no such session. */
export const GONE: readonly number[] = [404, 410];

/** A session that the server has created. */
export interface CreatedSession {
  readonly status: number;
  readonly headers: Headers;
  /** The SDP of the response. */
  readonly sdp: string;
  /** Address of the session; `null` if the server did not send one. */
  readonly url: string | null;
  /** Address of the response, after redirects: what relative addresses in its headers refer to. Without tokens. */
  readonly baseUrl: string;
}

export interface OfferRequest {
  /** Address that sessions are created at. */
  readonly endpoint: string;
  readonly sdp: string;
  /**
   * Has this response created a session?
   *
   * @defaultValue with a status from 200 to 299
   */
  readonly isCreated?: ((response: Response) => boolean) | undefined;
}

/**
 * Sends the offer. If it fails, no session remains: one that the server creates after the time limit is ended as soon as
 * its response arrives.
 *
 * @throws GatecastError why the server refused or was not reached in time.
 */
export async function postOffer(context: SessionContext, offer: OfferRequest): Promise<CreatedSession> {
  const { clock, tokens, errors, protocol } = context;
  const deadline = startDeadline(clock, LATE_ANSWER_LIMIT_MS);
  const creating = createSession(context, offer, deadline.signal).finally(() => deadline.end());
  if (await settlesWithin(creating, clock, REQUEST_LIMIT_MS)) return creating;
  const ending = creating.then(
    ({ url }) => {
      context.log(`${protocol}-late-answer`);
      return endSession(context, url);
    },
    // A late refusal leaves no session.
    () => undefined,
  );
  tokens.keepUntil(ending);
  throw await explainUnreachable(errors.tooSlow(REQUEST_LIMIT_MS), offer.endpoint, deadline.signal);
}

async function createSession(
  context: SessionContext,
  { endpoint, sdp, isCreated = ({ ok }) => ok }: OfferRequest,
  signal: AbortSignal,
): Promise<CreatedSession> {
  let url: string | null = null;
  try {
    const response = await fetchInSession(context, endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp', Accept: 'application/sdp' },
      body: sdp,
      signal,
    });
    if (!isCreated(response)) throw context.errors.refused(response);
    const baseUrl = context.tokens.withoutTokens(response.url || endpoint);
    url = readLocation(context, response, baseUrl);
    const { status, headers } = response;
    return { status, headers, sdp: await readSdp(response, context.errors), url, baseUrl };
  } catch (cause) {
    // The session exists, although its response cannot be used.
    await endSession(context, url);
    throw cause instanceof GatecastError
      ? cause
      : await explainUnreachable(context.errors.unreachable(cause), endpoint, signal);
  }
}

/**
 * Sends a request to a session. The time limit includes the body.
 *
 * @throws GatecastError `unreachable` of the context’s errors; or the signal's reason.
 */
export async function requestSession(
  context: SessionContext,
  url: string,
  init: RequestInit,
  signal: AbortSignal,
): Promise<{ readonly response: Response; readonly sdp: string }> {
  const deadline = startDeadline(context.clock, REQUEST_LIMIT_MS, signal);
  try {
    const response = await fetchInSession(context, url, { ...init, signal: deadline.signal });
    return { response, sdp: response.ok ? await readSdp(response, context.errors) : '' };
  } catch (cause) {
    signal.throwIfAborted();
    throw cause instanceof GatecastError
      ? cause
      : await explainUnreachable(context.errors.unreachable(cause), url, signal);
  } finally {
    deadline.end();
  }
}

/** Ends a session by DELETE, which is sent in the same task. The server ends one without media by itself, later. */
export async function endSession(context: SessionContext, url: string | null): Promise<void> {
  if (url === null) return;
  const deadline = startDeadline(context.clock, TEARDOWN_LIMIT_MS);
  try {
    const init = { method: 'DELETE', keepalive: true, signal: deadline.signal };
    const { ok, status } = await fetchInSession(context, url, init);
    if (!ok && !GONE.includes(status)) context.log(`${context.protocol}-teardown-failed`, { status });
  } catch {
    context.log(`${context.protocol}-teardown-failed`);
  } finally {
    deadline.end();
  }
}

function readLocation(context: SessionContext, response: Response, baseUrl: string): string | null {
  const { log, protocol, tokens, errors } = context;
  const location = response.headers.get('Location');
  if (location === null) {
    log(`${protocol}-location-missing`);
    return null;
  }
  const url = resolveLocation(location, baseUrl, errors);
  if (/^http:/i.test(location) && url.startsWith('https:')) log(`${protocol}-location-upgraded`);
  // Its server gets no token, so it may refuse to end the session.
  if (!tokens.isAllowedOrigin(url)) log(`${protocol}-location-not-allowed`, { origin: new URL(url).origin });
  return tokens.withoutTokens(url);
}
