import * as v from 'valibot';
import type { Logger } from '../http/logger.js';
import type { Problem } from '../http/problem.js';
import type { KeySet } from '../key/key-set.js';
import type { SecretReference } from './config-fields.js';
import type { TokenIssuer } from './token-issuer.js';

/** What an issuer gets from the server that it runs in. */
export interface IssuerContext {
  readonly keys: KeySet;
  readonly logger: Logger;
  /** Reads a secret that the configuration refers to. Issuers call it for each use, so that it can be rotated. */
  readonly readSecret: (reference: SecretReference) => Promise<string>;
  /** Called for each failed attempt to reach a vendor, for metrics. */
  readonly onVendorError: (event: { readonly service: string; readonly code: Problem['code'] }) => void;
}

interface ConfigEntries extends v.ObjectEntries {
  readonly type: v.LiteralSchema<string, undefined>;
}

/** Schema of an issuer's part of the configuration: a strict object with a literal `type`. */
export type IssuerConfigSchema = v.StrictObjectSchema<ConfigEntries, undefined>;

/** An issuer that a configuration of `gatecast serve` can name by its `type`. */
export interface IssuerType<Schema extends IssuerConfigSchema = IssuerConfigSchema> {
  readonly type: string;
  readonly configSchema: Schema;
  /** Does it sign here, without a call to a service? The playlist signer then uses it for its own tokens. */
  readonly signsPlaylists: boolean;
  /** @throws TypeError for options that contradict each other. */
  create(config: { readonly type: string }, context: IssuerContext): TokenIssuer;
}

/** Describes an issuer for the registry. */
export function issuerType<Schema extends IssuerConfigSchema>(
  configSchema: Schema,
  create: (config: v.InferOutput<Schema>, context: IssuerContext) => TokenIssuer,
  { signsPlaylists = false } = {},
): IssuerType<Schema> {
  return {
    type: configSchema.entries.type.literal,
    configSchema,
    signsPlaylists,
    create: (config, context) => create(v.parse(configSchema, config), context),
  };
}
