import type { FaultSettings } from '../backend/qa/fault-schema.js';
import type { LogEntry } from '../backend/http/request-log.js';

export type { FaultSettings, LogEntry };

/** A JSON merge patch: `null` takes a fault away. */
export type FaultPatch = Readonly<Record<string, unknown>>;

export interface LogAnswer {
  readonly nowMs: number;
  readonly entries: readonly LogEntry[];
}

interface ProblemBody {
  readonly detail?: string;
  readonly title?: string;
}

/** What the backend does wrong on purpose at present. */
export async function readFaults(signal?: AbortSignal): Promise<FaultSettings> {
  return (await (await ask('/api/qa/faults', { signal: signal ?? null })).json()) as FaultSettings;
}

/** Merges faults into those that are set. @throws Error what the backend did not understand. */
export async function patchFaults(patch: FaultPatch): Promise<FaultSettings> {
  const response = await ask('/api/qa/faults', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(patch),
  });
  return (await response.json()) as FaultSettings;
}

/** Makes the backend behave, also as the last thing that a page does. */
export async function clearFaults(): Promise<void> {
  await ask('/api/qa/faults', { method: 'DELETE', keepalive: true });
}

/** Requests that arrived at an instant of the server's clock or later. */
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
  throw new Error(detail ?? title ?? `The backend answered ${response.status}.`);
}
