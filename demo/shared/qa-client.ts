import type { FaultSettings } from '../backend/qa/fault-schema.js';
import type { LogEntry } from '../backend/http/request-log.js';

export type { FaultSettings, LogEntry };

/** A JSON merge patch: `null` removes a fault. */
export type FaultPatch = Readonly<Record<string, unknown>>;

export interface LogAnswer {
  readonly nowMs: number;
  readonly entries: readonly LogEntry[];
}

interface ProblemBody {
  readonly detail?: string;
  readonly title?: string;
}

/** Reads the faults that are set in the backend. */
export async function readFaults(signal?: AbortSignal): Promise<FaultSettings> {
  return (await (await ask('/api/qa/faults', { signal: signal ?? null })).json()) as FaultSettings;
}

/** Merges a patch into the faults. @throws Error with the backend's message if the patch is invalid. */
export async function patchFaults(patch: FaultPatch): Promise<FaultSettings> {
  const response = await ask('/api/qa/faults', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(patch),
  });
  return (await response.json()) as FaultSettings;
}

/** Clears all faults of the backend. `keepalive` lets the request finish when the page is closed. */
export async function clearFaults(): Promise<void> {
  await ask('/api/qa/faults', { method: 'DELETE', keepalive: true });
}

/** Reads the log entries of requests that arrived at `sinceMs` (server clock, ms since the epoch) or later. */
export async function readLog(sinceMs: number, signal?: AbortSignal): Promise<LogAnswer> {
  return (await (await ask(`/api/qa/log?since=${sinceMs}`, { signal: signal ?? null })).json()) as LogAnswer;
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, init);
  if (response.ok) return response;
  const { detail, title } = await response.json().then(
    (body: ProblemBody) => body,
    (): ProblemBody => ({}),
  );
  throw new Error(detail ?? title ?? `The backend returned ${response.status}.`);
}
