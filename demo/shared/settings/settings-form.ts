import type { TagSettings, TagSpec } from './tag-settings.js';

export type SettingField = HTMLInputElement | HTMLSelectElement;

/** Shows settings in a form whose fields are named as the attributes are. */
export function fillSettingsForm(form: HTMLFormElement, spec: TagSpec, settings: TagSettings): void {
  for (const name of spec.values) fillSetting(settingField(form, name), settings.values[name] ?? '');
  for (const name of spec.flags) {
    const field = settingField(form, name);
    if (field instanceof HTMLInputElement) field.checked = settings.flags.includes(name);
  }
}

/** The settings that a form says. */
export function readSettingsForm(form: HTMLFormElement, spec: TagSpec): TagSettings {
  const values = spec.values.flatMap((name) => {
    const value = settingField(form, name).value.trim();
    return value === '' ? [] : [[name, value] as const];
  });
  const flags = spec.flags.filter((name) => {
    const field = settingField(form, name);
    return field instanceof HTMLInputElement && field.checked;
  });
  return { values: Object.fromEntries(values), flags };
}

/** @throws TypeError when the form has no such field. */
export function settingField(form: HTMLFormElement, name: string): SettingField {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) return field;
  throw new TypeError(`The form has no field "${name}".`);
}

/** A value that a select has no option for becomes one, so that the form never says what is not so. */
export function fillSetting(field: SettingField, value: string): void {
  if (field instanceof HTMLSelectElement && ![...field.options].some((option) => option.value === value)) {
    field.add(new Option(value, value));
  }
  field.value = value;
}
