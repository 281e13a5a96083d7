import type { LogEntry } from '../http/request-log.js';

/** Adds the fields of the request to its log entry. Called before the response, so that refusals have them, too. */
export async function noteQuestion(entry: LogEntry, request: Request): Promise<void> {
  // A body without a length may be endless. The handler reads it with a limit.
  if (!request.headers.has('Content-Length')) return;
  const body: unknown = await request.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null) return;
  const { streams, purpose, reason } = body as Record<'streams' | 'purpose' | 'reason', unknown>;
  if (Array.isArray(streams)) entry.streams = streams.slice(0, 64).map(String);
  if (typeof purpose === 'string') entry.purpose = purpose;
  if (typeof reason === 'string') entry.reason = reason;
}
