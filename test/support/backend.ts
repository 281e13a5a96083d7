import { testEnvironment } from './test-environment.js';

/** Faults that the demo backend injects until they are cleared; the body of `POST /api/qa/faults`. */
export interface Faults {
  readonly tokens?: { readonly fail?: number; readonly status?: number };
  readonly media?: { readonly reject?: string };
  readonly clockSkewSeconds?: number;
  readonly latencyMs?: number;
  readonly [fault: string]: unknown;
}

/** One line of the backend's request log; tokens in it are cut to their last six characters. */
export interface LoggedRequest {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly [detail: string]: unknown;
}

/**
 * Origin of the demo backend that the runner started for this run.
 * @throws Error when there is none.
 */
export function backendOrigin(): string {
  const origin = testEnvironment().backendOrigin;
  if (origin === undefined) throw new Error('The demo backend did not start, so nothing here can be tested.');
  return origin;
}

async function call(path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(`${backendOrigin()}${path}`, init);
  if (!response.ok) throw new Error(`${init?.method ?? 'GET'} ${path} answered ${response.status}.`);
  return response;
}

/** Makes the backend misbehave as described, until `clearFaults()`. */
export async function setFaults(faults: Faults): Promise<void> {
  await call('/api/qa/faults', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });
}

/** Makes the backend behave again; call it in `afterEach`, since the pages of a run share one backend. */
export async function clearFaults(): Promise<void> {
  await call('/api/qa/faults', { method: 'DELETE' });
}

function isLoggedRequest(value: unknown): value is LoggedRequest {
  return (
    typeof value === 'object' &&
    value !== null &&
    'method' in value &&
    typeof value.method === 'string' &&
    'url' in value &&
    typeof value.url === 'string' &&
    'status' in value &&
    typeof value.status === 'number'
  );
}

/** The requests that the backend answered, oldest first. */
export async function requestLog(): Promise<readonly LoggedRequest[]> {
  const body: unknown = await (await call('/api/qa/log')).json();
  const list: unknown = Array.isArray(body)
    ? body
    : typeof body === 'object' && body !== null && 'requests' in body
      ? body.requests
      : undefined;
  if (!Array.isArray(list)) throw new TypeError('GET /api/qa/log answered no list of requests.');
  return list.filter(isLoggedRequest);
}
