import type { SecurePlayer } from '@gatecast/player';
import type { SecureWebcaster } from '@gatecast/webcaster';

export interface PlayBroadcastOptions {
  /** Address of a stream. @defaultValue its HLS playlist */
  readonly address?: (stream: string) => string;
  /** Parent of the player while the broadcast is live. */
  readonly screen: Element;
  /** Name of the stream that is broadcast. */
  readonly stream: () => string;
  readonly signal: AbortSignal;
}

/** The ingest writes its first playlist about a second after the first packet. */
const retryAfterMs = 1_000;

/** Address of a stream’s playlist at the demo. */
function hlsAddress(stream: string): string {
  return `/live/${encodeURIComponent(stream)}.m3u8`;
}

/** Plays the stream of a webcaster in a player while the broadcast is live. */
export function playBroadcast(
  webcaster: SecureWebcaster,
  player: SecurePlayer,
  { screen, stream, signal, address = hlsAddress }: PlayBroadcastOptions,
): void {
  let retry: ReturnType<typeof setTimeout> | undefined;

  webcaster.addEventListener(
    'secure-broadcast-state',
    ({ state }) => {
      clearTimeout(retry);
      if (state === 'live') {
        player.setAttribute('src', address(stream()));
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
