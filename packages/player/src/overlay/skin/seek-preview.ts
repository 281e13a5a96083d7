import { systemClock, type Cancel } from '@gatecast/token';
import { MediaUIEvents } from 'media-chrome/constants';
import type { MediaStore } from 'media-chrome/media-store/media-store';
import type MediaTimeRange from 'media-chrome/media-time-range';

/** The preview stays this long after the last key. */
const SHOWN_MS = 2000;

/** What the seek bar shows over a place in it: under the pointer, and for some seconds where a key has sought to. */
export class SeekPreview {
  readonly #bar: MediaTimeRange;
  readonly #store: MediaStore;
  readonly #life = new AbortController();
  #cancelHide: Cancel | null = null;

  constructor(bar: MediaTimeRange, store: MediaStore) {
    this.#bar = bar;
    this.#store = store;
    const { signal } = this.#life;
    // media-chrome counts from zero, also where the part that can be played begins later, as in a live stream.
    const correct = (event: Event): void => {
      const { start, length } = this.#range;
      if (!(event instanceof CustomEvent) || typeof event.detail !== 'number' || !(length > 0)) return;
      event.stopPropagation();
      this.#request(start + (event.detail / (start + length)) * length);
    };
    bar.addEventListener(MediaUIEvents.MEDIA_PREVIEW_REQUEST, correct, { signal });
    const hide = (): void => {
      this.#hide();
    };
    bar.addEventListener('pointerenter', hide, { signal });
    bar.addEventListener('focusout', hide, { signal });
  }

  /** Shows the preview of a media time in seconds, if the focus is in the seek bar. */
  showAt(timeS: number): void {
    const bar = this.#bar;
    const { start, length } = this.#range;
    if (!bar.matches(':focus-within') || bar.hasAttribute('dragging') || !(length > 0)) return;
    const { left, width } = bar.range.getBoundingClientRect();
    const clientX = left + ((timeS - start) / length) * width;
    // media-chrome places the preview for pointers only. This one reaches no other listener.
    bar.addEventListener('pointermove', bar, { once: true });
    bar.dispatchEvent(new PointerEvent('pointermove', { clientX, pointerType: 'mouse' }));
    this.#request(timeS);
    bar.classList.add('by-key');
    this.#cancelHide?.();
    this.#cancelHide = systemClock.at(systemClock.now() + SHOWN_MS, () => {
      this.#hide();
    });
  }

  stop(): void {
    this.#life.abort();
    this.#cancelHide?.();
  }

  /** What can be played, in seconds of media time. */
  get #range(): { start: number; length: number } {
    const { mediaSeekableStart: start, mediaSeekableEnd: end = NaN } = this.#bar;
    return { start, length: end - start };
  }

  #hide(): void {
    if (!this.#cancelHide) return;
    this.#cancelHide();
    this.#cancelHide = null;
    this.#bar.classList.remove('by-key');
    this.#request(null);
  }

  #request(detail: number | null): void {
    this.#store.dispatch({ type: MediaUIEvents.MEDIA_PREVIEW_REQUEST, detail });
  }
}
