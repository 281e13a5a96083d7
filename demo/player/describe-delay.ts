import type { SecurePlayer } from '@gatecast/player';
import type { PlaybackState } from '@gatecast/qa/internal/record/timeline-record';

/** Describes how far playback is behind the live edge. There is no such delay on demand, and the edge is not reliable in a stall. */
export function describeDelay(
  player: Pick<SecurePlayer, 'streamType' | 'seekable' | 'currentTime'> | null,
  state: PlaybackState,
): string {
  if (player?.streamType !== 'live' || (state !== 'playing' && state !== 'paused')) return '–';
  const { seekable, currentTime } = player;
  if (seekable.length === 0) return '–';
  return `${Math.max(0, seekable.end(seekable.length - 1) - currentTime).toFixed(1)} s`;
}
