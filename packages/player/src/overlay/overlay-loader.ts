import type { OverlayHost } from './overlay-host.js';

/** Loads the overlay after the first frame. If that fails, native controls and a plain message replace it. */
export class OverlayLoader {
  readonly #host: OverlayHost;
  readonly #message = document.createElement('p');
  #isLoaded = false;

  constructor(host: OverlayHost) {
    this.#host = host;
  }

  /** Loads the overlay once; after a failure, the next call tries again. */
  async load(): Promise<void> {
    if (this.#isLoaded) return;
    this.#isLoaded = true;
    const { player, video, root, state } = this.#host;
    try {
      const { Overlay } = await import('./overlay.js');
      player.addController(new Overlay(this.#host));
    } catch {
      this.#isLoaded = false;
      video.controls = player.controls !== null && player.controls !== false;
      this.#message.textContent = state().fatalError?.message ?? null;
      root.append(this.#message);
    }
  }

  /** Removes the plain message, which may be out of date. */
  clear(): void {
    this.#message.remove();
  }
}
