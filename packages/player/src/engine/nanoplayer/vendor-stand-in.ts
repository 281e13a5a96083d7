import type { ExternalMedia } from '../../media/external-media.js';
import type { VendorPlayer } from './vendor-player.js';

/** The vendor's media element as the page sees it: what its player must know of goes through its player. */
export function vendorStandIn(
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
