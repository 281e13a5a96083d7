import { jwtVerify } from 'jose';
import { toNumericDate } from '@gatecast/contract';
import { signClaims } from '../key/sign-claims.js';
import type { KeySet } from '../key/key-set.js';
import { localKeyResolver } from '../key/local-key-resolver.js';
import { readCookie } from '../http/cookie.js';
import { Problem } from '../http/problem.js';

export interface PlaylistCookieOptions {
  /** Keys that sign and verify the cookie. */
  readonly keys: KeySet;
  /** Path of the signer: the cookie's attribute `Path`. @defaultValue `/hls/sign` */
  readonly path?: string;
  /** Lifetime of the cookie in seconds. Each token request renews it. @defaultValue 300 */
  readonly ttlSeconds?: number;
  /** Name of the cookie. @defaultValue `gatecast_playlists` */
  readonly name?: string;
  /** Set `None` for players on another site. The cookie is then `Secure`. @defaultValue `Lax` */
  readonly sameSite?: 'Strict' | 'Lax' | 'None';
  /** Attribute `Secure`. @defaultValue true for https requests and with `sameSite: 'None'` */
  readonly secure?: boolean;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

/**
 * A stream and its expiry in NumericDate seconds. Each stream has its own expiry: a request for one stream must not renew
 * the access to another that `authorize` no longer allows.
 */
type Grant = readonly [stream: string, end: number];

/** Content of the cookie: the streams whose playlists the signer may return. */
export interface PlaylistCookieContent {
  readonly streams: readonly string[];
  /** User that `authorize` returned. */
  readonly user: string | undefined;
}

/** Writes and reads the cookie that authenticates players to the playlist signer. */
export interface PlaylistCookie {
  /**
   * Creates a `Set-Cookie` value that allows `streams`, and those of the request's cookie with their previous expiry.
   */
  cookie(request: Request, streams: readonly string[], user?: string): Promise<string>;
  /** @throws Problem `playlist-cookie-missing` (401), `playlist-cookie-invalid` (403) */
  read(request: Request): Promise<PlaylistCookieContent>;
}

/** These limits keep the cookie below the 4,096 bytes that browsers store. */
const MAX_STREAMS = 32;
const MAX_NAMES_LENGTH = 1800;
/** Characters of a grant besides the stream name: brackets, quotes, commas and ten digits. */
const GRANT_LENGTH = 16;
const AUDIENCE = 'playlist-signer';
/** A separate type, so that the cookie is not accepted as a media token, or a token as the cookie (RFC 8725 section 3.11). */
const TYP = 'gatecast-playlists+jwt';

/**
 * Creates the cookie of the playlist signer: a signed JWT, `HttpOnly` and limited to the signer's path. It needs no store,
 * and every instance with the same keys can read it.
 *
 * @example
 * ```ts
 * const cookie = createPlaylistCookie({ keys });
 * const tokens = createTokenHandler({ issuers, authorize, playlistCookie: cookie });
 * const signer = createPlaylistSigner({ issuer, cookie, upstreams: ['https://cdn.example.com'] });
 * ```
 */
export function createPlaylistCookie(options: PlaylistCookieOptions): PlaylistCookie {
  const {
    keys,
    path = '/hls/sign',
    ttlSeconds = 300,
    name = 'gatecast_playlists',
    sameSite = 'Lax',
    now = Date.now,
  } = options;
  const findKey = localKeyResolver(keys);

  async function readGrants(request: Request): Promise<{ grants: Grant[]; user: string | undefined }> {
    const value = readCookie(request, name);
    if (value === null) {
      throw new Problem('playlist-cookie-missing', 'The request has no playlist cookie.', {
        hint: 'Request a token with credentials first. The token endpoint sets the cookie.',
      });
    }
    const { payload: claims } = await jwtVerify(value, findKey, {
      algorithms: ['RS256', 'ES256', 'EdDSA'],
      audience: AUDIENCE,
      typ: TYP,
      requiredClaims: ['exp'],
      currentDate: new Date(now()),
    }).catch((error: unknown) => {
      throw new Problem('playlist-cookie-invalid', 'The playlist cookie is invalid or has expired.', {
        hint: 'Request a token with credentials again. The token endpoint renews the cookie.',
        cause: error,
      });
    });
    const listed = Array.isArray(claims['streams']) ? claims['streams'].filter(isGrant) : [];
    return { grants: listed.filter(([, end]) => end * 1000 > now()), user: claims.sub };
  }

  return {
    async read(request) {
      const { grants, user } = await readGrants(request);
      return { streams: grants.map(([stream]) => stream), user };
    },
    async cookie(request, streams, user) {
      const earlier = await readGrants(request).catch(() => null);
      // Another user of the same browser must not get these streams.
      const known = earlier && earlier.user === user ? earlier.grants : [];
      const exp = toNumericDate(now()) + ttlSeconds;
      const granted = streams.map((stream): Grant => [stream, exp]);
      const claims = {
        aud: AUDIENCE,
        exp,
        ...(user !== undefined && { sub: user }),
        streams: bounded([...granted, ...known]),
      };
      const value = await signClaims(keys, claims, TYP);
      const isSecure = options.secure ?? (sameSite === 'None' || new URL(request.url).protocol === 'https:');
      const attributes = [
        `Path=${path}`,
        `Max-Age=${String(ttlSeconds)}`,
        'HttpOnly',
        `SameSite=${sameSite}`,
      ];
      return [`${name}=${value}`, ...attributes, ...(isSecure ? ['Secure'] : [])].join('; ');
    },
  };
}

/** The newest grants, one per stream, as many as fit into the cookie. */
function bounded(grants: readonly Grant[]): Grant[] {
  const newest = new Map(grants.toReversed());
  let length = 0;
  return [...newest]
    .reverse()
    .slice(0, MAX_STREAMS)
    .filter(([stream]) => {
      length += encodeURIComponent(stream).length + GRANT_LENGTH;
      return length <= MAX_NAMES_LENGTH;
    });
}

function isGrant(item: unknown): item is Grant {
  return Array.isArray(item) && typeof item[0] === 'string' && typeof item[1] === 'number';
}
