import { GatecastError } from '../errors.js';
import { delay, systemClock } from '../time/clock.js';

/** On a dead network the code may not arrive either. The error waits no longer for it. */
const LONGEST_WAIT_MS = 2000;

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
  const wait = new AbortController();
  const end = (): void => wait.abort();
  signal.addEventListener('abort', end, { signal: wait.signal });
  return Promise.race([
    import('./blocked-address.js').then(({ explainBlocked }) => explainBlocked(error, url)),
    delay(systemClock, LONGEST_WAIT_MS, wait.signal).then(() => error),
  ])
    .catch(() => error)
    .finally(end);
}
