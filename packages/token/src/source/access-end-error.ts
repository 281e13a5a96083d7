import { GatecastError, type AccessEndCode } from '../errors.js';

/** Without the cookie of its session, each request of a page counts as another device. */
const COOKIE_HINT = ' If nothing else plays: cookies of another origin need token-credentials.';

/**
 * The error for an access that the backend has ended.
 *
 * @param code - `'revoked'`, `'concurrent-limit'` or `'moved'`.
 * @param reason - the backend's text for the viewer; anything but a text is ignored.
 * @param status - of the response; an end that is pushed counts as 403, which the next request would get.
 */
export function accessEnd(code: AccessEndCode, reason?: unknown, status = 403): GatecastError {
  return new GatecastError(code, `The access to this stream has ended (${code}).`, {
    hint: `Call refreshToken() when it is allowed again.${code === 'concurrent-limit' ? COOKIE_HINT : ''}`,
    status,
    reason,
  });
}
