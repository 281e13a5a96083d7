/** A rendition as quality menus for media elements expect it. */
export interface VideoRendition {
  readonly id: string;
  /** Address of its playlist without a query; `undefined` when unknown. */
  readonly src: string | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** Bits per second. */
  readonly bitrate: number | undefined;
  readonly frameRate: number | undefined;
  /** RFC 6381 codecs string. */
  readonly codec: string | undefined;
  /** Was it chosen manually? Set it to choose it, or to return to adaptive switching. */
  selected: boolean;
}

/**
 * The renditions of a player, as the media-tracks convention has them: array-like, with the events `addrendition`,
 * `removerendition` and `change`. Empty until after the first frame.
 *
 * @see https://github.com/muxinc/media-tracks
 */
export class VideoRenditionList extends EventTarget {
  readonly [position: number]: VideoRendition;
  length = 0;
  #selectedIndex = -1;

  /** Position of the rendition that was chosen manually; −1 for adaptive switching. */
  get selectedIndex(): number {
    return this.#selectedIndex;
  }

  set selectedIndex(index: number) {
    if (index === this.#selectedIndex) return;
    this.#selectedIndex = index;
    this.dispatchEvent(new Event('change'));
  }

  [Symbol.iterator](): IterableIterator<VideoRendition> {
    return ([] as VideoRendition[]).values.call(this as ArrayLike<VideoRendition> as VideoRendition[]);
  }
}
