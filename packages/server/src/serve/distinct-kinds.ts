import { issuerTypes } from '../issuer/registry.js';
import { isStreamTokenType, kindAudiences } from '../verify/token-kind.js';

interface SigningIssuer {
  readonly type: string;
  readonly audience?: string | readonly string[] | undefined;
  readonly typ?: string | undefined;
}

/**
 * Do the tokens that this server signs for playback and for ingest differ? They need different audiences, or both an
 * explicit type of their own. Otherwise a viewer's token could publish.
 */
export function areDistinct(issuers: {
  readonly playback?: SigningIssuer | undefined;
  readonly ingest?: SigningIssuer | undefined;
}): boolean {
  const [playback, ingest] = [issuers.playback, issuers.ingest];
  if (!playback || !ingest) return true;
  const [forPlayback, forIngest] = [audiencesOf(playback), audiencesOf(ingest)];
  if (!forPlayback || !forIngest) return true;
  if (isStreamTokenType(playback.typ) && isStreamTokenType(ingest.typ) && playback.typ !== ingest.typ)
    return true;
  return !forPlayback.some((audience) => forIngest.includes(audience));
}

/** The audiences of an issuer's tokens; `null` if a vendor signs them. */
function audiencesOf({ type, audience }: SigningIssuer): readonly string[] | null {
  const signsFor = issuerTypes.find((each) => each.type === type)?.signsFor;
  return signsFor ? [audience ?? kindAudiences[signsFor]].flat() : null;
}
