import type { MediaOutput } from '../../media/media-output.js';
import { mountPlayer, type PlayerMount } from './mount-player.js';
import { setupFailed } from './vendor-errors.js';
import type { VendorConfig, VendorPlayer, VendorPlayerClass } from './vendor-player.js';

/** One instance of the vendor's player, its place in the page, and their end. */
export class VendorClient {
  readonly player: VendorPlayer;
  readonly #mount: PlayerMount;

  /** @throws GatecastError `engine-unsupported` when the element is in a shadow tree. */
  constructor(Player: VendorPlayerClass, element: HTMLElement) {
    this.#mount = mountPlayer(element);
    this.player = new Player(this.#mount.id);
  }

  /** The video element that the player has put into the page. */
  get video(): HTMLVideoElement | null {
    return this.#mount.element.querySelector('video');
  }

  /** @throws GatecastError why the player refuses the configuration. */
  async setUp(config: VendorConfig): Promise<void> {
    try {
      await this.player.setup(config);
    } catch (error) {
      throw setupFailed(error);
    }
  }

  /** @param output - shows the element's own video again */
  destroy(output: MediaOutput): void {
    output.replace(null);
    this.player.destroy();
    this.#mount.remove();
  }
}
