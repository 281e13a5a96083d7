import { checkMediaCookie, type MediaCookieOptions } from '../media-cookie.js';
import type { Secret } from '../secret.js';
import { checkTemplate, checkUrlTemplate } from '../stream-template.js';
import type { MediaCdnAlgorithm } from './media-cdn-key.js';

export interface GoogleMediaCdnIssuerOptions {
  /**
   * `signature`: signed requests (`Expires`, `KeyName`, `Signature`); `token`: a token in one query field, which Media CDN can
   * exchange for a long-duration token. @defaultValue `signature`
   */
  readonly authentication?: 'signature' | 'token';
  /**
   * A key of the keyset. Ed25519: the 32 bytes of the private key in base64, or PEM. HMAC: the shared key in base64.
   */
  readonly key: Secret;
  /** The two HMACs are for tokens only. @defaultValue `ED25519` */
  readonly signatureAlgorithm?: MediaCdnAlgorithm;
  /** The name by which Media CDN finds the key, for `signature`. */
  readonly keyName?: string;
  /**
   * Prefix of the addresses that are opened, a template that ends in a slash: `https://media.example.com/live/{stream}/`.
   * @defaultValue none
   */
  readonly urlPrefix?: string;
  /** Paths that a token opens, templates with the wildcards `*` and `?`: `/live/{stream}/*`. @defaultValue none */
  readonly pathGlobs?: string | readonly string[];
  /**
   * Address of the stream's first playlist, a template. Without `urlPrefix` and `pathGlobs`, it is the only address that is
   * opened. @defaultValue none
   */
  readonly url?: string;
  /**
   * `query`: on every request; `url`: in the query of the entry address only; `path`: as a path segment of the entry address,
   * which relative addresses in the playlists keep; `cookie`: as `Edge-Cache-Cookie`. The last two are for `signature`.
   * @defaultValue `query`, without `urlPrefix` and `pathGlobs` `url`
   */
  readonly placement?: 'query' | 'url' | 'path' | 'cookie';
  /** Query field of the token. @defaultValue `edge-cache-token` */
  readonly tokenQueryParameter?: string;
  /** Media CDN sets the long-duration token as a cookie (`GENERATE_COOKIE`), so that media requests need credentials. */
  readonly sessionCookie?: boolean;
  /** Adds `SessionID` to a token: the id of the grant. @defaultValue false */
  readonly sessionId?: boolean;
  /** Text of your own in a token. @defaultValue none */
  readonly data?: string;
  /** Attributes of the cookie. */
  readonly cookie?: MediaCookieOptions;
  /** Lifetime in seconds, 1 to 31,536,000, if the grant sets none. @defaultValue 300 */
  readonly ttlSeconds?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

/**
 * Checks that the options fit together, and that a token opens one stream only.
 *
 * @throws TypeError
 */
export function checkMediaCdnOptions(
  options: GoogleMediaCdnIssuerOptions,
  authentication: 'signature' | 'token',
  placement: string,
): void {
  const { url, urlPrefix, cookie } = options;
  if (url !== undefined) checkUrlTemplate(url, 'url');
  if (urlPrefix !== undefined) checkPrefix(urlPrefix);
  if (cookie !== undefined) checkMediaCookie(cookie);
  if (/[?&](?:URLPrefix|Expires|KeyName|Signature)=/.test(url ?? ''))
    throw new TypeError('The option url must not contain a field of Media CDN.');
  if (placement === 'url' && url === undefined)
    throw new TypeError('The placement "url" needs the option url, the address of the first playlist.');
  if (authentication === 'token') checkToken(options, placement);
  else checkSignature(options, placement);
}

function checkSignature(
  {
    url,
    urlPrefix,
    keyName,
    pathGlobs,
    signatureAlgorithm,
    sessionId,
    data,
    sessionCookie,
  }: GoogleMediaCdnIssuerOptions,
  placement: string,
): void {
  if (!/^[\w-]+$/.test(keyName ?? ''))
    throw new TypeError('Signed requests need the option keyName, by which Media CDN finds the key.');
  if (signatureAlgorithm !== undefined && signatureAlgorithm !== 'ED25519')
    throw new TypeError('Signed requests are signed with ED25519. HMACs are for authentication: "token".');
  if (pathGlobs !== undefined || sessionId || data !== undefined || sessionCookie)
    throw new TypeError(
      'The options pathGlobs, sessionId, data and sessionCookie need authentication: "token".',
    );
  if (urlPrefix === undefined && placement !== 'url')
    throw new TypeError(
      'Without the option urlPrefix, one address only is signed. Set urlPrefix, or placement to "url".',
    );
  if (placement === 'path' && !url?.startsWith(urlPrefix ?? ''))
    throw new TypeError('The placement "path" needs the option url, which begins with urlPrefix.');
}

function checkToken(
  { urlPrefix, pathGlobs, data, tokenQueryParameter = 'a' }: GoogleMediaCdnIssuerOptions,
  placement: string,
): void {
  if (placement === 'path' || placement === 'cookie')
    throw new TypeError(`The placement "${placement}" needs authentication: "signature".`);
  if (!/^[a-z][\w-]{0,63}$/i.test(tokenQueryParameter))
    throw new TypeError(
      'The option tokenQueryParameter must be a letter, then up to 63 letters, digits, "-" and "_".',
    );
  if (urlPrefix !== undefined && pathGlobs !== undefined)
    throw new TypeError('The options urlPrefix and pathGlobs exclude each other. Set one of them.');
  if (urlPrefix === undefined && pathGlobs === undefined && placement !== 'url')
    throw new TypeError(
      'Without urlPrefix and pathGlobs, the token opens one address only. Set one, or placement to "url".',
    );
  if (data !== undefined && !/^[\w.,:@/+=-]+$/.test(data))
    throw new TypeError(
      'The option data must have letters, digits and the characters . , : @ / + = - _ only.',
    );
  if (pathGlobs === undefined) return;
  const globs = [pathGlobs].flat();
  if (globs.length === 0) throw new TypeError('The option pathGlobs must name at least one path.');
  for (const glob of globs) {
    if (!/^\/[\w.*?/{}-]*$/.test(glob))
      throw new TypeError(
        'Each path of the option pathGlobs must begin with a slash, and have no separator such as , ! ; or ~.',
      );
    checkTemplate(glob, 'pathGlobs');
  }
}

function checkPrefix(urlPrefix: string): void {
  checkUrlTemplate(urlPrefix, 'urlPrefix');
  // Otherwise the prefix of the stream `a` would open the stream `ab`.
  if (!urlPrefix.endsWith('/') || /[?*]/.test(urlPrefix))
    throw new TypeError('The option urlPrefix must end in a slash, and have no query or wildcard.');
}
