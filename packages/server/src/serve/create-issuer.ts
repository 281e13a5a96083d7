import type { IssuerContext } from '../issuer/issuer-type.js';
import { issuerTypes } from '../issuer/registry.js';
import { signedJwt } from '../issuer/signed-jwt.js';
import type { TokenIssuer } from '../issuer/token-issuer.js';
import type { KeySet } from '../key/key-set.js';
import { readSecret } from '../node/read-secret.js';
import type { Logger } from '../http/logger.js';
import type { Metrics } from '../http/metrics.js';
import type { IssuerConfig } from './config-schema.js';

export interface IssuerSurroundings {
  readonly keys: KeySet;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The issuer that a configuration describes. */
export function createIssuer(config: IssuerConfig, surroundings: IssuerSurroundings): TokenIssuer {
  return typeOf(config).create(config, contextOf(surroundings));
}

/**
 * The issuer of the tokens that the playlist signer puts into playlists: the configured one if it signs here, else one
 * with its defaults. A call to a vendor for each reload of a playlist is too slow.
 */
export function createPlaylistIssuer(
  config: IssuerConfig | undefined,
  surroundings: IssuerSurroundings,
): TokenIssuer {
  if (config && typeOf(config).signsPlaylists) return createIssuer(config, surroundings);
  return signedJwt({ keys: surroundings.keys }, 'The playlist signer');
}

function typeOf({ type }: IssuerConfig) {
  const found = issuerTypes.find((each) => each.type === type);
  if (!found) throw new TypeError(`There is no issuer of the type "${type}".`);
  return found;
}

function contextOf({ keys, logger, metrics }: IssuerSurroundings): IssuerContext {
  return {
    keys,
    logger,
    readSecret,
    onVendorError: ({ service, code }) => metrics.vendorFailed(service, code),
  };
}
