import { jwtVerify } from 'jose';
import { toNumericDate } from '@gatecast/contract';
import { signClaims } from '../key/sign-claims.js';
import type { KeySet } from '../key/key-set.js';
import { localKeyResolver } from '../key/local-key-resolver.js';
import { readCookie } from '../http/cookie.js';
import { Problem } from '../http/problem.js';

export interface PlaylistCookieOptions {
  readonly keys: KeySet;
  /** Path of the signer, to which the cookie is bound. @defaultValue `/hls/sign` */
  readonly path?: string;
  /** Life of the cookie in seconds; each token request restarts it. @defaultValue 300 */
  readonly ttlSeconds?: number;
  /** Name of the cookie. @defaultValue `gatecast_playlists` */
  readonly name?: string;
  /** `None` is for players on another site; it makes the cookie `Secure`. @defaultValue `Lax` */
  readonly sameSite?: 'Strict' | 'Lax' | 'None';
  /** @defaultValue true on https and with `sameSite: 'None'` */
  readonly secure?: boolean;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

/**
 * A stream and its end in NumericDate seconds. Each has its own: were they all renewed together, a stream that nobody
 * grants any more would stay open for as long as any other is asked for.
 */
type Grant = readonly [stream: string, end: number];

/** Who may have which playlists through the signer. */
export interface PlaylistCookieContent {
  readonly streams: readonly string[];
  readonly user: string | undefined;
}

/** The cookie by which the playlist signer identifies a player. */
export interface PlaylistCookie {
  /**
   * A `Set-Cookie` value that adds `streams` to those the request's own cookie already allows; each of those ends when
   * it would have ended without.
   */
  cookie(request: Request, streams: readonly string[], user?: string): Promise<string>;
  /** @throws Problem `playlist-cookie-missing` (401), `playlist-cookie-invalid` (403) */
  read(request: Request): Promise<PlaylistCookieContent>;
}

/** Keeps the cookie well under the 4,096 bytes that browsers store. */
const MAX_STREAMS = 32;
const MAX_NAMES_LENGTH = 1800;
/** What a grant takes besides its stream's name: brackets, quotes, commas and ten digits. */
const GRANT_LENGTH = 16;
const AUDIENCE = 'playlist-signer';
/** Its own type, so that it is never taken for a media token, nor one for it (RFC 8725 section 3.11). */
const TYP = 'gatecast-playlists+jwt';

/** A signed cookie, HttpOnly and bound to the signer's path: no store is needed, and any instance can read it. */
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
        hint: 'Request a token first, with credentials: the token endpoint sets the cookie.',
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
        hint: 'Request a token again: the token endpoint renews the cookie.',
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
      // Another user of the same browser must not inherit them.
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

/** The newest grants, one for each stream, as many as fit. */
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
