import { nearestName } from '@gatecast/contract';
import { GatecastError } from './errors.js';

/** Is it a value that the option may have, and what such values are. */
export type OptionRule = readonly [isRight: (value: unknown) => boolean, kind: string];

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isFunction = (value: unknown): boolean => typeof value === 'function';
const isAddress = (value: unknown): boolean => isText(value) || value instanceof URL;

/** No longer lead makes sense: it is at most a quarter of a token's life. A minute in milliseconds is more. */
const LONGEST_LEAD_SECONDS = 10_000;

/** One of some texts. */
export const oneOf = (...texts: readonly string[]): OptionRule => [
  (value) => texts.some((text) => text === value),
  `"${texts.slice(0, -1).join('", "')}" or "${texts.at(-1) ?? ''}"`,
];

const kinds = {
  address: [isAddress, 'an address'],
  addressOrFunction: [(value) => isAddress(value) || isFunction(value), 'an address or a function'],
  boolean: [(value) => typeof value === 'boolean', 'true or false'],
  credentials: oneOf('same-origin', 'include', 'omit'),
  function: [isFunction, 'a function'],
  objectOrFunction: [(value) => isObject(value) || isFunction(value), 'an object or a function'],
  membersOrFunction: [(value) => isText(value) || isFunction(value), 'names of members or a function'],
  nameOrFunction: [(value) => isText(value) || isFunction(value), 'a name or a function'],
  seconds: [
    (value) => typeof value === 'number' && value >= 0 && value <= LONGEST_LEAD_SECONDS,
    `a number of seconds from 0 to ${String(LONGEST_LEAD_SECONDS)}`,
  ],
  sessionKey: [(value) => typeof value === 'string' || value === null, 'a text or null'],
  signal: [(value) => isObject(value) && 'aborted' in Object(value), 'an AbortSignal'],
  text: [isText, 'a text'],
  texts: [(value) => [value].flat().every((each) => typeof each === 'string'), 'a text or a list of texts'],
  token: [(value) => isText(value) || isObject(value), 'a token'],
} satisfies Record<string, OptionRule>;

/** The name of a kind of values. */
export type OptionKind = keyof typeof kinds;

const LONGEST_SHOWN = 60;

/**
 * Checks options of a page, which may have been written without types.
 *
 * @param owner - what has the options, for messages.
 * @param rules - of each option that exists. `undefined` is a value of all.
 * @throws GatecastError `option-invalid` for an option that does not exist or cannot have its value. Names no value.
 */
export function checkOptions(
  owner: string,
  options: object,
  rules: Readonly<Record<string, OptionKind | OptionRule>>,
): void {
  const names = Object.keys(rules);
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      const meant = nearestName(name, names);
      throw wrongOption(
        `${owner} has no option "${name.slice(0, LONGEST_SHOWN)}".`,
        `${meant === null ? '' : `Did you mean "${meant}"? `}Its options: ${names.join(', ')}.`,
      );
    }
    const [isRight, kind] = typeof rule === 'string' ? kinds[rule] : rule;
    if (value !== undefined && !isRight(value))
      throw wrongOption(`The option "${name}" of ${owner} is not ${kind}.`, `Set "${name}" to ${kind}.`);
  }
}

/** The error of a page whose options do not fit. */
export function wrongOption(message: string, hint: string): GatecastError {
  return new GatecastError('option-invalid', message, { hint });
}

/**
 * Reads an option by a function of attributes, whose messages begin with `token-`: the option has the same name without it.
 *
 * @throws GatecastError `option-invalid`
 */
export function readAsOption<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { message = '', hint = '' } = error as Partial<GatecastError>;
    throw wrongOption(message.replace('token-', ''), hint.replace('token-', ''));
  }
}
