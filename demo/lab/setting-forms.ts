import { findElement } from '../shared/find-element.js';
import { webcasterFields } from '../shared/settings/setting-fields.js';
import { PlayerForm, TagForm } from '../shared/settings/settings-form.js';
import { type LabSettings, labWebcasterSpec } from './lab-settings.js';

export interface SettingFormsOptions {
  /** Called with the URL parameters of the preset that the user chose. */
  readonly onPreset: (preset: string) => void;
  readonly onChange: () => void;
}

/** The forms of both elements. */
export class SettingForms {
  readonly #player: PlayerForm;
  readonly #webcaster: TagForm;

  constructor({ onPreset, onChange }: SettingFormsOptions) {
    this.#player = new PlayerForm(findElement('player-settings', HTMLFormElement), {
      main: ['src', 'stream', 'token-url', 'engine'],
      onPreset,
      onChange,
    });
    this.#webcaster = new TagForm(findElement('webcaster-settings', HTMLFormElement), {
      fields: webcasterFields,
      spec: labWebcasterSpec,
      main: ['publisher', 'endpoint', 'stream', 'token-url'],
      onChange,
    });
  }

  fill({ player, webcaster }: LabSettings): void {
    this.#player.fill(player);
    this.#webcaster.fill(webcaster);
  }

  read({ player }: LabSettings): Pick<LabSettings, 'player' | 'webcaster'> {
    return { player: { ...player, ...this.#player.read() }, webcaster: this.#webcaster.read() };
  }
}
