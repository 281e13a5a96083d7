import { redact } from '@gatecast/token';
import type { TimelineRecord } from '@gatecast/qa/internal/record/timeline-record';

export interface SessionFacts {
  /** URL parameters of the lab. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly results: readonly unknown[];
  readonly player: unknown;
  readonly webcaster: unknown;
  readonly userAgent: string;
  readonly atMs: number;
}

/** Returns the data of the time axis, without secrets. */
export function exportRecord(record: TimelineRecord): unknown {
  const { tokens, tokenFailures, playback, broadcast, renditions, requests, buffer, incidents, errors } =
    record;
  return redact({
    tokens,
    tokenFailures,
    playback,
    broadcast,
    renditions,
    requests,
    buffer,
    incidents,
    errors,
  });
}

/** Writes a bug report as JSON: settings, results and the diagnostics of both elements, without secrets. */
export function writeReport(record: TimelineRecord, facts: SessionFacts): string {
  const { atMs, userAgent, settings, results, player, webcaster } = facts;
  const report = redact({
    takenAt: new Date(atMs).toISOString(),
    userAgent,
    settings,
    results,
    player,
    webcaster,
    errors: record.errors,
    incidents: record.incidents.slice(-50),
    tokens: record.tokens.slice(-20),
    playback: record.playback.slice(-50),
    broadcast: record.broadcast.slice(-50),
  });
  return JSON.stringify(report, null, 2);
}
