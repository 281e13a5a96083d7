import { nearestName, redactText } from '@gatecast/token';

/** Longer values are cut, so that a message stays readable. */
const LONGEST_SHOWN = 60;

/** What a developer reads about a value, in the parts of an error. */
export interface WrongValue {
  readonly message: string;
  /** Names the value that was probably meant, and all that exist. */
  readonly hint: string;
}

/**
 * Compares the value of an attribute with the values that it may have.
 *
 * @param value - as it is written, also by a page without types.
 * @returns `null` if it is one of them.
 * @example
 * ```ts
 * wrongValue('engine', 'hlsjs', ['auto', 'hls'])?.hint; // 'Did you mean "hls"? Values of engine: auto, hls.'
 * ```
 */
export function wrongValue(attribute: string, value: unknown, known: readonly string[]): WrongValue | null {
  const text = typeof value === 'string' ? value : `(${typeof value})`;
  if (known.includes(text)) return null;
  const shown = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
  const meant = meantBy(text.trim(), known);
  const guess = meant === null ? '' : `Did you mean "${meant}"? `;
  return {
    message: `The attribute ${attribute} has no value "${shown}".`,
    hint: `${guess}Values of ${attribute}: ${known.join(', ')}.`,
  };
}

/**
 * Finds a boolean attribute that its value should turn off: `dpop="false"`, as some template languages write `dpop={false}`.
 *
 * @param value - `null` if the attribute is not set.
 * @returns `null` for any other value.
 * @example
 * ```ts
 * setByFalse('dpop', 'false')?.message; // 'The attribute dpop is set: its value "false" does not turn it off.'
 * ```
 */
export function setByFalse(attribute: string, value: string | null): WrongValue | null {
  if (value?.trim().toLowerCase() !== 'false') return null;
  return {
    message: `The attribute ${attribute} is set: its value "false" does not turn it off.`,
    hint: 'Remove the attribute.',
  };
}

/** Warns in the console of the wrong values of one element: of each once. What viewers read is another text. */
export class WrongValueWarnings {
  readonly #known = new Set<string>();

  add(wrong: WrongValue | null): void {
    if (!wrong || this.#known.has(wrong.message)) return;
    this.#known.add(wrong.message);
    console.warn(redactText(`Gatecast: ${wrong.message} ${wrong.hint}`));
  }
}

/** `hls.js` is longer than the name that is meant. */
function meantBy(text: string, known: readonly string[]): string | null {
  const begun = known.find((each) => text.toLowerCase().startsWith(each.toLowerCase()));
  return nearestName(text, known) ?? begun ?? null;
}
