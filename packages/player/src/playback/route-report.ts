import type { TokenSession } from '@gatecast/element';
import type { EngineReport } from '../engine/engine.js';
import type { PlaybackHost } from './playback-host.js';
import type { Recovery } from './recovery.js';

/**
 * Passes a report of an engine to who acts on it.
 *
 * @param onIdle - nothing more happens until the page calls `play()`.
 */
export function routeReport(
  report: EngineReport,
  host: PlaybackHost,
  recovery: Recovery,
  tokens: TokenSession,
  onIdle: () => void,
): void {
  switch (report.type) {
    case 'error':
    case 'trouble':
    case 'resumed':
    case 'awaited':
      recovery.onReport(report);
      break;
    case 'refused':
      // The token manager has already reported its own failures.
      if (!/^(?:failed|retrying)$/.test(tokens.status(report.stream).state))
        tokens.reportFailure(report.stream, report.error);
      break;
    case 'note':
      host.log.add(report.name, { ...report.details });
      break;
    case 'idle':
      onIdle();
      break;
    case 'entry':
    case 'live':
    case 'renditions':
      host.onReport(report);
  }
}
