import type {
  SecureErrorEvent,
  SecurePlayer,
  SecureTokenFailedEvent,
  SecureTokenRefreshedEvent,
} from '@gatecast/player';
import type { SecureWebcaster } from '@gatecast/webcaster';
import { addMissedTokens } from '../shared/record/missed-tokens.js';
import { watchPlayback } from '../shared/record/watch-playback.js';
import { watchTokens } from '../shared/record/watch-tokens.js';
import type { TimelineRecord } from '../shared/record/timeline-record.js';

export interface WatchSessionOptions {
  /** `null` on a page that only broadcasts. */
  readonly player: SecurePlayer | null;
  readonly webcaster: SecureWebcaster | null;
  readonly record: TimelineRecord;
  /** How far the server's clock is ahead of this page's, in milliseconds. */
  readonly serverOffsetMs: () => number;
  readonly signal: AbortSignal;
}

const sampleEveryMs = 500;

/** The lane of the webcaster's tokens, which are others than those to watch the same stream. */
export function ingestLane(stream: string): string {
  return `${stream}, to broadcast`;
}

/** Writes down all that both elements do; to be called when they are defined. */
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
    // The tag may have begun before this code had arrived.
    addMissedTokens(player, record);
    watchPlayback(player, record, signal);
    watchBuffer(player, record, signal);
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
  // A code may come many times a second; the figure counts, a line for the first of a run is enough.
  let lastCode = '';
  function note(code: string, message: string, isFatal: boolean): void {
    const error = { atMs: Date.now(), code, isFatal };
    if (code === lastCode && !isFatal) record.errors.push(error);
    else record.addError(error, `${code}: ${message}`);
    lastCode = code;
  }
  element.addEventListener(
    'secure-token-failed',
    ({ error }: SecureTokenFailedEvent) => note(error.code, error.message, false),
    { signal },
  );
  element.addEventListener(
    'secure-error',
    ({ error }: SecureErrorEvent) => note(error.code, error.message, true),
    { signal },
  );
  element.addEventListener('secure-token-refreshed', (_event: SecureTokenRefreshedEvent) => (lastCode = ''), {
    signal,
  });
}

function watchBuffer(player: SecurePlayer, record: TimelineRecord, signal: AbortSignal): void {
  const timer = setInterval(() => {
    if (!document.hidden) record.addBuffer({ atMs: Date.now(), aheadSeconds: bufferAhead(player) });
  }, sampleEveryMs);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/** Seconds of media from the picture that is shown to the next gap. */
export function bufferAhead({
  buffered,
  currentTime,
}: Pick<HTMLMediaElement, 'buffered' | 'currentTime'>): number {
  for (let index = 0; index < buffered.length; index += 1) {
    const isInside = buffered.start(index) <= currentTime + 0.1 && currentTime < buffered.end(index);
    if (isInside) return buffered.end(index) - currentTime;
  }
  return 0;
}
