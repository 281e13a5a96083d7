import type { Config } from './config-schema.js';

/** Settings that work but are risky, one sentence each, for the log at start. */
export function configRisks({ authorization, issuers }: Config): string[] {
  const { audience, jwksUrl } = authorization;
  const risks: string[] = [];
  if (audience === undefined) {
    risks.push('authorization.audience is not set: tokens that were issued for other services are accepted');
  }
  // An attacker who answers in its place can sign in anyone.
  if (isExposed(jwksUrl))
    risks.push('authorization.jwksUrl is plain http: an attacker on the network can replace its keys');
  for (const purpose of ['playback', 'ingest'] as const) {
    const issuer = issuers[purpose];
    if (issuer && 'url' in issuer && isExposed(issuer.url))
      risks.push(
        `issuers.${purpose}.url is plain http: an attacker on the network can read the credentials of this server`,
      );
  }
  return risks;
}

/** Plain http that leaves the machine. */
function isExposed(address: string | undefined): boolean {
  if (address === undefined) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !/^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
