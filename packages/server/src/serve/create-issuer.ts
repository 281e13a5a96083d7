import type { IssuerContext } from '../issuer/issuer-type.js';
import { issuersByOrigin } from '../issuer/issuers-by-origin.js';
import { signedJwt } from '../issuer/signed-jwt.js';
import type { TokenIssuer } from '../issuer/token-issuer.js';
import type { KeySet } from '../key/key-set.js';
import { readSecret } from '../node/read-secret.js';
import type { Logger } from '../http/logger.js';
import type { Metrics } from '../http/metrics.js';
import { configuredIssuers, issuerTypeOf, type IssuerConfig } from './issuer-config.js';

export interface ServerContext {
  readonly keys: KeySet;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Creates the issuer of a configuration. */
export function createIssuer(config: IssuerConfig, server: ServerContext): TokenIssuer {
  const context = contextOf(server);
  if (config.type !== 'by-origin') return issuerTypeOf(config).create(config, context);
  const issuers = configuredIssuers(config).map(
    ({ config: each, origin = '' }) => [origin, issuerTypeOf(each).create(each, context)] as const,
  );
  const { timeoutMs } = config;
  return issuersByOrigin(Object.fromEntries(issuers), {
    logger: server.logger,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
}

/**
 * Creates the issuer of the playlist signer: the configured one if it signs without a request to a service, else
 * `jwt` with its defaults. A request to a vendor for each playlist reload would be too slow.
 */
export function createPlaylistIssuer(config: IssuerConfig | undefined, server: ServerContext): TokenIssuer {
  if (config && config.type !== 'by-origin' && issuerTypeOf(config).signsPlaylists)
    return createIssuer(config, server);
  return signedJwt({ keys: server.keys }, 'The playlist signer');
}

/** What an issuer of the registry gets from the server. */
export function contextOf({ keys, logger, metrics }: ServerContext): IssuerContext {
  return {
    keys,
    logger,
    readSecret,
    onVendorError: ({ service, code }) => metrics.vendorFailed(service, code),
  };
}
