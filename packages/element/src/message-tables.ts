/** Every text of an element by its key. */
export type MessageTable = Readonly<Record<string, string>>;

/** What a page set of an element's texts, by language. */
export class MessageTables<Messages extends MessageTable> {
  readonly #tables = new Map<string, Partial<Messages>>();
  readonly #listeners = new Set<() => void>();

  /**
   * Sets the texts of a language, or some of them; what is missing stays as built in, or English.
   *
   * @param language - a language tag as in the attribute `lang`, for example `fr` or `de-AT`.
   */
  set(language: string, messages: Partial<Messages>): void {
    this.#tables.set(language.toLowerCase(), messages);
    for (const listener of [...this.#listeners]) listener();
  }

  /** What was set for a language tag, its general form included. */
  get(language: string): Partial<Messages> {
    const none: Partial<Messages> = {};
    const general = this.#tables.get(baseLanguage(language)) ?? none;
    return { ...general, ...(this.#tables.get(language.toLowerCase()) ?? none) };
  }

  /** Calls back when texts are set; returns what ends that. */
  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The language that an element's text is in. */
export function languageOf(element: Element): string {
  return element.closest<HTMLElement>('[lang]')?.lang ?? navigator.language;
}

/** `de` for `de-AT`. */
export function baseLanguage(language: string): string {
  return language.toLowerCase().split('-')[0] ?? '';
}

/** Puts values in place of `{name}`. */
export function fillMessage(message: string, values: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
