import { type TemplateResult, html, nothing, render } from 'lit';
import { type PlayerSettings, playerSpec, presetOf, splitNames } from './player-settings.js';
import { type FieldSpec, playerFields, playerPresets } from './setting-fields.js';
import type { TagSettings, TagSpec } from './tag-settings.js';

export interface TagFormOptions {
  readonly fields: readonly FieldSpec[];
  readonly spec: TagSpec;
  /** Names of the fields that are always shown; the other fields follow in `<details>`. */
  readonly main: readonly string[];
  readonly onChange: () => void;
}

/** Many servers reject longer URLs. */
const mostCharacters = 2048;

type SettingField = HTMLInputElement | HTMLSelectElement;

/** A form with one field for each attribute of a tag. A field has the name of its attribute. */
export class TagForm {
  readonly #form: HTMLFormElement;
  readonly #spec: TagSpec;

  /** @param before Content of the form before its fields. */
  constructor(form: HTMLFormElement, options: TagFormOptions, before: unknown = nothing) {
    const { fields, spec, main, onChange } = options;
    this.#form = form;
    this.#spec = spec;
    const isMain = ({ name }: FieldSpec): boolean => main.includes(name);
    const rest = fields.filter((field) => !isMain(field));
    render(
      html`${before} ${renderFields(fields.filter(isMain))}
        <details class="more-settings">
          <summary>More attributes</summary>
          <div class="settings">${renderFields(rest)}</div>
        </details>`,
      form,
    );
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('change', ({ target }) => {
      // The browser reports an invalid value, and the tag keeps its previous value.
      if (!isField(target) || target.reportValidity()) onChange();
    });
  }

  fill({ values, flags }: TagSettings): void {
    for (const name of this.#spec.values) this.set(name, values[name] ?? '');
    for (const name of this.#spec.flags) {
      const field = this.#field(name);
      if (field instanceof HTMLInputElement) field.checked = flags.includes(name);
    }
  }

  read(): TagSettings {
    const values = this.#spec.values.flatMap((name) => {
      const value = this.get(name);
      return value === '' ? [] : [[name, value] as const];
    });
    const flags = this.#spec.flags.filter((name) => {
      const field = this.#field(name);
      return field instanceof HTMLInputElement && field.checked;
    });
    return { values: Object.fromEntries(values), flags };
  }

  /** Returns the value of a field; `''` if the value is invalid. */
  get(name: string): string {
    const field = this.#field(name);
    return field.validity.valid ? field.value.trim() : '';
  }

  /** Shows a value. Adds a value that is not in the list of a select element. */
  set(name: string, value: string): void {
    const field = this.#field(name);
    const isKnown =
      !(field instanceof HTMLSelectElement) || [...field.options].some((option) => option.value === value);
    if (!isKnown) field.add(new Option(value, value));
    field.value = value;
  }

  #field(name: string): SettingField {
    const field = this.#form.elements.namedItem(name);
    if (isField(field)) return field;
    throw new TypeError(`The form has no field "${name}".`);
  }
}

function isField(value: unknown): value is SettingField {
  return value instanceof HTMLInputElement || value instanceof HTMLSelectElement;
}

export interface PlayerFormOptions {
  readonly main: readonly string[];
  /** Called with the URL parameters of the preset that the user chose. */
  readonly onPreset: (parameters: string) => void;
  readonly onChange: () => void;
}

/** The form of a player, with a list of streams. */
export class PlayerForm {
  readonly #form: TagForm;
  readonly #preset: HTMLSelectElement | null;

  constructor(form: HTMLFormElement, { main, onPreset, onChange }: PlayerFormOptions) {
    const choose = (event: Event): void => {
      event.stopPropagation();
      if (event.currentTarget instanceof HTMLSelectElement) onPreset(event.currentTarget.value);
    };
    const presets = html`<label class="field preset"
      >Stream
      <select @change=${choose}>
        ${playerPresets.map(([label, value]) => html`<option value=${value}>${label}</option>`)}
      </select></label
    >`;
    this.#form = new TagForm(form, { fields: playerFields, spec: playerSpec, main, onChange }, presets);
    this.#preset = form.querySelector('.preset select');
  }

  fill(settings: PlayerSettings): void {
    this.#form.fill(settings);
    this.#form.set('entries', settings.entries.join(','));
    const played = presetOf(settings);
    const isKnown = playerPresets.some(([, parameters]) => parameters === played);
    if (this.#preset) this.#preset.value = isKnown ? played : '';
  }

  read(): TagSettings & Pick<PlayerSettings, 'entries'> {
    return { ...this.#form.read(), entries: splitNames(this.#form.get('entries')) };
  }
}

function renderFields(fields: readonly FieldSpec[]): TemplateResult {
  const isFlag = ({ kind }: FieldSpec): boolean => kind === 'flag';
  const checks = fields.filter(isFlag);
  return html`${fields.filter((field) => !isFlag(field)).map(renderField)}
  ${
    checks.length === 0
      ? nothing
      : html`<fieldset class="checks">
          <legend class="visually-hidden">Boolean attributes</legend>
          ${checks.map(
            ({ name }) => html`<label class="check"><input type="checkbox" name=${name} />${name}</label>`,
          )}
        </fieldset>`
  }`;
}

function renderField({
  name,
  kind,
  range,
  placeholder = '',
  options,
  suggestions,
}: FieldSpec): TemplateResult {
  if (options) {
    return html`<label class="field"
      >${name}
      <select name=${name}>
        ${options.map((label, index) => html`<option value=${index === 0 ? '' : label}>${label}</option>`)}
      </select></label
    >`;
  }
  return html`<label class="field"
    >${name}
    <input
      type=${kind === 'number' ? 'number' : 'text'}
      name=${name}
      placeholder=${placeholder}
      min=${range?.[0] ?? nothing}
      max=${range?.[1] ?? nothing}
      inputmode=${kind === 'url' ? 'url' : nothing}
      maxlength=${mostCharacters}
      spellcheck="false"
      list=${suggestions ? `${name}-suggestions` : nothing}
    />
    ${
      suggestions
        ? html`<datalist id=${`${name}-suggestions`}>
            ${suggestions.map((value) => html`<option value=${value}></option>`)}
          </datalist>`
        : nothing
    }</label
  >`;
}
