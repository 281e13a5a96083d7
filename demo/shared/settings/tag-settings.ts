import type { FieldSpec } from './setting-fields.js';

/** The attributes of a tag that URL parameters can set, with their default values. */
export interface TagSpec {
  /** Attributes with a value, in the order of the generated HTML. */
  readonly values: readonly string[];
  /** Boolean attributes. */
  readonly flags: readonly string[];
  readonly defaultValues: Readonly<Record<string, string>>;
  readonly defaultFlags: readonly string[];
}

export interface TagSettings {
  readonly values: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
}

export type Attribute = readonly [name: string, value: string];

/** Creates the specification of a tag from its form fields. */
export function createTagSpec(
  fields: readonly FieldSpec[],
  defaults: Pick<TagSpec, 'defaultValues' | 'defaultFlags'>,
): TagSpec {
  const attributes = fields.filter(({ isAttribute = true }) => isAttribute);
  const names = (isFlag: boolean): string[] =>
    attributes.filter(({ kind }) => (kind === 'flag') === isFlag).map(({ name }) => name);
  return { values: names(false), flags: names(true), ...defaults };
}

const no: readonly string[] = ['0', 'false', 'no'];

/** Reads the URL parameters. Missing parameters have the default values of the page. */
export function readTagSettings(spec: TagSpec, parameters: URLSearchParams): TagSettings {
  const values = spec.values.flatMap((name) => {
    const value = parameters.get(name) ?? spec.defaultValues[name] ?? '';
    return value === '' ? [] : [[name, value] as const];
  });
  const flags = spec.flags.filter((name) => {
    const value = parameters.get(name);
    return value === null ? spec.defaultFlags.includes(name) : !no.includes(value);
  });
  return { values: Object.fromEntries(values), flags };
}

/** Returns the URL parameters of settings. Omits default values. */
export function writeTagSettings(spec: TagSpec, { values, flags }: TagSettings): [string, string][] {
  const pairs: [string, string][] = [];
  for (const name of spec.values) {
    const value = values[name] ?? '';
    if (value !== (spec.defaultValues[name] ?? '')) pairs.push([name, value]);
  }
  for (const name of spec.flags) {
    const isSet = flags.includes(name);
    if (isSet !== spec.defaultFlags.includes(name)) pairs.push([name, isSet ? '1' : '0']);
  }
  return pairs;
}

/** Returns the attributes for settings. */
export function tagAttributes(spec: TagSpec, { values, flags }: TagSettings): Attribute[] {
  return [
    ...spec.values.flatMap((name): Attribute[] => {
      const value = values[name] ?? '';
      return value === '' ? [] : [[name, value]];
    }),
    ...flags.map((name): Attribute => [name, '']),
  ];
}

/** Sets the attributes of a specification on an element. Changes only attributes that differ. */
export function applyAttributes(element: Element, spec: TagSpec, attributes: readonly Attribute[]): void {
  const wanted = new Map(attributes);
  for (const name of [...spec.values, ...spec.flags]) {
    const value = wanted.get(name) ?? null;
    if (element.getAttribute(name) === value) continue;
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
}
