import { ingestJwtIssuer } from '../issuer/ingest-jwt-issuer.js';
import { jwtIssuer } from '../issuer/jwt-issuer.js';
import type { TokenIssuer } from '../issuer/token-issuer.js';
import { playbackJwtIssuer } from '../issuer/nanocosmos/playback-jwt-issuer.js';
import { stsSecurityIssuer } from '../issuer/nanocosmos/sts-security-issuer.js';
import type { VendorOptions } from '../issuer/nanocosmos/vendor-client.js';
import { webcasterJwtIssuer } from '../issuer/nanocosmos/webcaster-jwt-issuer.js';
import type { KeySet } from '../key/key-set.js';
import { readSecret } from '../node/read-secret.js';
import type { Logger } from '../http/logger.js';
import type { Metrics } from '../http/metrics.js';
import { omitUndefined } from './omit-undefined.js';
import type { IssuerConfig } from './config-schema.js';

export interface IssuerSurroundings {
  readonly keys: KeySet;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The issuer that a configuration describes. Secrets are read at each call, so that they can be exchanged. */
export function createIssuer(
  config: IssuerConfig,
  { keys, logger, metrics }: IssuerSurroundings,
): TokenIssuer {
  const vendor: VendorOptions = {
    logger,
    onVendorError: ({ service, code }) => metrics.vendorFailed(service, code),
  };
  switch (config.type) {
    case 'jwt':
      return jwtIssuer({ ...omitUndefined(config), keys });
    case 'ingest-jwt':
      return ingestJwtIssuer({ ...omitUndefined(config), keys });
    case 'sts': {
      const { apiKey, restrictions, ...rest } = config;
      return stsSecurityIssuer({
        ...omitUndefined(rest),
        ...vendor,
        restrictions: omitUndefined(restrictions ?? {}),
        apiKey: () => readSecret(apiKey),
      });
    }
    case 'playback-jwt': {
      const { apiKey, bintuToken, groupid, orgawide, restrictions, ...rest } = config;
      const target = targetOf(groupid, orgawide);
      return playbackJwtIssuer({
        ...omitUndefined(rest),
        ...vendor,
        restrictions: omitUndefined(restrictions ?? {}),
        ...(apiKey && { apiKey: () => readSecret(apiKey) }),
        ...(bintuToken && { bintuToken: () => readSecret(bintuToken) }),
        ...(target && { target: () => target }),
      });
    }
    case 'webcaster': {
      const { apiKey, ...rest } = config;
      return webcasterJwtIssuer({ ...omitUndefined(rest), ...vendor, apiKey: () => readSecret(apiKey) });
    }
  }
}

function targetOf(groupid: string | undefined, orgawide: true | undefined) {
  if (groupid !== undefined && orgawide) throw new TypeError('Give one of groupid and orgawide, not both.');
  if (groupid !== undefined) return { groupid };
  return orgawide ? { orgawide } : null;
}
