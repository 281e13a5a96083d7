import * as v from 'valibot';

/** Field types of the `gatecast serve` configuration, shared by the issuers and the server. */

export const text = v.pipe(v.string(), v.nonEmpty());
export const httpUrl = v.pipe(
  v.string(),
  v.url(),
  v.regex(/^https?:\/\//, 'is not an http:// or https:// URL'),
);
/** A duration in seconds, from 1 second to 365 days. */
export const seconds = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(31_536_000));
export const positive = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Where to read a secret. The configuration itself never contains one. */
export const secret = v.union(
  [v.strictObject({ env: text }), v.strictObject({ file: text })],
  'is not { "env": "NAME" } or { "file": "path" }: the configuration must not contain secrets',
);

export type SecretReference = v.InferOutput<typeof secret>;
