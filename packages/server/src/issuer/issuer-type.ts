import type { TokenPurpose } from '@gatecast/contract';
import * as v from 'valibot';
import type { Logger } from '../http/logger.js';
import type { Problem } from '../http/problem.js';
import type { KeySet } from '../key/key-set.js';
import type { SecretReference } from './config-fields.js';
import type { TokenIssuer } from './token-issuer.js';

/** What `gatecast serve` provides to an issuer. */
export interface IssuerContext {
  readonly keys: KeySet;
  readonly logger: Logger;
  /** Reads a secret that the configuration refers to. Issuers call it for each request, so that secrets can be rotated. */
  readonly readSecret: (reference: SecretReference) => Promise<string>;
  /** Called for each failed request to a vendor's service, for metrics. */
  readonly onVendorError: (event: { readonly service: string; readonly code: Problem['code'] }) => void;
}

interface ConfigEntries extends v.ObjectEntries {
  readonly type: v.LiteralSchema<string, undefined>;
}

/** Schema of an issuer's configuration: a strict object with a literal `type`. */
export type IssuerConfigSchema = v.StrictObjectSchema<ConfigEntries, undefined>;

/** An issuer that the configuration of `gatecast serve` selects by `type`. */
export interface IssuerType<Schema extends IssuerConfigSchema = IssuerConfigSchema> {
  readonly type: string;
  readonly configSchema: Schema;
  /** Can the playlist signer use this issuer for segment tokens? Only if it signs without a request to a service. */
  readonly signsPlaylists: boolean;
  /** Purpose whose default audience the tokens have, if this server signs them. */
  readonly signsFor: TokenPurpose | undefined;
  /** @throws TypeError if options contradict each other. */
  create(config: { readonly type: string }, context: IssuerContext): TokenIssuer;
}

/** Describes an issuer for the registry. */
export function issuerType<Schema extends IssuerConfigSchema>(
  configSchema: Schema,
  create: (config: v.InferOutput<Schema>, context: IssuerContext) => TokenIssuer,
  { signsPlaylists = false, signsFor }: { signsPlaylists?: boolean; signsFor?: TokenPurpose } = {},
): IssuerType<Schema> {
  return {
    type: configSchema.entries.type.literal,
    configSchema,
    signsPlaylists,
    signsFor,
    create: (config, context) => create(v.parse(configSchema, config), context),
  };
}
