/** Keeps a text of ours in an attribute that media-chrome writes, too. */
export class OwnText {
  readonly #element: HTMLElement;
  readonly #attribute: string;
  readonly #observer: MutationObserver;
  #text: string | null | (() => string) = null;

  constructor(element: HTMLElement, attribute: string) {
    this.#element = element;
    this.#attribute = attribute;
    this.#observer = new MutationObserver(() => {
      this.#write();
    });
    this.#observer.observe(element, { attributeFilter: [attribute] });
  }

  /** `null` to keep the text of media-chrome. A function is called each time that media-chrome has written. */
  set text(text: string | null | (() => string)) {
    this.#text = text;
    this.#write();
  }

  stop(): void {
    this.#observer.disconnect();
  }

  #write(): void {
    const text = typeof this.#text === 'function' ? this.#text() : this.#text;
    if (text !== null && this.#element.getAttribute(this.#attribute) !== text)
      this.#element.setAttribute(this.#attribute, text);
  }
}
