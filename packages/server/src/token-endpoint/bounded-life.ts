import { toNumericDate } from '@gatecast/contract';
import { latestEnd, type GrantedStream } from '../grant/grant.js';
import type { Logger } from '../http/logger.js';
import type { Revocations } from '../revocation/revocations.js';
import type { IssuedStream } from './issue-tokens.js';

type KnownLife = Pick<Revocations, 'longestLifeSeconds'>;

/** A revocation without `until` ends after the longest life: no token that `authorize` makes longer may be left then. */
export function withBoundedLife(
  granted: GrantedStream,
  { longestLifeSeconds }: KnownLife,
  nowMs: number,
): GrantedStream {
  const latest = toNumericDate(nowMs) + longestLifeSeconds;
  const { ttlSeconds = 0 } = granted;
  // Not as an end: issuers share the tokens of a vendor’s service between requests for the same lifetime.
  const bounded = ttlSeconds > longestLifeSeconds ? { ...granted, ttlSeconds: longestLifeSeconds } : granted;
  const end = latestEnd(bounded, nowMs);
  // Without an end, the issuer decides.
  return end === Infinity || end <= latest ? bounded : { ...bounded, expiresAt: latest };
}

/** Returns a function that logs once if an issuer makes tokens that live longer than the revocations last. */
export function longLifeWarning(
  { longestLifeSeconds }: KnownLife,
  logger: Logger,
): (issued: readonly IssuedStream[], nowMs: number) => void {
  let hasWarned = false;
  return (issued, nowMs) => {
    const latest = Math.ceil(nowMs / 1000) + longestLifeSeconds;
    const long = issued.find(({ grant: { expiresAt } }) => expiresAt > latest && expiresAt !== Infinity);
    if (!long || hasWarned) return;
    hasWarned = true;
    const lifeSeconds = Math.ceil(long.grant.expiresAt - nowMs / 1000);
    logger.warn(
      { handler: 'token', longestLifeSeconds, lifeSeconds },
      'Tokens outlive the revocations without "until". Raise longestLifeSeconds of createRevocations',
    );
  };
}
