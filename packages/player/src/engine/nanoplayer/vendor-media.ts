import type { ExternalMedia } from '../../media/external-media.js';
import type { VendorPlayer } from './vendor-player.js';

/** The vendor's media element for the page: calls that the vendor's player must know of go through it. */
export function vendorMedia(
  player: VendorPlayer,
  media: HTMLVideoElement,
  play: () => Promise<void>,
): ExternalMedia {
  return {
    media,
    play,
    pause: () => {
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
