import type { GatecastError } from '../errors.js';
import { withinWait } from '../failure/within-wait.js';

/**
 * The error of a refusal (HTTP 401 or 403) whose problem document says that the access has ended; `null` for any other failed
 * response. Only for `application/problem+json` is the code loaded that reads a body; any other is cancelled.
 *
 * @param isRead - may its body be read?
 * @param signal - of the request.
 */
export function accessEndOf(
  response: Response,
  isRead: boolean,
  signal?: AbortSignal | null,
): Promise<GatecastError | null> | null {
  const { status, headers, body } = response;
  if (isRead && /^40[13].+problem\+json/i.test(`${String(status)} ${String(headers.get('Content-Type'))}`)) {
    const reading = import('./read-access-end.js').then(({ readAccessEnd }) => readAccessEnd(response));
    return withinWait(reading, null, signal);
  }
  // An unread body would block the connection that the repeated request could use.
  body?.cancel().catch(() => undefined);
  return null;
}
