/** The same object without members that may be undefined by type. */
export type DefinedOnly<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Drops members that are undefined, which options with defaults would take for given. */
export function omitUndefined<T extends object>(value: T): DefinedOnly<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as DefinedOnly<T>;
}
