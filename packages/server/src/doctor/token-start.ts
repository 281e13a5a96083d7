import { looksLikeMilliseconds } from '@gatecast/contract';
import type { Explained, Findings } from './finding.js';
import { timesOf } from './token-in-address.js';

/** What to compare if an origin refuses a token, and the request does not show why. */
export const COMPARE_TOKEN =
  'Compare the key (kid and public key), the stream name, the audience and the address that the token is for with what the origin expects. "gatecast token inspect" reads a token.';

/** When a token begins, by its claims. Milliseconds since the epoch; `null` without the claim. */
export interface TokenStart {
  readonly nbfMs: number | null;
  readonly iatMs: number | null;
}

/** Differences of clocks up to this are usual. */
const TOLERANCE_MS = 5_000;
/** Origins that check iat tolerate this much, and `Date` has whole seconds. */
const IAT_TOLERANCE_MS = 10_000;
/** `Date` has whole seconds. */
const RESOLUTION_MS = 2_000;
/** More tokens of a response are not read. */
const MOST_TOKENS = 40;
const LATER_NBF = 'Omit nbf, or set it to the time of issue minus 60 s, in seconds since 1970 in UTC.';

/** The start need not be the only reason. */
const OTHERWISE = `If it is refused later, too: ${COMPARE_TOKEN}`;

/** The latest start of the JWTs in a text. Takes linear time. */
export function startOf(text: string): TokenStart {
  const all = text
    .split(/[^\w.-]+/)
    .filter((part) => part.startsWith('eyJ'))
    .slice(0, MOST_TOKENS)
    .map(timesOf);
  return {
    nbfMs: latestMs(all.map((times) => times?.nbf ?? null)),
    iatMs: latestMs(all.map((times) => times?.iat ?? null)),
  };
}

function latestMs(times: readonly (number | null)[]): number | null {
  // A time in milliseconds is what the player names.
  const known = times.flatMap((seconds) =>
    seconds === null || looksLikeMilliseconds(seconds) ? [] : [seconds],
  );
  return known.length === 0 ? null : Math.max(...known) * 1000;
}

/**
 * Says that a token begins later than now, by the clock of this machine.
 *
 * @param clockOffMs - clock of the token backend minus that of this machine, in milliseconds.
 * @returns `true` if that also says that the clocks differ.
 */
export function checkStart(
  { nbfMs, iatMs }: TokenStart,
  nowMs: number,
  clockOffMs: number | null,
  findings: Findings,
): boolean {
  const claim = nbfMs !== null && nbfMs >= (iatMs ?? 0) ? 'nbf' : 'iat';
  const aheadMs = ((claim === 'nbf' ? nbfMs : iatMs) ?? 0) - nowMs;
  if (aheadMs <= TOLERANCE_MS) return false;
  const seconds = inSeconds(aheadMs);
  const isClock = clockOffMs !== null && Math.abs(aheadMs - clockOffMs) <= TOLERANCE_MS;
  if (isClock)
    findings.warning(
      `The token begins ${seconds} in the future (${claim}): the clock of the token backend is ahead of that of this machine. An origin with the right time refuses the token until then.`,
      'Set the clock of the token backend with NTP. If this machine is wrong, set its clock.',
    );
  else if (claim === 'nbf')
    findings.warning(
      `The token begins ${seconds} in the future (nbf). Origins refuse it until then, and players may wait.`,
      LATER_NBF,
    );
  else
    findings.warning(
      `The token was issued ${seconds} in the future (iat). Some origins refuse it until then.`,
      'Set iat to the time of issue, in seconds since 1970 in UTC.',
    );
  return isClock;
}

/** Why a player cannot use a token yet; `null` if it has begun by the clock of the token backend. */
export function describeLateStart({ nbfMs }: TokenStart, backendNowMs: number): Explained | null {
  const aheadMs = nbfMs === null ? 0 : nbfMs - backendNowMs;
  return aheadMs < RESOLUTION_MS
    ? null
    : {
        what: `The token begins ${inSeconds(aheadMs)} in the future (nbf), by the clock of the token backend. A player waits until then, up to a minute, and uses no token that begins later.`,
        change: LATER_NBF,
      };
}

/** Why an origin refuses a token that has not begun by its clock; `null` if it has. */
export function describeEarlyRefusal({ nbfMs, iatMs }: TokenStart, originNowMs: number): Explained | null {
  const isAhead = (atMs: number | null, byMs: number) => atMs !== null && atMs - originNowMs >= byMs;
  if (isAhead(nbfMs, RESOLUTION_MS))
    return {
      what: `The token begins ${inSeconds((nbfMs ?? 0) - originNowMs)} in the future (nbf), by the clock of the origin.`,
      change: `Keep the token backend and the origin on NTP. ${LATER_NBF} ${OTHERWISE}`,
    };
  if (isAhead(iatMs, IAT_TOLERANCE_MS))
    return {
      what: `The token was issued ${inSeconds((iatMs ?? 0) - originNowMs)} in the future (iat), by the clock of the origin.`,
      change: `Keep the token backend and the origin on NTP, and let the origin tolerate a minute. ${OTHERWISE}`,
    };
  return null;
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(0)} s`;
}
