import type { MediaOutput } from '../../media/media-output.js';
import type { EntryTokens } from './entry-tokens.js';
import type { PlayState } from './play-state.js';
import { vendorMedia } from './vendor-media.js';
import type { VendorPlayer } from './vendor-player.js';

export interface MediaAdoptionOptions {
  readonly output: MediaOutput;
  readonly playState: PlayState;
  readonly tokens: EntryTokens;
  /** Gives the player the whole source again, with fresh tokens. */
  readonly update: () => void;
}

/** Puts the media element of the vendor's player in the place of the one that the page sees. */
export class MediaAdoption {
  readonly #options: MediaAdoptionOptions;
  #media: HTMLVideoElement | null = null;

  constructor(options: MediaAdoptionOptions) {
    this.#options = options;
  }

  /** A switch may create another media element, which then replaces the one that the page sees. */
  adopt(player: VendorPlayer, media: HTMLVideoElement | null): void {
    if (!media || media === this.#media) return;
    this.#media = media;
    this.#options.output.replace(vendorMedia(player, media, () => this.#play(player, media)));
  }

  async #play(player: VendorPlayer, media: HTMLVideoElement): Promise<void> {
    const { playState, tokens, update } = this.#options;
    if (playState.isPlaying && !media.paused) return;
    await playState.start(() => {
      // An update plays with fresh tokens, `play()` with those that the player has.
      if (tokens.isAnyOld()) update();
      else player.play();
    });
  }
}
