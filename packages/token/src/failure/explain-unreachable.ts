import { GatecastError } from '../errors.js';
import { withinWait } from './within-wait.js';

/**
 * The error of a request. If it got no response because the browser blocks the address, the hint names the reason: mixed
 * content, or the permission for the local network. The code for it loads only for such an address.
 *
 * @param url - address of the request. Only its scheme and host are read.
 * @param signal - of the request.
 */
export function explainUnreachable<E>(
  error: E,
  url: string,
  signal: AbortSignal,
): E | Promise<E | GatecastError> {
  const code = error instanceof GatecastError ? error.code : '';
  if (!/unreachable|timeout/.test(code) || !/^http:|\/\/[\d[]|local/.test(url)) return error;
  const explained = import('./blocked-address.js').then(({ explainBlocked }) => explainBlocked(error, url));
  return withinWait(explained, error, signal);
}
