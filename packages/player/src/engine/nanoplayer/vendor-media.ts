import type { ExternalMedia } from '../../media/external-media.js';
import type { CanvasMedia } from './canvas-media.js';
import type { PlayState } from './play-state.js';
import type { VendorPlayer } from './vendor-player.js';

export interface VendorMediaCalls {
  readonly playState: PlayState;
  readonly play: () => Promise<void>;
  /** Called before the player is paused. */
  readonly onPauseRequest: () => void;
}

/** The vendor's media element for the page. Calls that change playback go through the vendor's player. */
export function vendorMedia(
  player: VendorPlayer,
  media: HTMLVideoElement,
  { playState, play, onPauseRequest }: VendorMediaCalls,
): ExternalMedia {
  return {
    media,
    isPaused: () => media.paused && !playState.isPlaying,
    passes: (type) => playState.passes(type),
    play,
    pause: () => {
      onPauseRequest();
      player.pause();
    },
    setMuted: (isMuted) => {
      if (isMuted) player.mute();
      else player.unmute();
    },
    setVolume: (volume) => {
      player.setVolume(volume);
    },
  };
}

/** The facade of a player that shows a canvas. */
export function canvasMedia(
  player: VendorPlayer,
  canvas: Element,
  state: CanvasMedia,
  calls: VendorMediaCalls,
): ExternalMedia {
  const pause = (): void => {
    calls.onPauseRequest();
    player.pause();
  };
  return {
    ...vendorMedia(player, state.show(canvas, player, { play: calls.play, pause }), calls),
    setMuted: (isMuted) => {
      state.setMuted(player, isMuted);
    },
    setVolume: (volume) => {
      state.setVolume(player, volume);
    },
  };
}
