/** The same object type without members that may be `undefined`. */
export type DefinedOnly<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Removes members that are `undefined`: `exactOptionalPropertyTypes` does not accept them for optional members. */
export function omitUndefined<T extends object>(value: T): DefinedOnly<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as DefinedOnly<T>;
}
