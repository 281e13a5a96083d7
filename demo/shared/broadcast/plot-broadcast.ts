import type { BroadcastStats, SecureWebcaster } from '@gatecast/webcaster';
import { findElement } from '../find-element.js';
import { StatPlot } from './stat-plot.js';

const readings: Readonly<Record<string, (stats: BroadcastStats) => number | null>> = {
  'plot-bitrate': ({ videoKbps, audioKbps }) =>
    videoKbps === null && audioKbps === null ? null : (videoKbps ?? 0) + (audioKbps ?? 0),
  'plot-framerate': ({ framesPerSecond }) => framesPerSecond,
  'plot-round-trip': ({ roundTripMs }) => roundTripMs,
  'plot-loss': ({ lossPercent }) => lossPercent,
};

/** Feeds the page's plots with what a broadcast tells once a second. */
export function plotBroadcast(webcaster: SecureWebcaster, signal: AbortSignal): void {
  const plots = Object.entries(readings).map(([id, read]) => ({ plot: findElement(id, StatPlot), read }));
  webcaster.addEventListener(
    'secure-broadcast-stats',
    ({ stats }) => {
      for (const { plot, read } of plots) plot.add(read(stats));
    },
    { signal },
  );
}
