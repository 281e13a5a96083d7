import { nearestName } from '@gatecast/contract';
import type * as v from 'valibot';

/** What an option is not, for the schemas without a message of their own. */
const kinds: Readonly<Record<string, string>> = {
  string: 'is not a text',
  number: 'is not a number',
  boolean: 'is not true or false',
  array: 'is not a list […]',
  non_empty: 'is empty',
  strict_object: 'is not an object {…}',
  record: 'is not an object {…}',
  variant: 'is not an object {…}',
};

/**
 * Says in words what is wrong with an option, such as `is not a number`, without the value of the option, which may be a secret.
 * If the value is near one that is allowed, the text names that one.
 */
export function describeIssue({ type, message, expected, requirement, input }: v.BaseIssue<unknown>): string {
  if (!message.startsWith('Invalid ')) return message;
  if (/^literal$|^picklist$/.test(type) || (type === 'variant' && expected !== 'Object')) {
    const choices = (expected ?? '').replace(/^\(|\)$/g, '').split(' | ');
    if (input === undefined) return `is missing. Set ${inWords(choices)}`;
    const names = choices.map((choice) => choice.replaceAll('"', ''));
    const nearest = typeof input === 'string' ? nearestName(input, names) : null;
    return `is not ${inWords(choices)}${nearest === null ? '' : `. ${suggest(nearest)}`}`;
  }
  if (type === 'min_value') return `is less than ${String(requirement)}`;
  if (type === 'max_value') return `is more than ${String(requirement)}`;
  if (type === 'starts_with') return `does not begin with ${expected ?? ''}`;
  if (type === 'includes') return `does not contain ${expected ?? ''}`;
  return kinds[type] ?? 'is not valid';
}

/** The last sentence of a fault whose name or value is near another one. */
export function suggest(name: string): string {
  return `Did you mean "${name}"?`;
}

/** The name that a fault suggests; `null` if it suggests none. */
export function suggestedName(fault: string): string | null {
  return /Did you mean "([^"]+)"\?$/.exec(fault)?.[1] ?? null;
}

function inWords(choices: readonly string[]): string {
  const [last = '', ...others] = [...choices].reverse();
  return others.length === 0 ? last : `${others.reverse().join(', ')} or ${last}`;
}
