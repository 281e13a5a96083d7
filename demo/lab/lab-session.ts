import type { SecurePlayer } from '@gatecast/player';
import type { SecureWebcaster } from '@gatecast/webcaster';
import { playerAttributes, playerSpec, sourceAttributes } from '../shared/settings/player-settings.js';
import { type FaultDriver, backendFaults } from '../shared/faults/fault-driver.js';
import { applyAttributes, tagAttributes } from '../shared/settings/tag-settings.js';
import { hasFaultApi } from './faults/has-fault-api.js';
import { createPageFaults } from './faults/page-faults.js';
import {
  type LabSettings,
  addressesOf,
  labWebcasterSpec,
  readLabSettings,
  writeLabSettings,
} from './lab-settings.js';

/**
 * What the lab plays and sends at present: read from the page's address, kept in it, and given to both tags.
 *
 * It fires `settings` after each change of them, and `play` after one that the tags have been given.
 */
export class LabSession extends EventTarget {
  readonly player: SecurePlayer;
  readonly webcaster: SecureWebcaster;
  #settings = readLabSettings(new URLSearchParams(location.search));
  #driver: FaultDriver = backendFaults;
  // What is asked of another deployment can only be broken on its way to this page.
  readonly #pageFaults = createPageFaults({ tokenUrl: () => this.tokenUrl });

  constructor(player: SecurePlayer, webcaster: SecureWebcaster) {
    super();
    this.player = player;
    this.webcaster = webcaster;
  }

  get settings(): LabSettings {
    return this.#settings;
  }

  /** What can break the backend that is in use. */
  get driver(): FaultDriver {
    return this.#driver;
  }

  /** Absolute address of the player's token endpoint; empty without one. */
  get tokenUrl(): string {
    const address = this.#settings.player.values['token-url'] ?? '';
    return URL.canParse(address, location.href) ? new URL(address, location.href).href : '';
  }

  /** Makes page and address say the settings; the tags themselves are left alone. */
  show(next: LabSettings): void {
    this.#settings = next;
    const query = writeLabSettings(next).toString();
    globalThis.history.replaceState(null, '', query === '' ? location.pathname : `?${query}`);
    this.dispatchEvent(new Event('settings'));
  }

  async play(next: LabSettings): Promise<void> {
    this.show(next);
    await this.chooseDriver();
    this.applyToTags();
  }

  async chooseDriver(): Promise<void> {
    const isBackend = await hasFaultApi(addressesOf(this.#settings), location.href);
    this.#driver = isBackend ? backendFaults : this.#pageFaults;
  }

  applyToTags(): void {
    const { player, webcaster } = this.#settings;
    applyAttributes(this.player, playerSpec, playerAttributes(player));
    this.#applySources();
    applyAttributes(this.webcaster, labWebcasterSpec, tagAttributes(labWebcasterSpec, webcaster));
    this.dispatchEvent(new Event('play'));
  }

  #applySources(): void {
    const sources = sourceAttributes(this.#settings.player).map((attributes) => {
      const source = document.createElement('source');
      for (const [name, value] of attributes) source.setAttribute(name, value);
      return source;
    });
    const present = [...this.player.querySelectorAll('source')];
    const isSame =
      present.length === sources.length &&
      present.every((child, index) => child.isEqualNode(sources[index] ?? null));
    if (!isSame) this.player.replaceChildren(...sources);
  }
}
