import { signedJwt, type SignedJwtOptions } from '../signed-jwt.js';
import type { IssueRequest, TokenIssuer } from '../token-issuer.js';

export interface IngestJwtIssuerOptions extends SignedJwtOptions {
  /** `aud`. @defaultValue `ingest` */
  readonly audience?: string | readonly string[];
  /** Claims that are added to `sub`, `aud` and `exp`. @defaultValue `iat`, `nbf` */
  readonly include?: readonly ('iat' | 'nbf' | 'jti')[];
  /**
   * Address of the ingest, or a function of the stream. With it the token also carries the claims that the vendor's
   * Webcaster reads: `ingesturl` and `streamname`.
   */
  readonly ingestUrl?: string | ((stream: string) => string);
}

/**
 * Issues tokens for publishers: `sub` is the stream for WHIP endpoints, `ingesturl` and `streamname` are what the
 * Webcaster reads, with `iat` and `nbf`.
 *
 * The default audience is `ingest` and differs from that of playback: a viewer's token cannot publish.
 *
 * @throws Problem `issuer-parameter-invalid` from `issue` for a restriction by address or referer.
 * @throws TypeError from `issue` if a lifetime or time claim is not in seconds.
 */
export function ingestJwtIssuer(options: IngestJwtIssuerOptions): TokenIssuer {
  const { ingestUrl, ...rest } = options;
  const inner = signedJwt({ audience: 'ingest', include: ['iat', 'nbf'], ...rest }, 'ingestJwtIssuer');
  return {
    issue(request: IssueRequest) {
      if (ingestUrl === undefined) return inner.issue(request);
      const url = typeof ingestUrl === 'function' ? ingestUrl(request.stream) : ingestUrl;
      const claims = { ...request.grant.claims, ingesturl: url, streamname: request.stream };
      return inner.issue({ ...request, grant: { ...request.grant, claims } });
    },
  };
}
