import { hostOf } from './closest-around.js';

/** Calls back when `lang` or `dir` changes: of an element itself, or of one around it, also outside of its shadow root. */
export class LanguageWatch {
  readonly #element: Element;
  readonly #observer: MutationObserver;
  #root: Node | null = null;

  constructor(element: Element, onChanged: () => void) {
    this.#element = element;
    this.#observer = new MutationObserver((records) => {
      if (records.some(({ target }) => this.#isAround(target))) onChanged();
    });
  }

  /** Watches where the element is now. It does so until `stop()`. */
  update(): void {
    const root = this.#element.getRootNode();
    if (root === this.#root) return;
    this.stop();
    this.#root = root;
    const attributes = { subtree: true, attributeFilter: ['lang', 'dir'] };
    for (let each: Element | null = this.#element; each; each = hostOf(each.getRootNode()))
      this.#observer.observe(each.getRootNode(), attributes);
  }

  stop(): void {
    this.#observer.disconnect();
    this.#root = null;
  }

  #isAround(target: Node): boolean {
    for (let each: Element | null = this.#element; each; each = hostOf(each.getRootNode()))
      if (target.contains(each)) return true;
    return false;
  }
}
