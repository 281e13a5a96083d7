import type { TabRealm } from './tab-realm.js';

/** A page of this origin in a frame: its modules, locks and channels are its own, and the browser ends them with the frame. */
export class TabFrame {
  readonly #frame = document.createElement('iframe');

  async open(): Promise<this> {
    this.#frame.srcdoc =
      '<!doctype html><title>Tab</title><script src="/test/token/support/tab-realm.js"></script>';
    const loaded = new Promise((resolve) => {
      this.#frame.addEventListener('load', resolve, { once: true });
    });
    document.body.append(this.#frame);
    await loaded;
    return this;
  }

  get realm(): TabRealm {
    const { contentWindow } = this.#frame;
    if (!contentWindow) throw new Error('The frame has no window.');
    return Reflect.get(contentWindow, 'tabRealm') as TabRealm;
  }

  remove(): void {
    this.#frame.remove();
  }
}
