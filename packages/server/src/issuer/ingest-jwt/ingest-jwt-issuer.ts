import { signedJwt, signedJwtOptionNames, type SignedJwtOptions } from '../signed-jwt.js';
import type { IssueRequest, TokenIssuer } from '../token-issuer.js';
import { requireKnownOptions } from '../../http/require-known-options.js';

export interface IngestJwtIssuerOptions extends SignedJwtOptions {
  /** Claim `aud`. @defaultValue `ingest` */
  readonly audience?: string | readonly string[];
  /** Claims to add to `sub`, `aud` and `exp`. @defaultValue `['iat', 'nbf']` */
  readonly include?: readonly ('iat' | 'nbf' | 'jti')[];
  /**
   * Ingest URL (`rtmp(s)://` or `http(s)://`), or a function that returns it for a stream. If set, the token also has the
   * claims `ingesturl` and `streamname`, which the nanocosmos Webcaster reads.
   *
   * @defaultValue none
   */
  readonly ingestUrl?: string | ((stream: string) => string);
}

/**
 * Issues tokens for publishers, signed by this server. WHIP endpoints read the stream from `sub`; the nanocosmos
 * Webcaster reads `ingesturl` and `streamname`.
 *
 * The default audience `ingest` differs from that of playback tokens, so that a viewer's token cannot publish.
 *
 * @example
 * ```ts
 * const issuer = ingestJwtIssuer({ keys, ttlSeconds: 3600, ingestUrl: 'rtmp://ingest.example.com/live' });
 * ```
 * @throws Problem `issuer-parameter-invalid` from `issue` if the grant restricts the IP address or the referer.
 * @throws TypeError if `ttlSeconds` is not a whole number from 1 to 31,536,000; from `issue` also if a time claim is not
 *   in seconds.
 */
export function ingestJwtIssuer(options: IngestJwtIssuerOptions): TokenIssuer {
  requireKnownOptions('ingestJwtIssuer', options, optionNames);
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

const optionNames: Readonly<Record<keyof IngestJwtIssuerOptions, true>> = {
  ...signedJwtOptionNames,
  ingestUrl: true,
};
