import type { SecurePlayer } from '@gatecast/player';
import type { SecureWebcaster } from '@gatecast/webcaster';
import { applyPlayerSettings } from '../shared/settings/apply-player-settings.js';
import { PageSettings } from '../shared/settings/page-settings.js';
import { type FaultDriver, backendFaults } from '@gatecast/qa/internal/faults/fault-driver';
import { applyAttributes, tagAttributes } from '../shared/settings/tag-settings.js';
import { allowScripts } from '../shared/trust/allow-scripts.js';
import { hasFaultApi } from '@gatecast/qa/internal/faults/has-fault-api';
import { createPageFaults } from '@gatecast/qa/internal/faults/page-faults';
import {
  type LabSettings,
  addressesOf,
  labWebcasterSpec,
  readLabSettings,
  writeLabSettings,
} from './lab-settings.js';

/**
 * Settings of both tags: reads them from the URL of the page, stores them there, and applies them to the tags.
 *
 * Fires `change` after each change of the settings, and `play` after they are applied to the tags.
 */
export class LabSession extends PageSettings<LabSettings> {
  readonly player: SecurePlayer;
  readonly webcaster: SecureWebcaster;
  #driver: FaultDriver = backendFaults;
  // A backend without the fault API needs faults in this page.
  readonly #pageFaults = createPageFaults({ tokenUrl: () => this.tokenUrl });

  constructor(parameters: URLSearchParams, player: SecurePlayer, webcaster: SecureWebcaster) {
    super(parameters, readLabSettings, writeLabSettings);
    this.player = player;
    this.webcaster = webcaster;
  }

  /** Driver that sets faults for the current backend. */
  get driver(): FaultDriver {
    return this.#driver;
  }

  /** Absolute URL of the player's token endpoint; `''` if the URL is invalid. */
  get tokenUrl(): string {
    const address = this.current.player.values['token-url'] ?? '';
    return URL.canParse(address, location.href) ? new URL(address, location.href).href : '';
  }

  async play(changed: Partial<LabSettings>): Promise<void> {
    this.update(changed);
    await this.chooseDriver();
    const { player, webcaster } = this.current;
    await allowScripts([...Object.entries(player.values), ...Object.entries(webcaster.values)]);
    this.applyToTags();
  }

  async chooseDriver(): Promise<void> {
    const isBackend = await hasFaultApi(addressesOf(this.current), location.href);
    this.#driver = isBackend ? backendFaults : this.#pageFaults;
  }

  applyToTags(): void {
    const { player, webcaster } = this.current;
    applyPlayerSettings(this.player, player);
    applyAttributes(this.webcaster, labWebcasterSpec, tagAttributes(labWebcasterSpec, webcaster));
    this.dispatchEvent(new Event('play'));
  }
}
