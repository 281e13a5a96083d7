import { lazyPart } from '@gatecast/token';
import { showNativeControls } from '../media/native-controls.js';
import type { OverlayHost } from './overlay-host.js';

const overlayPart = lazyPart('Overlay', async () => (await import('./overlay.js')).Overlay);

/** Loads the overlay after the first frame. Until that succeeds, native controls and a plain message replace it. */
export class OverlayLoader {
  readonly #host: OverlayHost;
  readonly #message = document.createElement('p');
  #loading: AbortController | null = null;
  #isReplaced = false;
  #isLoaded = false;

  constructor(host: OverlayHost) {
    this.#host = host;
  }

  /** Loads the overlay, if nobody does. */
  async load(): Promise<void> {
    if (this.#isReplaced) this.#replace();
    if (this.#loading) return;
    const { log, player } = this.#host;
    const { signal } = (this.#loading = new AbortController());
    // Only the signal ends the attempts.
    const Overlay = await overlayPart({ signal, log, onFailure: () => this.#replace() }).catch(() => null);
    if (!Overlay) return;
    this.#isLoaded = true;
    this.#isReplaced = false;
    this.update();
    player.addController(new Overlay(this.#host));
  }

  /** Updates what replaces the overlay: removes the plain message, which may be out of date. */
  update(): void {
    this.#message.remove();
    if (this.#isReplaced) this.#replaceControls();
  }

  /** Stops an unfinished load; the next call of `load()` begins again. */
  stop(): void {
    if (this.#isLoaded) return;
    this.#loading?.abort();
    this.#loading = null;
  }

  #replace(): void {
    const { root, state } = this.#host;
    this.#isReplaced = true;
    this.#replaceControls();
    this.#message.textContent = state().fatalError?.message ?? null;
    root.append(this.#message);
  }
  #replaceControls(): void {
    const { player, video } = this.#host;
    showNativeControls(video, player.controls !== null && player.controls !== false);
  }
}
