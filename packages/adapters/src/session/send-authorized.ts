import { startDeadline, type AuthorizedRequest } from '@gatecast/token';
import type { TokenSession } from './open-session.js';

/** A response with its body. */
export interface WholeResponse {
  readonly response: Response;
  readonly data: ArrayBuffer;
}

/** As the players have it for a segment. */
const TIMEOUT_MS = 20_000;

/**
 * Sends a request as it is authorized, in place of the player: one that the player repeats only later, or would send on with its
 * token to the origin of a redirect.
 *
 * @throws TypeError without a response. @throws DOMException when the tokens are released, or after the time limit; without one, after 20 seconds.
 */
export async function sendAuthorized(
  { clock, fetch = globalThis.fetch.bind(globalThis), signal }: TokenSession,
  { url, headers: added, credentials, redirect, prove }: AuthorizedRequest,
  init: RequestInit,
  timeoutMs = 0,
): Promise<WholeResponse> {
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(added)) headers.set(name, value);
  const deadline = startDeadline(clock, timeoutMs || TIMEOUT_MS, init.signal ?? signal);
  try {
    const response = await (prove?.(fetch) ?? fetch)(url, {
      ...init,
      headers,
      redirect,
      signal: deadline.signal,
      ...(credentials && { credentials }),
    });
    return { response, data: await response.arrayBuffer() };
  } finally {
    deadline.end();
  }
}
