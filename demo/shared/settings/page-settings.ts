/** The settings of a page, stored in its URL. Fires `change`. */
export class PageSettings<Settings> extends EventTarget {
  readonly #write: (settings: Settings) => URLSearchParams;
  #current: Settings;

  /** @param parameters - of the URL, those that the page may use; see `readPageParameters`. */
  constructor(
    parameters: URLSearchParams,
    read: (parameters: URLSearchParams) => Settings,
    write: (settings: Settings) => URLSearchParams,
  ) {
    super();
    this.#write = write;
    this.#current = read(parameters);
  }

  get current(): Settings {
    return this.#current;
  }

  /** Changes settings and updates the URL. */
  update(changed: Partial<Settings>): void {
    this.#current = { ...this.#current, ...changed };
    const query = this.#write(this.#current).toString();
    globalThis.history.replaceState(null, '', query === '' ? location.pathname : `?${query}`);
    this.dispatchEvent(new Event('change'));
  }
}
