import type { IssuerContext } from '../issuer/issuer-type.js';
import { issuerTypes } from '../issuer/registry.js';
import { signedJwt } from '../issuer/signed-jwt.js';
import type { TokenIssuer } from '../issuer/token-issuer.js';
import type { KeySet } from '../key/key-set.js';
import { readSecret } from '../node/read-secret.js';
import type { Logger } from '../http/logger.js';
import type { Metrics } from '../http/metrics.js';
import type { IssuerConfig } from './config-schema.js';

export interface ServerContext {
  readonly keys: KeySet;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Creates the issuer of a configuration. */
export function createIssuer(config: IssuerConfig, server: ServerContext): TokenIssuer {
  return typeOf(config).create(config, contextOf(server));
}

/**
 * Creates the issuer of the playlist signer: the configured one if it signs without a request to a service, else
 * `jwt` with its defaults. A request to a vendor for each playlist reload would be too slow.
 */
export function createPlaylistIssuer(config: IssuerConfig | undefined, server: ServerContext): TokenIssuer {
  if (config && typeOf(config).signsPlaylists) return createIssuer(config, server);
  return signedJwt({ keys: server.keys }, 'The playlist signer');
}

function typeOf({ type }: IssuerConfig) {
  const found = issuerTypes.find((each) => each.type === type);
  if (!found) throw new TypeError(`There is no issuer with the type "${type}".`);
  return found;
}

function contextOf({ keys, logger, metrics }: ServerContext): IssuerContext {
  return {
    keys,
    logger,
    readSecret,
    onVendorError: ({ service, code }) => metrics.vendorFailed(service, code),
  };
}
