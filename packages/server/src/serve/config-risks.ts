import type { Config } from './config-schema.js';
import { configuredIssuers, issuerTypeOf, type SingleIssuerConfig } from './issuer-config.js';

/** Warnings about insecure settings, for the log at startup. */
export function configRisks({ authorization, issuers, admin }: Config): string[] {
  const { audience, jwksUrl } = authorization;
  const risks: string[] = [];
  if (audience === undefined) {
    risks.push('authorization.audience is not set: tokens for other services are accepted');
  }
  if (admin && !/^(?:localhost|127\.[\d.]+|::1)$/.test(admin.host))
    risks.push('admin.host is not this machine alone: the key is sent without TLS. Use a private network');
  // An attacker who replaces the keys can authenticate as any user.
  if (isExposed(jwksUrl))
    risks.push('authorization.jwksUrl uses http: an attacker on the network can replace the keys');
  for (const purpose of ['playback', 'ingest'] as const) {
    for (const { config, path } of configuredIssuers(issuers[purpose])) {
      if ('url' in config && isExposed(config.url))
        risks.push(`issuers.${purpose}${path}.url uses http: ${exposedBy(config)}`);
    }
  }
  return risks;
}

/** `url` is the address of a vendor's service, or of a stream at a CDN. */
function exposedBy(config: SingleIssuerConfig): string {
  return issuerTypeOf(config).scheme
    ? 'an attacker on the network can read the tokens of viewers'
    : 'an attacker on the network can read the credentials of this server';
}

/** Is the URL http, and not on this machine? */
function isExposed(address: string | undefined): boolean {
  if (address === undefined) return false;
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !/^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
