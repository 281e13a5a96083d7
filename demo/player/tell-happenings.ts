import type { SecurePlayer } from '@gatecast/player';
import { describeReason } from '../shared/describe-reason.js';
import type { HappeningList } from '../shared/happening-list.js';

/** Writes what an element tells into a list, in words. */
export function tellHappenings(player: SecurePlayer, list: HappeningList, signal: AbortSignal): void {
  const options = { signal };
  player.addEventListener(
    'secure-token-refreshed',
    ({ stream, reason, durationMs }) =>
      list.add(
        `Token for ${stream}, ${describeReason(reason)}, after ${Math.round(durationMs)} ms`,
        reason === 'rejected' ? 'warn' : 'good',
      ),
    options,
  );
  player.addEventListener(
    'secure-token-failed',
    ({ stream, error, willRetryInMs }) => {
      const next =
        willRetryInMs === null ? 'No further try.' : `Next try in ${(willRetryInMs / 1000).toFixed(1)} s.`;
      list.add(
        `Token for ${stream} failed (${error.code}): ${error.message} ${next}`,
        willRetryInMs === null ? 'bad' : 'warn',
      );
    },
    options,
  );
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
  player.addEventListener(
    'secure-error',
    ({ error }) => list.add(`${error.message} ${error.hint} (${error.code})`, 'bad'),
    options,
  );
  for (const [name, words] of [
    ['loadeddata', 'First picture'],
    ['waiting', 'Waiting for media'],
    ['pause', 'Paused'],
    ['ended', 'At the end'],
  ] as const) {
    player.addEventListener(name, () => list.add(words), options);
  }
}
