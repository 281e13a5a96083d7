import type { TokenValue } from '@gatecast/contract';
import { freshTokenRejected, GatecastError } from '../errors.js';
import type { ParsedTokenResponse } from '../source/parse-token-response.js';
import type { ManagerContext } from './manager-context.js';
import { latestStartMs } from './start-wait.js';
import type { TokenSlot } from './token-slot.js';
import { earliest, isSameValue, readTokenTimes, rememberToken, type Token } from '../source/token.js';

/** NumericDate is in whole seconds and RS256 is deterministic, so tokens that are minted this close together may be equal. */
const SAME_SECOND_MS = 2000;

/**
 * The token for a slot from a token response.
 *
 * @param durationMs - milliseconds from the request to this response.
 * @throws GatecastError `token-stream-missing`, `token-unchanged`, and what {@link createToken} throws.
 */
export function tokenFromResponse(
  slot: TokenSlot,
  answer: ParsedTokenResponse,
  context: ManagerContext,
  durationMs: number,
): Token {
  const item = answer.items.find((each) => each.stream === slot.stream);
  if (!item) {
    throw new GatecastError(
      'token-stream-missing',
      `The token response has no item for the stream "${slot.stream}".`,
      {
        hint: 'Return one item for each requested stream, under the same name.',
      },
    );
  }
  // A page that calls refreshToken() knows that something changed, perhaps at the origin.
  const isManual = slot.phase.kind === 'requesting' && slot.phase.reason === 'manual';
  const isRefused = slot.refused !== null && isUnchanged(slot.refused, item.value);
  if (slot.token && isUnchanged(slot.token.value, item.value)) {
    const isJustMade = context.serverClock.now() - slot.token.receivedAtMs < SAME_SECOND_MS;
    if ((slot.isRejected || isRefused) && !isManual)
      throw isJustMade ? freshTokenRejected(slot.stream) : unchanged(true);
    if (!isJustMade && !isStillGood(slot.token, item)) throw unchanged(false);
  } else if (isRefused && !isManual) {
    throw unchanged(true);
  }
  return createToken(slot.stream, item.value, item.expiresAt, context, durationMs, item.lifeMs);
}

/** Is it the same token? The value of a cookie cannot be seen: each response may have set another one. */
function isUnchanged(old: TokenValue, next: TokenValue): boolean {
  const hasCookie = typeof next === 'object' && 'parts' in next && next.parts.some(({ cookie }) => cookie);
  return !hasCookie && isSameValue(old, next);
}

/**
 * A session key may stay the same with a later expiry, which the backend sends in `expiresAt`. A token without an end, such as
 * a security object without `expires`, may stay the same until an origin refuses it.
 */
function isStillGood(token: Token, item: ParsedTokenResponse['items'][number]): boolean {
  if (token.expiresAtMs === null) return true;
  const { expiresAtMs } = readTokenTimes(item.value, item.expiresAt);
  // Without an end of its own, its life begins again.
  return expiresAtMs === null ? item.lifeMs !== null : expiresAtMs > token.expiresAtMs;
}

/**
 * Reads a token's times, updates the server clock from them, and refuses a token that cannot be used.
 *
 * @param durationMs - milliseconds from our request to the response that it is from; then its `iat` is the server's time.
 *   `null` for another token.
 * @param lifeMs - milliseconds from that response to the end, if the item has it. Counted from the request, but half of it is always left: a
 *   function of the page may have waited for the viewer.
 * @throws GatecastError `token-expired`, `token-not-yet-valid`, `token-time-unit`, `token-response-invalid`
 */
export function createToken(
  stream: string,
  value: TokenValue,
  expiresAt: unknown,
  context: ManagerContext,
  durationMs: number | null,
  lifeMs: number | null = null,
): Token {
  const { clock, serverClock } = context;
  const isJustMade = durationMs !== null;
  const times = readTokenTimes(value, expiresAt);
  if (times.issuedAtMs !== null) {
    serverClock.observeIssuedAt(times.issuedAtMs, clock.now(), isJustMade, times.expiresAtMs);
  }
  const nowMs = serverClock.now();
  const endMs = lifeMs && nowMs + lifeMs - Math.min(durationMs ?? 0, lifeMs / 2);
  const expiresAtMs = earliest([endMs, times.expiresAtMs]);
  if (expiresAtMs !== null) rememberToken(value, expiresAtMs - nowMs);
  if (expiresAtMs !== null && expiresAtMs <= nowMs) {
    throw new GatecastError(
      'token-expired',
      `The token for "${stream}" had already expired when it arrived.`,
      {
        hint: hintOfExpired(times.issuedAtMs, expiresAtMs, nowMs, durationMs ?? 0),
        // A cache passes, a clock is set, and the next response may be quick.
        retryable: true,
      },
    );
  }
  if (times.notBeforeMs !== null && times.notBeforeMs > nowMs + latestStartMs(serverClock, isJustMade)) {
    throw new GatecastError('token-not-yet-valid', `The token for "${stream}" is not valid yet.`, {
      hint: 'Omit "nbf", or set it one minute earlier.',
      retryable: true,
    });
  }
  context.version += 1;
  return { stream, version: context.version, value, receivedAtMs: nowMs, ...times, expiresAtMs };
}

/** Was it valid when the request for it was sent? Then the response came too late. */
function hintOfExpired(
  issuedAtMs: number | null,
  expiresAtMs: number,
  nowMs: number,
  durationMs: number,
): string {
  const lifeMs = expiresAtMs - (issuedAtMs ?? nowMs - durationMs);
  return lifeMs > 0 && lifeMs <= durationMs
    ? `The response took ${seconds(durationMs)}, and the token lasts about ${seconds(lifeMs)}. Respond faster, or let tokens last longer.`
    : 'Check the backend’s clock and cache, and send "serverTime".';
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function unchanged(isRejected: boolean): GatecastError {
  return new GatecastError('token-unchanged', 'The backend returned the same token again.', {
    hint: isRejected
      ? 'Mint a new token when "reason" is "rejected".'
      : 'Cache a token for at most three quarters of its lifetime.',
  });
}
