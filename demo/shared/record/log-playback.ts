import type { SecureEntryChangedEvent, SecurePlayer } from '@gatecast/player';
import type { EventLog } from './event-log.js';

const mediaEvents: readonly (readonly [name: string, words: string])[] = [
  ['loadeddata', 'First frame'],
  ['waiting', 'Waiting for data'],
  ['pause', 'Paused'],
  ['ended', 'Ended'],
];

const reasonWords: Readonly<Record<SecureEntryChangedEvent['reason'], string>> = {
  start: 'at the start',
  abr: 'automatic',
  manual: 'manual',
};

/** Logs the events of a player. */
export function logPlayback(player: SecurePlayer, log: EventLog, signal: AbortSignal): void {
  const options = { signal };
  player.addEventListener(
    'secure-entry-changed',
    ({ label, reason }) => log.add(`${nameRendition(label, player.videoHeight)} (${reasonWords[reason]})`),
    options,
  );
  player.addEventListener(
    'secure-source-updated',
    ({ status, changed }) => log.add(`Source ${status}: ${changed.join(', ') || 'nothing'} changed`),
    options,
  );
  player.addEventListener(
    'secure-stream-awaited',
    ({ isAwaited }) =>
      log.add(isAwaited ? 'Waiting for the stream to start' : 'No longer waiting for the stream'),
    options,
  );
  for (const [name, words] of mediaEvents) player.addEventListener(name, () => log.add(words), options);
}

/** The player labels a rendition of unknown height `#0`, such as the only one of a broadcast. */
export function nameRendition(label: string, videoHeight: number): string {
  const [, index] = /^#(\d+)$/.exec(label) ?? [];
  if (index === undefined) return `Rendition ${label}`;
  return videoHeight > 0 ? `Rendition ${videoHeight}p` : `Rendition ${Number(index) + 1}`;
}
