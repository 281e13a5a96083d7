import type { ExternalMedia } from '../../media/external-media.js';
import type { VendorPlayer } from './vendor-player.js';

export interface VendorMediaCalls {
  readonly play: () => Promise<void>;
  /** Called before the player is paused. */
  readonly onPauseRequest: () => void;
}

/** The vendor's media element for the page. Calls that change playback go through the vendor's player. */
export function vendorMedia(
  player: VendorPlayer,
  media: HTMLVideoElement,
  { play, onPauseRequest }: VendorMediaCalls,
): ExternalMedia {
  return {
    media,
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
