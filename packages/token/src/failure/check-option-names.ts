import { nearestName } from '@gatecast/contract';
import { GatecastError } from '../errors.js';

const LONGEST_SHOWN = 60;

/**
 * Checks the names in an object of options. Names no value.
 *
 * @param owner - what has the options, for the message.
 * @throws GatecastError `option-invalid` for a name that is not known, with the nearest one.
 */
export function checkOptionNames(owner: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    throw new GatecastError('option-invalid', `${owner} has no option "${name.slice(0, LONGEST_SHOWN)}".`, {
      hint: nearest ? `Change it to ${nearest}.` : 'Remove it.',
    });
  }
}
