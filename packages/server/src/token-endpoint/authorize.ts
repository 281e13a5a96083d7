import type { TokenRequest } from '@gatecast/contract';
import type { StreamGrant } from '../issuer/token-issuer.js';

/** What a client asks for: the checked body of its request. */
export type AuthorizeQuestion = TokenRequest;

/** The answer of `authorize`: grants for all streams alike, with exceptions by name. */
export interface Authorization extends StreamGrant {
  /** Who asks: the key for limits and logs. Without it only the limit by address applies. */
  readonly user?: string;
  /** Name of the device or tab: with it the limit of concurrent streams counts devices instead of streams. */
  readonly device?: string;
  /** By stream: a grant of its own, or `false` to refuse this one while the others go out. */
  readonly streams?: Readonly<Record<string, StreamGrant | false>>;
}

/**
 * Decides who may have which stream: the one part of the token endpoint that only the team can write.
 *
 * Resolve with `false` to refuse (403), with `true` or an {@link Authorization} to allow, or throw a `Problem` such as
 * `unauthenticated` (401).
 */
export type Authorize = (
  request: Request,
  question: AuthorizeQuestion,
) => Promise<Authorization | boolean> | Authorization | boolean;

/** The grant for one stream, or `null` when it is refused. */
export function grantFor(authorization: Authorization, stream: string): StreamGrant | null {
  const { streams, ttlSeconds, claims, restrictions } = authorization;
  const own = streams && Object.hasOwn(streams, stream) ? streams[stream] : undefined;
  if (own === false) return null;
  const mergedClaims = { ...claims, ...own?.claims };
  const ttl = own?.ttlSeconds ?? ttlSeconds;
  const bound = { ...restrictions, ...own?.restrictions };
  return {
    ...(ttl !== undefined && { ttlSeconds: ttl }),
    claims: mergedClaims,
    restrictions: bound,
  };
}
