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
  /** The page pauses, although the player may have stopped already. */
  readonly onPauseRequest: () => void;
}

/** Puts the media element of the vendor's player in the place of the one that the page sees. */
export class MediaAdoption {
  readonly #options: MediaAdoptionOptions;
  #media: HTMLVideoElement | null = null;
  #hasEnded = false;

  constructor(options: MediaAdoptionOptions) {
    this.#options = options;
  }

  /** Is the adopted element still in the page? The player may keep others beside it. */
  get isInPage(): boolean {
    return this.#media?.isConnected ?? false;
  }

  /** A switch may create another media element, which then replaces the one that the page sees. */
  adopt(player: VendorPlayer, media: HTMLVideoElement | null): void {
    if (!media || media === this.#media) return;
    this.#media = media;
    if (this.#hasEnded) markEnded(media);
    const { output, playState, onPauseRequest } = this.#options;
    output.replace(
      vendorMedia(player, media, {
        playState,
        play: () => this.#play(player, media),
        onPauseRequest,
      }),
    );
  }

  /** Shows the end of a live stream as other engines do: `ended` is true, after an event of that name. */
  setEnded(hasEnded: boolean): void {
    if (hasEnded === this.#hasEnded) return;
    this.#hasEnded = hasEnded;
    const media = this.#media;
    if (!media) return;
    if (hasEnded) {
      markEnded(media);
      media.dispatchEvent(new Event('ended'));
    } else Reflect.deleteProperty(media, 'ended');
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

/** The vendor's media element itself does not end: it waits for more media. */
function markEnded(media: HTMLVideoElement): void {
  Object.defineProperty(media, 'ended', { configurable: true, value: true });
}
