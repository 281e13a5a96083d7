import {
  type PlayerSettings,
  flagAttributes,
  readSettings,
  valueAttributes,
  writeSettings,
} from './player-settings.js';

type Field = HTMLInputElement | HTMLSelectElement;

/** What the address would say, a choice of something else left as it is. */
const somethingElse = '';

/** Shows settings in the form. */
export function fillSettingsForm(form: HTMLFormElement, settings: PlayerSettings): void {
  for (const name of valueAttributes) setValue(fieldOf(form, name), settings.values[name] ?? '');
  for (const name of flagAttributes) {
    const field = fieldOf(form, name);
    if (field instanceof HTMLInputElement) field.checked = settings.flags.includes(name);
  }
  setValue(fieldOf(form, 'entries'), settings.entries.join(','));
  const preset = fieldOf(form, 'preset');
  const played =
    settings.entries.length > 0
      ? `entries=${settings.entries.join(',')}`
      : `src=${settings.values['src'] ?? ''}`;
  const isKnown = preset instanceof HTMLSelectElement && [...preset.options].some((o) => o.value === played);
  preset.value = isKnown ? played : somethingElse;
}

/** The settings that the form says; what it does not hold stays. */
export function readSettingsForm(form: HTMLFormElement, before: PlayerSettings): PlayerSettings {
  const values = Object.fromEntries(
    valueAttributes.flatMap((name) => {
      const value = fieldOf(form, name).value.trim();
      return value === '' ? [] : [[name, value]];
    }),
  );
  const flags = flagAttributes.filter((name) => {
    const field = fieldOf(form, name);
    return field instanceof HTMLInputElement && field.checked;
  });
  const entries = fieldOf(form, 'entries')
    .value.split(/[\s,]+/)
    .filter(Boolean);
  return { ...before, values, flags, entries };
}

/** Settings with another thing to play, as an option of the preset list names it. */
export function applyPreset(settings: PlayerSettings, preset: string): PlayerSettings {
  if (preset === somethingElse) return settings;
  const parameters = writeSettings(settings);
  for (const name of ['src', 'stream', 'entries']) parameters.delete(name);
  for (const [name, value] of new URLSearchParams(preset)) parameters.append(name, value);
  return readSettings(parameters);
}

function fieldOf(form: HTMLFormElement, name: string): Field {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) return field;
  throw new TypeError(`The form has no field "${name}".`);
}

/** A value that a select has no option for becomes one. */
function setValue(field: Field, value: string): void {
  if (field instanceof HTMLSelectElement && ![...field.options].some((option) => option.value === value)) {
    field.add(new Option(value, value));
  }
  field.value = value;
}
