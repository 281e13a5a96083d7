import { nearestName } from '@gatecast/contract';

/**
 * Refuses an option that does not exist: a misspelt one would otherwise have no effect.
 *
 * @param known - the options of the function.
 * @throws TypeError that names the option, and the nearest one.
 */
export function requireKnownOptions(
  name: string,
  given: object,
  known: Readonly<Record<string, true>>,
): void {
  for (const option of Object.keys(given)) {
    if (Object.hasOwn(known, option)) continue;
    const nearest = nearestName(option, Object.keys(known));
    const change = nearest === null ? 'Remove it.' : `Did you mean "${nearest}"?`;
    throw new TypeError(`${name} has no option "${option}". ${change}`);
  }
}
