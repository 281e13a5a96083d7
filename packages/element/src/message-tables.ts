import { closestAround } from './closest-around.js';

/** Every text of an element by its key. */
export type MessageTable = Readonly<Record<string, string>>;

/** The texts that a page sets for an element, by language. They replace those that the element includes. */
export class MessageTables<Messages extends MessageTable> {
  readonly #tables = new Map<string, Partial<Messages>>();
  readonly #listeners = new Set<() => void>();

  /**
   * Sets all or some texts of a language. A text that is not set comes from the element itself, or is English.
   *
   * @param language - a language tag as in the attribute `lang`, for example `fr` or `de-AT`.
   */
  set(language: string, messages: Partial<Messages>): void {
    this.#tables.set(language.toLowerCase(), messages);
    for (const listener of [...this.#listeners]) listener();
  }

  /** The texts for a language tag: those of its base language, with those of the tag itself in their place. */
  get(language: string): Partial<Messages> {
    const none: Partial<Messages> = {};
    const base = this.#tables.get(baseLanguage(language)) ?? none;
    return { ...base, ...(this.#tables.get(language.toLowerCase()) ?? none) };
  }

  /** Calls back each time texts are set. @returns a function that removes the listener. */
  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The language of an element's texts: the nearest `lang` attribute, also outside of its shadow root, else the browser's language. */
export function languageOf(element: Element): string {
  return closestAround<HTMLElement>(element, '[lang]')?.lang ?? navigator.language;
}

/** The primary language of a tag (RFC 5646), in lower case: `de` for `de-AT`. */
export function baseLanguage(language: string): string {
  return language.toLowerCase().split('-')[0] ?? '';
}

/** Replaces each `{name}` with its value; a name without a value stays as it is. */
export function fillMessage(message: string, values: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}
