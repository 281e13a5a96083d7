import { requestLog, type LogEntry } from '../../support/backend.js';

/**
 * Requests for the WHIP sessions of a stream that reached the demo's ingest, oldest first. Subscriptions to the events of a
 * session are left out: they come when the ingest confirms the broadcast, so no test can count on their number.
 *
 * @param method HTTP method; all if it is missing
 */
export async function whipRequests(
  stream: string | null | undefined,
  method?: string,
): Promise<readonly LogEntry[]> {
  if (!stream) throw new Error('The webcaster has no stream.');
  return (await requestLog()).filter(
    (entry) =>
      (method === undefined || entry.method === method) &&
      entry.path.startsWith(`/whip/${stream}`) &&
      !/\/events(?:\/|$)/.test(entry.path),
  );
}
