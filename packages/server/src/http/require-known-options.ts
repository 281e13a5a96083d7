import { nearestName } from '@gatecast/contract';

/** The names of options. For an option with options of its own, the names of these. */
export interface KnownOptions {
  readonly [name: string]: true | KnownOptions;
}

/** The names of all options of a type, so that the compiler reports a missing one. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true | KnownOptions>>;

/**
 * Refuses an option that does not exist: a misspelt one would otherwise have no effect. The same for options in an option.
 *
 * @param known - the options of the function.
 * @throws TypeError that names the option with its path, and the nearest one.
 */
export function requireKnownOptions(name: string, given: object, known: KnownOptions, path = ''): void {
  for (const [option, value] of Object.entries(given) as [string, unknown][]) {
    const inner = Object.hasOwn(known, option) ? known[option] : undefined;
    if (inner === undefined) {
      const nearest = nearestName(option, Object.keys(known));
      const change = nearest === null ? 'Remove it.' : `Did you mean "${path}${nearest}"?`;
      throw new TypeError(`${name} has no option "${path}${option}". ${change}`);
    }
    if (inner !== true && typeof value === 'object' && value !== null && !Array.isArray(value))
      requireKnownOptions(name, value, inner, `${path}${option}.`);
  }
}
