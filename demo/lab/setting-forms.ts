import { type PlayerSettings, playerSpec, presetOf, splitNames } from '../shared/settings/player-settings.js';
import { findElement } from '../shared/find-element.js';
import {
  fillSetting,
  fillSettingsForm,
  readSettingsForm,
  settingField,
} from '../shared/settings/settings-form.js';
import { type LabSettings, labWebcasterSpec } from './lab-settings.js';
import { addFields, playerFields, webcasterFields } from './setting-fields.js';

export interface SettingFormsOptions {
  /** A preset was chosen: a part of an address. */
  readonly onPreset: (preset: string) => void;
  readonly onChange: () => void;
}

/** The forms below the two elements, whose fields are named as the attributes are. */
export class SettingForms {
  readonly #player = findElement('player-settings', HTMLFormElement);
  readonly #webcaster = findElement('webcaster-settings', HTMLFormElement);
  readonly #preset = findElement('preset', HTMLSelectElement);

  constructor({ onPreset, onChange }: SettingFormsOptions) {
    addFields(findElement('player-fields', HTMLElement), playerFields);
    addFields(findElement('webcaster-fields', HTMLElement), webcasterFields);
    for (const form of [this.#player, this.#webcaster]) {
      form.addEventListener('submit', (event) => event.preventDefault());
      form.addEventListener('change', ({ target }) => {
        if (target === this.#preset) onPreset(this.#preset.value);
        else onChange();
      });
    }
  }

  fill({ player, webcaster }: LabSettings): void {
    fillSettingsForm(this.#player, playerSpec, player);
    fillSetting(settingField(this.#player, 'entries'), player.entries.join(','));
    fillSettingsForm(this.#webcaster, labWebcasterSpec, webcaster);
    const played = presetOf(player);
    this.#preset.value = [...this.#preset.options].some(({ value }) => value === played) ? played : '';
  }

  read(settings: LabSettings): LabSettings {
    const player: PlayerSettings = {
      ...settings.player,
      ...readSettingsForm(this.#player, playerSpec),
      entries: splitNames(settingField(this.#player, 'entries').value),
    };
    return { ...settings, player, webcaster: readSettingsForm(this.#webcaster, labWebcasterSpec) };
  }
}
