import type { InferInput } from 'valibot';
import type { faultSchema } from '../../demo/backend/qa/fault-schema.js';
import type { LogEntry } from '../../demo/backend/http/request-log.js';
import { testEnvironment } from './test-environment.js';

export type Faults = InferInput<typeof faultSchema>;
export type { LogEntry };

/**
 * Origin of the demo backend of this run.
 * @throws Error when it did not start.
 */
export function backendOrigin(): string {
  const origin = testEnvironment().backendOrigin;
  if (origin === undefined)
    throw new Error('The demo backend did not start; the reason is in the output above.');
  return origin;
}

/** Origin that serves copies of the demo's streams without tokens and faults. */
export function openMediaOrigin(): string {
  return testEnvironment().openMediaOrigin;
}

async function call(path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(`${backendOrigin()}${path}`, init);
  if (!response.ok) throw new Error(`${init?.method ?? 'GET'} ${path} answered ${response.status}.`);
  return response;
}

/** Sets faults of the backend. Other faults are not changed. */
export async function setFaults(faults: Faults): Promise<void> {
  await call('/api/qa/faults', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });
}

/** Clears all faults. Call it in `afterEach`, because all pages of a run share one backend. */
export async function clearFaults(): Promise<void> {
  await call('/api/qa/faults', { method: 'DELETE' });
}

function isLogBody(body: unknown): body is { entries: readonly LogEntry[] } {
  return typeof body === 'object' && body !== null && 'entries' in body && Array.isArray(body.entries);
}

/** The requests that the backend answered, oldest first. */
export async function requestLog({ sinceMs = 0 }: { sinceMs?: number } = {}): Promise<readonly LogEntry[]> {
  const body: unknown = await (await call(`/api/qa/log?since=${sinceMs}`)).json();
  if (!isLogBody(body)) throw new TypeError('GET /api/qa/log answered no list of requests.');
  return body.entries;
}

export async function clearRequestLog(): Promise<void> {
  await call('/api/qa/log', { method: 'DELETE' });
}
