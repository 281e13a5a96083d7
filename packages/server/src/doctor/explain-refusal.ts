import { describeOff, type AskedToken } from './ask-token.js';
import type { Explained } from './finding.js';
import { describeSignedRefusal, readSignedAddress } from './signed-address.js';
import { describeEnd, partsOfAddress } from './token-in-address.js';
import { COMPARE_TOKEN, describeEarlyRefusal, startOf } from './token-start.js';

/** The longest difference that origins usually tolerate is a minute. */
const MOST_CLOCK_OFF_MS = 30_000;

/** A response with 401 or 403, and what was sent. */
export interface Refusal {
  /** Its status and code, as the start of a sentence. */
  readonly what: string;
  readonly step: string;
  /** Address without the token of the doctor, which is fresh. */
  readonly url: string;
  /** Address of the first playlist. */
  readonly src: string;
  readonly asked: AskedToken | null;
  /** May the address have the token? */
  readonly isAllowed: boolean;
  /** Has the request a token? */
  readonly hasToken: boolean;
  /** Time by the clock of the origin, in milliseconds since the epoch. */
  readonly originNowMs: number;
  /** Clock of the origin minus that of the token backend, in milliseconds. */
  readonly clockOffMs: number | null;
}

/** Why an origin refuses, as far as the request itself shows it. */
export function explainAtOnce(refusal: Refusal): Explained | null {
  const { what, step, url, src, asked, isAllowed, hasToken, originNowMs } = refusal;
  const signed = asked ? null : readSignedAddress(url);
  if (signed) {
    const early = describeEarlyRefusal(startOf(partsOfAddress(url).join(' ')), originNowMs);
    const { what: why, change } = early ?? describeSignedRefusal(signed, originNowMs);
    return { what: `${what}. ${why}`, change };
  }
  const end = describeEnd(url, originNowMs);
  if (end !== null)
    return {
      what: `${what}. ${end}`,
      change: 'Take a new address, or name the token endpoint with --token-url.',
    };
  if (!asked && url !== src && readSignedAddress(src))
    return {
      what: `${what}. The address that was given is signed, and the playlist names this one without a signature.`,
      change:
        'Sign the addresses in the playlist too, sign the path or a cookie for the whole stream, or name the token endpoint with --token-url.',
    };
  if (!asked)
    return {
      what: `${what}: it wants a token.`,
      change:
        'Name the token endpoint with --token-url, or give the address of a page with a <secure-player>.',
    };
  if (!isAllowed)
    return {
      what: `${what}. The ${step} is at another origin than src, so the player sends no token there.`,
      change: `Add ${new URL(url).origin} to token-origins, if it may have the token.`,
    };
  return hasToken
    ? null
    : {
        what: `${what}, and the request has no token, because token-placement is "none".`,
        change: 'Set token-placement.',
      };
}

/**
 * Why an origin refuses a token.
 *
 * @param places - values of token-placement with which it refused, if not all were tried.
 */
export function explainToken(
  { what, asked, originNowMs, clockOffMs }: Refusal,
  places: 'each usual place' | readonly string[],
): Explained {
  const early = asked && describeEarlyRefusal(asked.start, originNowMs);
  if (early) return { what: `${what}. ${early.what}`, change: early.change };
  if (clockOffMs !== null && Math.abs(clockOffMs) > MOST_CLOCK_OFF_MS)
    return {
      what: `${what}. Its clock is ${describeOff(clockOffMs)} that of the token backend, so that it takes tokens for expired or not yet valid.`,
      change: 'Keep both on NTP.',
    };
  return {
    what:
      typeof places === 'string'
        ? `${what}, with the token in ${places}.`
        : `${what}, with token-placement ${places.map((place) => `"${place}"`).join(', ')}. It was not seen whether it accepts the token in another place.`,
    change: COMPARE_TOKEN,
  };
}
