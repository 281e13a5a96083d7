import type {
  SecureErrorEvent,
  SecurePlayer,
  SecureTokenFailedEvent,
  SecureTokenRefreshedEvent,
} from '@gatecast/player';
import type { SecureWebcaster } from '@gatecast/webcaster';
import { addMissedTokens } from './missed-tokens.js';
import { watchPlayback } from './watch-playback.js';
import { watchTokens } from './watch-tokens.js';
import type { TimelineRecord } from './timeline-record.js';

export interface WatchSessionOptions {
  /** `null` on a page without a player. */
  readonly player: SecurePlayer | null;
  readonly webcaster: SecureWebcaster | null;
  readonly record: TimelineRecord;
  /** How far the server's clock is ahead of this page's, in milliseconds. */
  readonly serverOffsetMs: () => number;
  readonly signal: AbortSignal;
}

/** Name of the lane for ingest tokens of a stream. Its playback tokens have a separate lane. */
export function ingestLane(stream: string): string {
  return `${stream} (broadcast)`;
}

/** Records tokens, states and errors of both elements. Call it after they are defined. */
export function watchSession({
  player,
  webcaster,
  record,
  serverOffsetMs,
  signal,
}: WatchSessionOptions): void {
  const shared = { record, serverOffsetMs, signal };
  if (player) {
    watchTokens(player, shared);
    // The tag may have started before this code was loaded.
    addMissedTokens(player, record);
    watchPlayback(player, record, signal);
    watchErrors(player, record, signal);
  }
  if (!webcaster) return;
  watchTokens(webcaster, { ...shared, laneOf: ingestLane });
  watchErrors(webcaster, record, signal);
  record.setBroadcast(webcaster.state, Date.now());
  webcaster.addEventListener(
    'secure-broadcast-state',
    ({ state }) => record.setBroadcast(state, Date.now()),
    { signal },
  );
}

function watchErrors(element: HTMLElement, record: TimelineRecord, signal: AbortSignal): void {
  // A code may be reported many times a second: count each error, but add an incident only for the first of a series.
  let lastCode = '';
  function addError(code: string, message: string, isFatal: boolean): void {
    const error = { atMs: Date.now(), code, isFatal };
    if (code === lastCode && !isFatal) record.errors.push(error);
    else record.addError(error, `${code}: ${message}`);
    lastCode = code;
  }
  element.addEventListener(
    'secure-token-failed',
    ({ error }: SecureTokenFailedEvent) => addError(error.code, error.message, false),
    { signal },
  );
  element.addEventListener(
    'secure-error',
    ({ error }: SecureErrorEvent) => addError(error.code, error.message, true),
    { signal },
  );
  element.addEventListener('secure-token-refreshed', (_event: SecureTokenRefreshedEvent) => (lastCode = ''), {
    signal,
  });
}
