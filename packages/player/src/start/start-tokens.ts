import { endpointName, findStarted, startedRequests, tokenRequestInit } from '@gatecast/contract';
import type { StartedRequest } from '@gatecast/contract';

/** As long as the element would wait. */
const TIMEOUT_MS = 10_000;

/**
 * Sends the token request for the streams that have none yet. An element whose own request would be the same takes the
 * response; its failure is the element's own too.
 */
export function startTokens(url: string, credentials: RequestCredentials, streams: Iterable<string>): void {
  const endpoint = endpointName(url, credentials);
  const missing = [...streams].filter((stream) => !findStarted(endpoint, stream));
  if (missing.length === 0) return;
  const init = tokenRequestInit({ purpose: 'playback', streams: missing, reason: 'initial' }, credentials);
  const sentAtMs = Date.now();
  const response = fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const started: StartedRequest = { endpoint, streams: missing, sentAtMs, response };
  response.then(
    () => (started.answeredAtMs = Date.now()),
    () => undefined,
  );
  startedRequests().push(started);
}
