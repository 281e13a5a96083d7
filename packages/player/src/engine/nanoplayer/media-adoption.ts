import type { MediaOutput } from '../../media/media-output.js';
import { CanvasMedia } from './canvas-media.js';
import type { EntryTokens } from './entry-tokens.js';
import type { PlayState } from './play-state.js';
import { canvasMedia, vendorMedia } from './vendor-media.js';
import type { VendorEventData, VendorPlayer } from './vendor-player.js';

export interface MediaAdoptionOptions {
  readonly output: MediaOutput;
  readonly playState: PlayState;
  readonly tokens: EntryTokens;
  /** Gives the player the whole source again, with fresh tokens. */
  readonly update: () => void;
  /** The page pauses, although the player may have stopped already. */
  readonly onPauseRequest: () => void;
}

/**
 * Puts the media element of the vendor's player in the place of the one that the page sees; for a canvas, a facade with
 * the player's state.
 */
export class MediaAdoption {
  readonly #options: MediaAdoptionOptions;
  readonly #canvasMedia: CanvasMedia;
  /** What the player has named as the element that it shows. */
  #named: Element | null = null;
  #shown: Element | null = null;
  #media: HTMLVideoElement | null = null;
  #hasEnded = false;

  constructor(options: MediaAdoptionOptions) {
    this.#options = options;
    const { muted, volume } = options.output.video;
    this.#canvasMedia = new CanvasMedia({ isMuted: muted, volume });
  }

  /** Is the adopted element still in the page? The player may keep others beside it. */
  get isInPage(): boolean {
    return this.#shown?.isConnected ?? false;
  }

  /** The player names the element that it shows. */
  onNamed(element: Element | null): void {
    this.#named = element ?? this.#named;
  }

  /** Takes an event of the player. */
  onEvent(name: string, data: VendorEventData): void {
    this.#canvasMedia.onEvent(name, data);
  }

  /**
   * A switch may create another element, which then replaces the one that the page sees.
   *
   * @param found - for versions that do not name the element; it does not count while the one that the player has named is in the page.
   */
  adopt(player: VendorPlayer, found: Element | null): void {
    const element = this.#named?.isConnected ? this.#named : (found ?? this.#named);
    if (!element || element === this.#shown) return;
    this.#shown = element;
    const { output, playState, onPauseRequest } = this.#options;
    const calls = { playState, play: () => this.#play(player, output.media), onPauseRequest };
    const external =
      element instanceof HTMLVideoElement
        ? vendorMedia(player, element, calls)
        : canvasMedia(player, element, this.#canvasMedia, calls);
    this.#media = external.media;
    if (this.#hasEnded) markEnded(external.media);
    output.replace(external);
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
