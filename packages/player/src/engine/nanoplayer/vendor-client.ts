import type { MediaOutput } from '../../media/media-output.js';
import { mountPlayer, type PlayerMount } from './mount-player.js';
import { setupFailed } from './vendor-errors.js';
import type { VendorConfig, VendorPlayer, VendorPlayerClass } from './vendor-player.js';

/** One instance of the vendor's player, its place in the page, and their end. */
export class VendorClient {
  readonly player: VendorPlayer;
  readonly #mount: PlayerMount;
  /** Settles with the set-up; `null` before and after it. */
  #settingUp: Promise<unknown> | null = null;

  /** @throws GatecastError `engine-unsupported` when the element is in a shadow tree. */
  constructor(Player: VendorPlayerClass, element: HTMLElement) {
    this.#mount = mountPlayer(element);
    this.player = new Player(this.#mount.id);
  }

  /** The video element that the player has put into the page. */
  get video(): HTMLVideoElement | null {
    return this.#mount.element.querySelector('video');
  }

  /**
   * @returns the configuration as the player has completed it.
   * @throws GatecastError why the player refuses the configuration.
   */
  async setUp(config: VendorConfig): Promise<unknown> {
    try {
      this.#settingUp = this.player.setup(config);
      return await this.#settingUp;
    } catch (error) {
      throw setupFailed(error);
    } finally {
      this.#settingUp = null;
    }
  }

  /** @param output - shows the element's own video again */
  destroy(output: MediaOutput): void {
    output.replace(null);
    const end = (): void => {
      this.player.destroy();
      this.#mount.remove();
    };
    if (!this.#settingUp) {
      end();
      return;
    }
    // The script throws when its element leaves the document, or when it is destroyed, during the set-up.
    this.#mount.hide();
    this.#settingUp.then(end, end);
  }
}
