import { delay, type Clock } from '@gatecast/token';
import { readStats, type BroadcastStats, type StatsSample } from '../stats/broadcast-stats.js';

const INTERVAL_MS = 1000;

/** Reads a broadcast's statistics once a second until the signal aborts. */
export async function pollStats({
  clock,
  getReport,
  onStats,
  signal,
}: {
  clock: Clock;
  getReport: () => Promise<RTCStatsReport | null>;
  onStats: (stats: BroadcastStats) => void;
  signal: AbortSignal;
}): Promise<void> {
  let sample: StatsSample | null = null;
  const isOver = () => signal.aborted;
  while (!isOver()) {
    // A connection that is being replaced may have no report; the next second has a new connection.
    const report = await getReport().catch(() => null);
    if (isOver()) return;
    if (report) {
      const reading = readStats(report.values() as Iterable<RTCStats>, sample, Date.now());
      sample = reading.sample;
      onStats(reading.stats);
    }
    await delay(clock, INTERVAL_MS, signal).catch(() => undefined);
  }
}
