import type { Config } from './config-schema.js';

/** What works but is better done otherwise, one sentence each, for the log at start. */
export function configRisks({ authorization, issuers }: Config): string[] {
  const { audience, jwksUrl } = authorization;
  const risks: string[] = [];
  if (audience === undefined) {
    risks.push(
      'authorization.audience is not set: callers’ tokens that were made for other services are accepted',
    );
  }
  // Whoever answers in its place lets in whom he likes.
  if (isExposed(jwksUrl))
    risks.push('authorization.jwksUrl is plain http: its keys can be exchanged on the way');
  for (const purpose of ['playback', 'ingest'] as const) {
    const issuer = issuers[purpose];
    if (issuer && 'url' in issuer && isExposed(issuer.url))
      risks.push(`issuers.${purpose}.url is plain http: what signs the server in can be read on the way`);
  }
  return risks;
}

/** Plain http that leaves the machine. */
function isExposed(address: string | undefined): boolean {
  if (address === undefined) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !/^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
