import * as v from 'valibot';
import { isOrigin } from '../http/require-origin.js';
import { options, positive } from '../issuer/config-fields.js';
import type { IssuerType } from '../issuer/issuer-type.js';
import { issuerTypes } from '../issuer/registry.js';

const single = v.variant(
  'type',
  issuerTypes.map(({ configSchema }) => configSchema),
);

const origin = v.pipe(v.string(), v.check(isOrigin, 'is not an origin such as https://cdn.example.com'));

/** One issuer for each origin that serves the streams, each in its own configuration. They do not nest. */
const byOrigin = options({
  type: v.literal('by-origin'),
  issuers: v.pipe(
    v.record(origin, single),
    v.minEntries(1, 'needs at least one origin'),
    v.maxEntries(16, 'is limited to 16 origins'),
  ),
  timeoutMs: v.optional(positive),
});

/** Configuration of an issuer: one of the registry, or several by origin. */
export const issuerConfig = v.variant('type', [single, byOrigin]);

/** An issuer of the registry in a configuration. */
export type SingleIssuerConfig = v.InferOutput<typeof single>;
export type IssuerConfig = v.InferOutput<typeof issuerConfig>;

/** An issuer of the configuration, with the path of its options below that of the purpose. */
export interface ConfiguredIssuer {
  readonly config: SingleIssuerConfig;
  /** Of the option, such as `.issuers.https://a.example`; `''` for a single issuer. */
  readonly path: string;
  /** Origin for which it issues tokens; `undefined` for all. */
  readonly origin: string | undefined;
}

/** The issuers that a configuration consists of. */
export function configuredIssuers(config: IssuerConfig | undefined): ConfiguredIssuer[] {
  if (config === undefined) return [];
  if (config.type !== 'by-origin') return [{ config, path: '', origin: undefined }];
  return Object.entries(config.issuers).map(([key, each]) => ({
    config: each,
    path: `.issuers.${key}`,
    origin: key,
  }));
}

/** @throws TypeError if the registry has no issuer of this type. */
export function issuerTypeOf({ type }: { readonly type: string }): IssuerType {
  const found = issuerTypes.find((each) => each.type === type);
  if (!found)
    throw new TypeError(
      `The issuer type "${type}" is unknown. Choose one of ${issuerTypes.map((each) => each.type).join(', ')}.`,
    );
  return found;
}

/** Do the tokens of an issuer need a key of this server? */
export function signsWithKeys(config: IssuerConfig | undefined): boolean {
  return configuredIssuers(config).some((each) => issuerTypeOf(each.config).signsFor !== undefined);
}

/** The scheme of an issuer for a CDN; `undefined` for others. */
export function schemeTypeOf(config: IssuerConfig | undefined): string | undefined {
  return configuredIssuers(config).find((each) => issuerTypeOf(each.config).scheme)?.config.type;
}
