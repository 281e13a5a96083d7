import type { TokenValue } from '@gatecast/contract';
import type { Clock } from '../time/clock.js';
import { freshTokenRejected, GatecastError } from '../errors.js';
import type { ServerClock } from '../time/server-clock.js';
import type { ParsedTokenResponse } from '../source/parse-token-response.js';
import type { TokenSlot } from './token-slot.js';
import { isSameValue, readTokenTimes, type Token } from '../source/token.js';

/** A token may begin this much after our idea of the server's time, which is no better than a second. */
const NOT_BEFORE_TOLERANCE_MS = 5000;

/** NumericDate is whole seconds and RS256 always signs the same way: tokens made this close together may be equal. */
const SAME_SECOND_MS = 2000;

export interface TokenContext {
  readonly clock: Clock;
  readonly serverClock: ServerClock;
  readonly version: number;
}

/**
 * The token that an answer holds for a slot.
 *
 * @throws GatecastError `token-stream-missing`, `token-unchanged`, and what {@link createToken} throws.
 */
export function tokenFromResponse(
  slot: TokenSlot,
  answer: ParsedTokenResponse,
  context: TokenContext,
): Token {
  const item = answer.items.find((each) => each.stream === slot.stream);
  if (!item) {
    throw new GatecastError(
      'token-stream-missing',
      `The token answer leaves out the stream "${slot.stream}".`,
      {
        hint: 'Answer with one item per stream that was asked for, under the same name.',
      },
    );
  }
  if (slot.token && isSameValue(slot.token.value, item.value)) {
    const isJustMade = context.serverClock.now() - slot.token.receivedAtMs < SAME_SECOND_MS;
    // Who asks by hand knows that something has changed, perhaps at the origin.
    const isByHand = slot.phase.kind === 'requesting' && slot.phase.reason === 'manual';
    if (slot.isRejected && !isByHand) throw isJustMade ? freshTokenRejected(slot.stream) : unchanged(true);
    if (!isJustMade && !isPutOff(slot.token, item)) throw unchanged(false);
  }
  return createToken(slot.stream, item.value, item.expiresAt, context, true);
}

/** A session key stays the same while its end moves on; the backend says so in `expiresAt`. */
function isPutOff(token: Token, item: ParsedTokenResponse['items'][number]): boolean {
  const { expiresAtMs } = readTokenTimes(item.value, item.expiresAt);
  return token.expiresAtMs !== null && expiresAtMs !== null && expiresAtMs > token.expiresAtMs;
}

/**
 * Reads a token's times, learns the server's clock from them, and refuses what could not be used.
 *
 * @param isJustMade - whether it answers a request of ours, so that its `iat` tells the server's time.
 * @throws GatecastError `token-expired`, `token-not-yet-valid`, `token-time-unit`, `token-response-invalid`
 */
export function createToken(
  stream: string,
  value: TokenValue,
  expiresAt: unknown,
  { clock, serverClock, version }: TokenContext,
  isJustMade: boolean,
): Token {
  const times = readTokenTimes(value, expiresAt);
  if (times.issuedAtMs !== null) {
    serverClock.observeIssuedAt(times.issuedAtMs, clock.now(), isJustMade, times.expiresAtMs);
  }
  const nowMs = serverClock.now();
  if (times.expiresAtMs !== null && times.expiresAtMs <= nowMs) {
    throw new GatecastError('token-expired', `The token for "${stream}" had expired when it arrived.`, {
      hint: 'Check the backend’s clock and cache; send "serverTime" so that a wrong clock here does not matter.',
    });
  }
  if (times.notBeforeMs !== null && times.notBeforeMs > nowMs + NOT_BEFORE_TOLERANCE_MS) {
    throw new GatecastError('token-not-yet-valid', `The token for "${stream}" is not valid yet.`, {
      hint: 'Leave "nbf" out, or set it a minute back.',
      retryable: true,
    });
  }
  return { stream, version, value, receivedAtMs: nowMs, ...times };
}

function unchanged(isRejected: boolean): GatecastError {
  return new GatecastError('token-unchanged', 'The backend returned the same token again.', {
    hint: isRejected
      ? 'Mint a new token when "reason" is "rejected".'
      : 'Mint a new token, or cache only for three quarters of its life.',
  });
}
