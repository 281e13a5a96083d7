import type { AccessEndCode } from '../errors.js';

/** Does an error with this code end the access to a stream? Nothing is requested then until the page or the backend acts. */
export function isAccessEnd(code: string): code is AccessEndCode {
  return /^(?:revoked|moved|concurrent-limit)$/.test(code);
}
