import { readCaptionStyle, withChoice, writeCaptionStyle } from './caption-style.js';
import type { CaptionProperty, CaptionStyle } from './caption-style.js';

/** The part of `localStorage` that is used. */
export type CaptionStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const KEY = 'gatecast-captions';

/**
 * How the viewer wants captions to look, for all players of the page, remembered for the origin. Storage that is refused,
 * full or damaged remembers nothing; what is chosen then applies to this page.
 */
export class CaptionPreferences {
  readonly #storage: () => CaptionStorage;
  readonly #listeners = new Set<() => void>();
  /** `null` before it is read. */
  #style: CaptionStyle | null = null;

  /** @param storage - may throw where the browser refuses it. */
  constructor(storage: () => CaptionStorage) {
    this.#storage = storage;
  }

  get style(): CaptionStyle {
    return (this.#style ??= this.#read());
  }

  /** Sets one property; `''` leaves it to the browser. */
  choose(property: CaptionProperty, value: string): void {
    this.#set(withChoice(this.style, property, value));
  }

  /** Leaves everything to the browser. */
  reset(): void {
    this.#set({});
  }

  /** Calls back after each change. @returns a function that removes the listener. */
  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #set(style: CaptionStyle): void {
    this.#style = style;
    this.#write(style);
    for (const listener of [...this.#listeners]) listener();
  }

  #read(): CaptionStyle {
    try {
      return readCaptionStyle(this.#storage().getItem(KEY) ?? '');
    } catch {
      return {};
    }
  }

  #write(style: CaptionStyle): void {
    try {
      const storage = this.#storage();
      if (Object.keys(style).length === 0) storage.removeItem(KEY);
      else storage.setItem(KEY, writeCaptionStyle(style));
    } catch {
      // It is full, or the browser refuses it.
    }
  }
}

/** Those of this page. */
export const captionPreferences: CaptionPreferences = new CaptionPreferences(() => localStorage);
