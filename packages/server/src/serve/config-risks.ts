import type { Config } from './config-schema.js';

/** Warnings about insecure settings, for the log at startup. */
export function configRisks({ authorization, issuers }: Config): string[] {
  const { audience, jwksUrl } = authorization;
  const risks: string[] = [];
  if (audience === undefined) {
    risks.push('authorization.audience is not set: tokens for other services are accepted');
  }
  // An attacker who replaces the keys can authenticate as any user.
  if (isExposed(jwksUrl))
    risks.push('authorization.jwksUrl uses http: an attacker on the network can replace the keys');
  for (const purpose of ['playback', 'ingest'] as const) {
    const issuer = issuers[purpose];
    if (issuer && 'url' in issuer && isExposed(issuer.url))
      risks.push(
        `issuers.${purpose}.url uses http: an attacker on the network can read the credentials of this server`,
      );
  }
  return risks;
}

/** Is the URL http, and not on this machine? */
function isExposed(address: string | undefined): boolean {
  if (address === undefined) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !/^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
