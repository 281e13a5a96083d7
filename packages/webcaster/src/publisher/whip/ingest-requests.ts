import { explainUnreachable, GatecastError, startDeadline } from '@gatecast/token';
import type { PublisherContext } from '../publisher.js';
import { settlesWithin } from '../settles-within.js';
import { fetchIngest } from './fetch-ingest.js';
import { readSdp, resolveLocation } from './read-answer.js';
import { ingestError, ingestTooSlow, ingestUnreachable } from './whip-errors.js';

const REQUEST_LIMIT_MS = 10_000;
/** A server that responds later than this has lost the request. */
const LATE_ANSWER_LIMIT_MS = 60_000;
const TEARDOWN_LIMIT_MS = 3000;

type RequestContext = Pick<PublisherContext, 'tokens' | 'clock' | 'log'>;

/** A session that the ingest has created. */
export interface CreatedSession {
  readonly headers: Headers;
  /** The SDP answer. */
  readonly sdp: string;
  /** Address of the session; `null` if the ingest did not send one. */
  readonly url: string | null;
}

/**
 * Sends the offer. If it fails, no session remains: one that the ingest creates after the time limit is ended as soon as
 * its response arrives.
 *
 * @throws GatecastError why the ingest refused or was not reached in time.
 */
export async function postOffer(
  context: RequestContext,
  endpoint: string,
  offer: string,
): Promise<CreatedSession> {
  const { clock, tokens } = context;
  const deadline = startDeadline(clock, LATE_ANSWER_LIMIT_MS);
  const creating = createSession(context, endpoint, offer, deadline.signal).finally(() => deadline.end());
  if (await settlesWithin(creating, clock, REQUEST_LIMIT_MS)) return creating;
  const ending = creating.then(
    ({ url }) => {
      context.log('whip-late-answer');
      return endSession(context, url);
    },
    // A late refusal leaves no session.
    () => undefined,
  );
  tokens.keepUntil(ending);
  throw await explainUnreachable(ingestTooSlow(REQUEST_LIMIT_MS), endpoint, deadline.signal);
}

async function createSession(
  context: RequestContext,
  endpoint: string,
  offer: string,
  signal: AbortSignal,
): Promise<CreatedSession> {
  let url: string | null = null;
  try {
    const response = await fetchIngest(context.tokens, endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp', Accept: 'application/sdp' },
      body: offer,
      signal,
    });
    if (!response.ok) throw ingestError(response);
    url = readLocation(context, response, endpoint);
    return { headers: response.headers, sdp: await readSdp(response), url };
  } catch (cause) {
    // The session exists, although its response cannot be used.
    await endSession(context, url);
    throw cause instanceof GatecastError
      ? cause
      : await explainUnreachable(ingestUnreachable(cause), endpoint, signal);
  }
}

/**
 * Sends a request to a session. The time limit includes the body.
 *
 * @throws GatecastError `ingest-unreachable`; or the signal's reason.
 */
export async function requestSession(
  { clock, tokens }: RequestContext,
  url: string,
  init: RequestInit,
  signal: AbortSignal,
): Promise<{ readonly response: Response; readonly sdp: string }> {
  const deadline = startDeadline(clock, REQUEST_LIMIT_MS, signal);
  try {
    const response = await fetchIngest(tokens, url, { ...init, signal: deadline.signal });
    return { response, sdp: response.ok ? await readSdp(response) : '' };
  } catch (cause) {
    signal.throwIfAborted();
    throw cause instanceof GatecastError
      ? cause
      : await explainUnreachable(ingestUnreachable(cause), url, signal);
  } finally {
    deadline.end();
  }
}

/** Ends a session by DELETE, which is sent in the same task. The ingest ends one without media by itself, later. */
export async function endSession({ clock, tokens, log }: RequestContext, url: string | null): Promise<void> {
  if (url === null) return;
  const deadline = startDeadline(clock, TEARDOWN_LIMIT_MS);
  try {
    await fetchIngest(tokens, url, { method: 'DELETE', keepalive: true, signal: deadline.signal });
  } catch {
    log('whip-teardown-failed');
  } finally {
    deadline.end();
  }
}

function readLocation(context: RequestContext, response: Response, endpoint: string): string | null {
  const location = response.headers.get('Location');
  if (location === null) {
    context.log('whip-location-missing');
    return null;
  }
  const base = response.url || endpoint;
  const url = resolveLocation(location, base);
  if (/^http:/i.test(location) && url.startsWith('https:')) context.log('whip-location-upgraded');
  return context.tokens.withoutTokens(url);
}
