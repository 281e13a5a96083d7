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
  if (!playback || !ingest || !isSigned(playback) || !isSigned(ingest)) return true;
  if (isStreamTokenType(playback.typ) && isStreamTokenType(ingest.typ) && playback.typ !== ingest.typ)
    return true;
  const forIngest = audiencesOf(ingest);
  return !audiencesOf(playback).some((audience) => forIngest.includes(audience));
}

function isSigned({ type }: SigningIssuer): boolean {
  return type === 'jwt' || type === 'ingest-jwt';
}

function audiencesOf({ type, audience }: SigningIssuer): readonly string[] {
  return [audience ?? (type === 'jwt' ? kindAudiences.playback : kindAudiences.ingest)].flat();
}
