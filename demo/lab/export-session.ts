import { redact } from '@gatecast/token';
import type { TimelineRecord } from '../shared/record/timeline-record.js';

export interface SessionFacts {
  /** Address of the case; what stands behind its question mark is told as settings instead. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly results: readonly unknown[];
  readonly player: unknown;
  readonly webcaster: unknown;
  readonly userAgent: string;
  readonly atMs: number;
}

/** The time axis as data, and nothing in it that opens a stream. */
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

/** All that a ticket needs: what was tried, the results, and the elements' own diagnostics. */
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
