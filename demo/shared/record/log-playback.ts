import type { SecurePlayer } from '@gatecast/player';
import type { EventList } from './event-list.js';

const mediaEvents: readonly (readonly [name: string, words: string])[] = [
  ['loadeddata', 'First picture'],
  ['waiting', 'Waiting for media'],
  ['pause', 'Paused'],
  ['ended', 'At the end'],
];

/** Writes what a player does into a list, in words. */
export function logPlayback(player: SecurePlayer, list: EventList, signal: AbortSignal): void {
  const options = { signal };
  player.addEventListener(
    'secure-entry-changed',
    ({ label, reason }) => list.add(`Rendition ${label}, ${reason}`),
    options,
  );
  player.addEventListener(
    'secure-source-updated',
    ({ status, changed }) => list.add(`Source ${status}: ${changed.join(', ') || 'nothing'} changed`),
    options,
  );
  for (const [name, words] of mediaEvents) player.addEventListener(name, () => list.add(words), options);
}
