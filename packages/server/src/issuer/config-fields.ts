import { nearestName } from '@gatecast/contract';
import * as v from 'valibot';
import { isOrigin } from '../http/require-origin.js';
import { describeIssue, suggest } from './describe-issue.js';

/** Field types of the `gatecast serve` configuration, shared by the issuers and the server. */

export const text = v.pipe(v.string('is not a text'), v.nonEmpty('is an empty text'));
export const httpUrl = v.pipe(
  v.string('is not an http:// or https:// URL'),
  v.check((url) => /^https?:\/\//.test(url) && URL.canParse(url), 'is not an http:// or https:// URL'),
);
/** An origin as browsers send it, without a path. */
export const httpOrigin = v.pipe(
  v.string('is not an origin such as https://www.example.com'),
  v.check(isOrigin, 'is not an origin such as https://www.example.com'),
);

/** A whole number in a range. */
export function wholeNumber(from: number, to = Infinity) {
  const fault =
    to === Infinity
      ? `is not a whole number of at least ${String(from)}`
      : `is not a whole number from ${String(from)} to ${String(to)}`;
  return v.pipe(v.number(fault), v.integer(fault), v.minValue(from, fault), v.maxValue(to, fault));
}

/** A duration in seconds, from 1 second to 365 days. */
export const seconds = wholeNumber(1, 31_536_000);
export const positive = wholeNumber(1);

type OptionMessage = v.ErrorMessage<v.StrictObjectIssue>;

/** An object of options. Another option is refused, with the name that was probably meant. */
export function options<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.StrictObjectSchema<Entries, OptionMessage> {
  const schema = v.strictObject<Entries, OptionMessage>(entries, (issue) => describeOption(issue, entries));
  return {
    ...schema,
    // An array would count as an object that has none of the options.
    '~run'(dataset: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>) {
      return schema['~run'](Array.isArray(dataset.value) ? { value: null } : dataset, config);
    },
  };
}

function describeOption(issue: v.StrictObjectIssue, entries: v.ObjectEntries): string {
  const { path, expected, message } = issue;
  if (!path) return message;
  const known = Object.keys(entries);
  if (expected !== 'never') return describeMissing(entries[String(path.at(-1)?.key)]);
  const nearest = nearestName(String(issue.input), known);
  return nearest === null
    ? `is not an option. Remove it. The options are ${known.join(', ')}`
    : `is not an option. ${suggest(nearest)}`;
}

/** A missing option is described by what its schema expects. */
function describeMissing(schema: v.ObjectEntries[string] | undefined): string {
  if (schema?.async !== false) return 'is missing';
  const { issues } = v.safeParse(schema, undefined);
  const fault = issues && describeIssue(issues[0]);
  if (fault === undefined || fault.startsWith('is missing')) return fault ?? 'is missing';
  return `is missing. Set ${fault.replace(/^is not /, '')}`;
}

/** An object of options, or a plain value. Unlike a union, it names the faults of the object. */
export function objectOr<
  const Plain extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>,
  const Options extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>,
>(plain: Plain, object: Options) {
  return v.lazy((input) => (typeof input === 'object' && input !== null ? object : plain));
}

/** Where to read a secret. The configuration itself never contains one. */
export const secret = v.union(
  [options({ env: text }), options({ file: text })],
  'is not { "env": "NAME" } or { "file": "path" }: the configuration must not contain secrets',
);

export type SecretReference = v.InferOutput<typeof secret>;
