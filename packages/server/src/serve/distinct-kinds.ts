import { isStreamTokenType, kindAudiences } from '../verify/token-kind.js';
import { configuredIssuers, issuerTypeOf, type IssuerConfig } from './issuer-config.js';

interface SigningIssuer {
  readonly type: string;
  readonly audience?: string | readonly string[] | undefined;
  readonly typ?: string | undefined;
}

/**
 * Do the tokens that this server signs for playback and for ingest differ? They need different audiences, or both an
 * explicit type of their own. Otherwise a viewer's token could publish.
 */
export function areDistinct({
  playback,
  ingest,
}: {
  readonly playback?: IssuerConfig | undefined;
  readonly ingest?: IssuerConfig | undefined;
}): boolean {
  const forIngest = configuredIssuers(ingest);
  return configuredIssuers(playback).every((one) =>
    forIngest.every((other) => areTwoKinds(one.config, other.config)),
  );
}

function areTwoKinds(playback: SigningIssuer, ingest: SigningIssuer): boolean {
  const [forPlayback, forIngest] = [audiencesOf(playback), audiencesOf(ingest)];
  if (!forPlayback || !forIngest) return true;
  if (isStreamTokenType(playback.typ) && isStreamTokenType(ingest.typ) && playback.typ !== ingest.typ)
    return true;
  return !forPlayback.some((audience) => forIngest.includes(audience));
}

/** The audiences of an issuer's tokens; `null` if a vendor signs them, or a CDN has a scheme of its own. */
function audiencesOf({ type, audience }: SigningIssuer): readonly string[] | null {
  const { signsFor } = issuerTypeOf({ type });
  return signsFor ? [audience ?? kindAudiences[signsFor]].flat() : null;
}
