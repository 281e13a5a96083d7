import type { TokenRequest } from '@gatecast/contract';
import type { Authorization } from '../grant/authorization.js';

/**
 * Decides which streams a caller may access. You write this function.
 *
 * Return `true` or an {@link Authorization} to allow the request, or `false` to refuse it (403). Anything else is refused:
 * 403 `forbidden`, and a log line at level `error` that names the fault. Throw a `Problem` for another response, such as
 * `unauthenticated` (401).
 *
 * @param request - the HTTP request, to read the session or token of the caller. Its body has already been read.
 * @param tokenRequest - the validated body: `purpose`, `streams` and `reason`.
 */
export type Authorize = (
  request: Request,
  tokenRequest: TokenRequest,
) => Promise<Authorization | boolean> | Authorization | boolean;
