import { jwtIssuer, type JwtIssuerOptions } from './jwt-issuer.js';
import type { IssueRequest, TokenIssuer } from './token-issuer.js';

export interface IngestJwtIssuerOptions extends JwtIssuerOptions {
  /**
   * Address of the ingest, or a function of the stream. With it the token also carries the Webcaster's claims
   * `ingesturl` and `streamname`.
   */
  readonly ingestUrl?: string | ((stream: string) => string);
}

/**
 * Issues tokens for publishers: `sub` is the stream for WHIP endpoints, `ingesturl` and `streamname` are what the
 * Webcaster reads, with `iat` and `nbf`.
 *
 * The audience is `ingest` by default and never that of playback, so that a viewer's token cannot publish.
 */
export function ingestJwtIssuer(options: IngestJwtIssuerOptions): TokenIssuer {
  const { ingestUrl, ...rest } = options;
  const inner = jwtIssuer({ audience: 'ingest', include: ['iat', 'nbf'], ...rest });
  return {
    issue(request: IssueRequest) {
      if (ingestUrl === undefined) return inner.issue(request);
      const url = typeof ingestUrl === 'function' ? ingestUrl(request.stream) : ingestUrl;
      const claims = { ...request.grant.claims, ingesturl: url, streamname: request.stream };
      return inner.issue({ ...request, grant: { ...request.grant, claims } });
    },
  };
}
