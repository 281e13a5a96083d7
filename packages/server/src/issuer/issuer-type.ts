import type { TokenPurpose } from '@gatecast/contract';
import * as v from 'valibot';
import type { Logger } from '../http/logger.js';
import type { Problem } from '../http/problem.js';
import type { KeySet } from '../key/key-set.js';
import type { SecretReference } from './config-fields.js';
import type { IssuerStart } from './issuer-start.js';
import type { TokenIssuer } from './token-issuer.js';

/** What `gatecast serve` provides to an issuer. */
export interface IssuerContext {
  readonly keys: KeySet;
  readonly logger: Logger;
  /** Reads a secret that the configuration refers to. Issuers call it for each request, so that secrets can be rotated. */
  readonly readSecret: (reference: SecretReference) => Promise<string>;
  /** Called for each failed request to a vendor's service, for metrics. */
  readonly onVendorError: (event: { readonly service: string; readonly code: Problem['code'] }) => void;
  /** The clock of the issuers of CDNs’ schemes, in milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

interface ConfigEntries extends v.ObjectEntries {
  readonly type: v.LiteralSchema<string, undefined>;
}

/** Schema of an issuer's configuration: `options` with a literal `type`. */
export type IssuerConfigSchema = v.StrictObjectSchema<ConfigEntries, v.ErrorMessage<v.StrictObjectIssue>>;

/** An issuer that the configuration of `gatecast serve` selects by `type`. */
export interface IssuerType<Schema extends IssuerConfigSchema = IssuerConfigSchema> {
  readonly type: string;
  readonly configSchema: Schema;
  /** Can the playlist signer use this issuer for segment tokens? Only if it signs without a request to a service. */
  readonly signsPlaylists: boolean;
  /** Purpose whose default audience the tokens have, if this server signs them. */
  readonly signsFor: TokenPurpose | undefined;
  /** How the tokens of a CDN's scheme are read and verified; `undefined` for JWTs of this server. */
  readonly scheme: TokenScheme<{ readonly type: string }> | undefined;
  /** What `gatecast init` writes; `undefined` for issuers that it does not offer, such as those of ingest tokens. */
  readonly start: IssuerStart | undefined;
  /** @throws TypeError if options contradict each other. */
  create(config: { readonly type: string }, context: IssuerContext): TokenIssuer;
}

/** What a token of a scheme says, without its secrets. */
export interface SchemeReading {
  /** Name of the scheme, as in its documentation: `CloudFront custom policy`. */
  readonly scheme: string;
  /** What the token says, in the order in which a reader needs it. No signature, key or password. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** NumericDate seconds; `null` if the token does not say it. */
  readonly expiresAt: number | null;
  /** Mistakes that an origin would refuse, one sentence each. */
  readonly warnings: readonly string[];
}

/** A scheme that is not a JWT of this server: how its tokens are read and verified. */
export interface TokenScheme<Config> {
  /**
   * Reads a token: an address with it, the query or path alone, or a header or cookie value. Does not verify it. Takes linear
   * time and never throws. @returns `null` for a text of another scheme
   */
  inspect(text: string): SchemeReading | null;
  /**
   * Verifies the token of a request as the CDN does: signature, end, address, and that each field is there once.
   *
   * @param nowMs - milliseconds since the epoch.
   * @returns the end of the token, NumericDate seconds.
   * @throws Problem `token-missing`, `token-invalid`, `token-expired`, `token-not-yet-valid`, `token-wrong-stream`
   */
  verify(
    request: Request,
    config: Config,
    context: IssuerContext,
    nowMs: number,
  ): Promise<{ expiresAt: number }>;
}

interface IssuerTypeOptions<Config> {
  readonly signsPlaylists?: boolean;
  readonly signsFor?: TokenPurpose;
  readonly scheme?: TokenScheme<Config>;
  readonly start?: IssuerStart;
}

/** Describes an issuer for the registry. */
export function issuerType<Schema extends IssuerConfigSchema>(
  configSchema: Schema,
  create: (config: v.InferOutput<Schema>, context: IssuerContext) => TokenIssuer,
  { signsPlaylists = false, signsFor, scheme, start }: IssuerTypeOptions<v.InferOutput<Schema>> = {},
): IssuerType<Schema> {
  return {
    type: configSchema.entries.type.literal,
    configSchema,
    signsPlaylists,
    signsFor,
    start,
    scheme: scheme && {
      inspect: (text) => scheme.inspect(text),
      verify: (request, config, context, nowMs) =>
        scheme.verify(request, v.parse(configSchema, config), context, nowMs),
    },
    create: (config, context) => create(v.parse(configSchema, config), context),
  };
}
