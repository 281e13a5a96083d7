import { askBackend } from '@gatecast/qa/internal/faults/fault-api';
import type { LogEntry } from '../backend/http/request-log.js';

export type { LogEntry };

export interface LogAnswer {
  readonly nowMs: number;
  readonly entries: readonly LogEntry[];
}

/** Reads the log entries of requests that arrived at `sinceMs` (server clock, ms since the epoch) or later. */
export async function readLog(sinceMs: number, signal?: AbortSignal): Promise<LogAnswer> {
  const response = await askBackend(`/api/qa/log?since=${sinceMs}`, { signal: signal ?? null });
  return (await response.json()) as LogAnswer;
}
