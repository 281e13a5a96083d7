import type { SecurePlayer } from '@gatecast/player';
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

interface Statistics {
  readonly jitterMs?: number | null;
  readonly lossPercent?: number | null;
  readonly framesDropped?: number | null;
}

/** @param diagnostics - of a player, as JSON. */
export function describeStatistics(diagnostics: Readonly<Record<string, unknown>>): string {
  const playback = diagnostics['playback'] as { engine?: { statistics?: Statistics | null } | null } | null;
  const { jitterMs, lossPercent, framesDropped } = playback?.engine?.statistics ?? {};
  const parts = [
    typeof jitterMs === 'number' && `jitter ${jitterMs.toFixed(0)} ms`,
    typeof lossPercent === 'number' && `loss ${lossPercent.toFixed(1)} %`,
    typeof framesDropped === 'number' && `${String(framesDropped)} frames dropped`,
  ];
  return parts.filter(Boolean).join(' · ');
}
