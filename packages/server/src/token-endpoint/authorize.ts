import type { TokenRequest } from '@gatecast/contract';
import type { StreamGrant } from '../issuer/token-issuer.js';

/** The result of `authorize`: token options for all streams, with exceptions per stream. */
export interface Authorization extends StreamGrant {
  /** User id, for rate limits, concurrent streams and logs. Without it only the limit by address applies. */
  readonly user?: string;
  /** Id of the device or tab. If set, the limit of concurrent streams counts devices instead of streams. */
  readonly device?: string;
  /** Per stream: its own token options, or `false` to refuse this stream only. */
  readonly streams?: Readonly<Record<string, StreamGrant | false>>;
}

/**
 * Decides which streams a caller may access. You write this function.
 *
 * Return `true` or an {@link Authorization} to allow the request, or `false` to refuse it (403). Throw a `Problem` for
 * another response, such as `unauthenticated` (401).
 *
 * @param request - the HTTP request, to read the session or token of the caller. Its body has already been read.
 * @param tokenRequest - the validated body: `purpose`, `streams` and `reason`.
 */
export type Authorize = (
  request: Request,
  tokenRequest: TokenRequest,
) => Promise<Authorization | boolean> | Authorization | boolean;

/** The token options for one stream, or `null` if it is refused. */
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
