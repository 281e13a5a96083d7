import type { SecurePlayer } from '@gatecast/player';
import type { SecureWebcaster } from '@gatecast/webcaster';

export interface PlayBroadcastOptions {
  /** Parent of the player while the broadcast is live. */
  readonly screen: Element;
  /** Name of the stream that is broadcast. */
  readonly stream: () => string;
  readonly signal: AbortSignal;
}

/** The ingest writes its first playlist about a second after the first packet. */
const retryAfterMs = 1_000;

/** Plays the stream of a webcaster in a player while the broadcast is live. */
export function playBroadcast(
  webcaster: SecureWebcaster,
  player: SecurePlayer,
  { screen, stream, signal }: PlayBroadcastOptions,
): void {
  let retry: ReturnType<typeof setTimeout> | undefined;

  webcaster.addEventListener(
    'secure-broadcast-state',
    ({ state }) => {
      clearTimeout(retry);
      if (state === 'live') {
        player.setAttribute('src', `/live/${encodeURIComponent(stream())}.m3u8`);
        if (!player.isConnected) screen.append(player);
      } else if (state !== 'connecting' && state !== 'reconnecting') player.remove();
    },
    { signal },
  );
  player.addEventListener(
    'secure-error',
    () => {
      clearTimeout(retry);
      retry = setTimeout(() => {
        // The player's events report the result.
        if (webcaster.state === 'live') player.play().catch(() => undefined);
      }, retryAfterMs);
    },
    { signal },
  );
  signal.addEventListener('abort', () => clearTimeout(retry), { once: true });
}
