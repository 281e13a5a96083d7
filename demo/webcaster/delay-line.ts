import type { SecurePlayer } from '@gatecast/player';
import { describeStatistics } from '../shared/broadcast/describe-statistics.js';
import { measureDelay } from '../shared/broadcast/delay-meter.js';

export interface DelayLineOptions {
  readonly player: SecurePlayer;
  /** Shows the delay, such as `180 ms`. */
  readonly output: HTMLElement;
  /** What WebRTC says of it, if the player plays so. */
  readonly details?: HTMLElement;
  readonly signal: AbortSignal;
}

/** Shows how far a player is behind the picture that this page sends. */
export function showDelay({ player, output, details, signal }: DelayLineOptions): void {
  measureDelay({
    video: () => (player.isConnected ? (player.shadowRoot?.querySelector('video') ?? null) : null),
    onDelay: (delayMs) => {
      output.textContent = describe(delayMs, player.isConnected);
      if (details) details.textContent = player.isConnected ? describeStatistics(player.diagnostics()) : '';
    },
    signal,
  });
}

function describe(delayMs: number | null, isPlaying: boolean): string {
  if (delayMs !== null)
    return delayMs < 1_000 ? `${String(delayMs)} ms` : `${(delayMs / 1_000).toFixed(1)} s`;
  return isPlaying ? 'needs the test picture' : '–';
}
