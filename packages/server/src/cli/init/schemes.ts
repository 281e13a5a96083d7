import type { IssuerStart } from '../../issuer/issuer-start.js';
import { issuerTypes } from '../../issuer/registry.js';

/** An issuer of the registry, as `gatecast init` offers it. */
export interface InitScheme extends IssuerStart {
  readonly type: string;
  /** Does this server sign JWTs with keys of its own? */
  readonly signsWithKeys: boolean;
}

/** The issuers of playback tokens. The first one needs nothing of a vendor. */
export const initSchemes: readonly InitScheme[] = issuerTypes
  .flatMap(({ type, start, signsFor }) =>
    start ? [{ ...start, type, signsWithKeys: signsFor !== undefined }] : [],
  )
  .sort((a, b) => Number(b.signsWithKeys) - Number(a.signsWithKeys));

/** Issuers of ingest tokens. A page with a webcaster needs more than `gatecast init` asks. */
export const ingestSchemes: readonly string[] = issuerTypes.flatMap(({ type, start }) => (start ? [] : type));
