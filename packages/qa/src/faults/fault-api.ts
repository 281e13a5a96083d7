/** Faults as the demo's backend returns them: those that pages and cases read. */
export type FaultSettings = Readonly<{
  tokens?: Readonly<{ down?: boolean; fail?: number; status?: number; latencyMs?: number; shape?: string }>;
  media?: Readonly<{ down?: boolean; latencyMs?: number; reject?: readonly RejectedMedia[] }>;
  /** How far the backend's clock is ahead. */
  clockSkewSeconds?: number;
}>;

/** Media requests that are refused. */
export type RejectedMedia = Readonly<{
  stream: string;
  status: number;
  /** Number of requests that are still to be refused. Without it, all. */
  count?: number;
}>;

/** A JSON merge patch: `null` removes a fault. */
export type FaultPatch = Readonly<Record<string, unknown>>;

interface ProblemBody {
  readonly detail?: string;
  readonly title?: string;
}

/** Reads the faults that are set in the backend. */
export async function readFaults(signal?: AbortSignal): Promise<FaultSettings> {
  return (await (await askBackend('/api/qa/faults', { signal: signal ?? null })).json()) as FaultSettings;
}

/** Merges a patch into the faults. @throws Error with the backend's message if the patch is invalid. */
export async function patchFaults(patch: FaultPatch): Promise<FaultSettings> {
  const response = await askBackend('/api/qa/faults', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(patch),
  });
  return (await response.json()) as FaultSettings;
}

/** Clears all faults of the backend. `keepalive` lets the request finish when the page is closed. */
export async function clearFaults(): Promise<void> {
  await askBackend('/api/qa/faults', { method: 'DELETE', keepalive: true });
}

/** Ends the access to a stream. @throws Error with the backend's message if it refuses. */
export async function revokeStream(stream: string): Promise<void> {
  await askBackend('/api/qa/revoke', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ stream, reason: 'A tester has ended it.' }),
  });
}

/** Allows all access again that testers have ended. */
export async function allowAll(): Promise<void> {
  await askBackend('/api/qa/revoke', { method: 'DELETE', keepalive: true });
}

/** Sends a request to the page's own origin. @throws Error with the text of its problem if it refuses. */
export async function askBackend(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, init);
  if (response.ok) return response;
  const { detail, title } = await response.json().then(
    (body: ProblemBody) => body,
    (): ProblemBody => ({}),
  );
  throw new Error(detail ?? title ?? `The backend returned ${response.status}.`);
}
