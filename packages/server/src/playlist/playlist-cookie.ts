import { errors, jwtVerify } from 'jose';
import { toNumericDate } from '@gatecast/contract';
import type { IssuedGrant } from '../grant/grant.js';
import { cookieNames, readCookies, sameSiteOf, setCookie, type ClientScheme } from '../http/cookie.js';
import { silentLogger, type Logger } from '../http/logger.js';
import { Problem } from '../http/problem.js';
import type { KeySet } from '../key/key-set.js';
import { localKeyResolver } from '../key/local-key-resolver.js';
import { signClaims } from '../key/sign-claims.js';
import { packGrants, unpackGrants } from './cookie-claims.js';
import { requireKnownOptions } from '../http/require-known-options.js';

export interface PlaylistCookieOptions {
  /** Keys that sign and verify the cookie. */
  readonly keys: KeySet;
  /**
   * Attribute `Path`. It must cover the token endpoint, which adds to the cookie, and the signer. With `/`, a `Secure` cookie
   * has the prefix `__Host-`, with another path only `__Secure-`. @defaultValue `/`
   */
  readonly path?: string;
  /** Longest lifetime of the cookie in seconds. A stream in it ends earlier if its token does. @defaultValue 300 */
  readonly ttlSeconds?: number;
  /** Name of the cookie, without prefix. @defaultValue `gatecast_playlists` */
  readonly name?: string;
  /** Set `None` for players on another site. The cookie is then `Secure`. @defaultValue `Lax` */
  readonly sameSite?: 'Strict' | 'Lax' | 'None';
  /** Attribute `Secure`. @defaultValue true if the client uses https, and with `sameSite: 'None'` */
  readonly secure?: boolean;
  /**
   * Attribute `Partitioned` (CHIPS): the browser keeps a cookie of its own for each site around a frame, and also accepts it where it
   * blocks third-party cookies. The cookie is then `SameSite=None` and `Secure`. @defaultValue false
   */
  readonly partitioned?: boolean;
  /** Receives a warning if streams do not fit into the cookie. @defaultValue logs nothing */
  readonly logger?: Logger;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

/** A stream whose playlists the signer may return, and for whom. */
export interface PlaylistGrant extends IssuedGrant {
  /** User that `authorize` returned. */
  readonly user: string | undefined;
  /** Device that `authorize` returned, or the playback session. */
  readonly session: string | undefined;
}

/** Content of the valid playlist cookies of a request. */
export interface PlaylistCookieContent {
  /**
   * What the signer may issue tokens from: pass the grant of a stream to `issuer.issue`, with a `ttlSeconds` that the player
   * needs. Its claims, restrictions, id and end go along, so the token is never longer or broader than the one that the
   * token endpoint issued. Ask `isRevoked(revocationClaims(grant))` first.
   */
  readonly grants: readonly PlaylistGrant[];
}

/** A change of the playlist cookie after a token request. */
export interface PlaylistCookieChange {
  /** User of the request. Streams of another user leave the cookie. `null` if the request does not show who the user is. */
  readonly user: string | undefined | null;
  readonly session?: string | undefined;
  /** Streams for which a token was issued. */
  readonly granted?: readonly IssuedGrant[];
  /** Streams that `authorize` refused, or `all` if it refused the caller. They leave the cookie. */
  readonly refused?: readonly string[] | 'all';
}

/** Writes and reads the cookie that authenticates players to the playlist signer. */
export interface PlaylistCookie {
  /** Keys that sign the cookie, and the links with which the playlist signer names other playlists. */
  readonly keys: KeySet;
  /**
   * Creates a `Set-Cookie` value with the granted streams, and with those of the request's cookie that belong to the same
   * user, each with its own end. `null` if the cookie of the request stays as it is.
   */
  cookie(request: Request, change: PlaylistCookieChange, client?: ClientScheme): Promise<string | null>;
  /** @throws Problem `playlist-cookie-missing` (401), `playlist-cookie-invalid` (403) */
  read(request: Request, client?: ClientScheme): Promise<PlaylistCookieContent>;
}

/** Browsers store at most 4,096 bytes of name and value (RFC 6265bis section 5.6). */
const MAX_BYTES = 4096;
const LONGEST_PREFIX = '__Secure-'.length;
const AUDIENCE = 'playlist-signer';
/** A separate type, so that the cookie is not accepted as a media token, or a token as the cookie (RFC 8725 section 3.11). */
const TYP = 'gatecast-playlists+jwt';

/**
 * Creates the cookie of the playlist signer: a signed JWT, `HttpOnly`. It needs no store, and every instance with the same
 * keys can read it.
 *
 * @example
 * ```ts
 * const cookie = createPlaylistCookie({ keys });
 * const tokens = createTokenHandler({ issuers, authorize, playlistCookie: cookie });
 * const signer = createPlaylistSigner({ issuer, cookie, upstreams: ['https://cdn.example.com'] });
 * ```
 */
export function createPlaylistCookie(options: PlaylistCookieOptions): PlaylistCookie {
  requireKnownOptions('createPlaylistCookie', options, optionNames);
  const { keys, ttlSeconds = 300, logger = silentLogger, now = Date.now } = options;
  const attributes = {
    name: options.name ?? 'gatecast_playlists',
    path: options.path ?? '/',
    sameSite: sameSiteOf(options),
    secure: options.secure,
    partitioned: options.partitioned,
  };
  const findKey = localKeyResolver(keys);

  /** The grants of one cookie, or `null` if the cookie is not valid. */
  async function readValue(value: string): Promise<PlaylistGrant[] | null> {
    try {
      const { payload: claims } = await jwtVerify(value, findKey, {
        algorithms: ['RS256', 'ES256', 'EdDSA'],
        audience: AUDIENCE,
        typ: TYP,
        requiredClaims: ['exp'],
        currentDate: new Date(now()),
      });
      const { sub: user, sid } = claims;
      const session = typeof sid === 'string' ? sid : undefined;
      return unpackGrants(claims)
        .filter(({ expiresAt }) => expiresAt * 1000 > now())
        .map((grant) => ({ ...grant, user, session }));
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }

  /** A page of a sibling subdomain can add cookies of this name. A valid one counts, whatever the others are. */
  async function readAll(request: Request, client: ClientScheme) {
    const values = cookieNames(attributes, request, client).flatMap((name) => readCookies(request, name));
    const contents = await Promise.all(values.map(readValue));
    return { isSent: values.length > 0, valid: contents.filter((content) => content !== null) };
  }

  /** Signs twice if the grants do not all fit: the size of a signature depends on the key. */
  async function sign(grants: readonly IssuedGrant[], identity: Record<string, unknown>) {
    const exp = Math.max(...grants.map(({ expiresAt }) => expiresAt));
    const value = await signClaims(keys, { aud: AUDIENCE, exp, ...identity, ...packGrants(grants) }, TYP);
    return { value, exp, excess: LONGEST_PREFIX + attributes.name.length + value.length - MAX_BYTES };
  }

  async function signFitting(grants: readonly IssuedGrant[], identity: Record<string, unknown>) {
    const first = await sign(grants, identity);
    if (first.excess <= 0) return first;
    const kept = fitting(grants, first.excess);
    const omitted = grants.filter((grant) => !kept.includes(grant)).map(({ stream }) => stream);
    logger.warn(
      { streams: omitted },
      'The playlist cookie is full. The playlist signer refuses these streams',
    );
    return kept.length === 0 ? null : sign(kept, identity);
  }

  return {
    keys,
    async read(request, client = {}) {
      const { isSent, valid } = await readAll(request, client);
      if (!isSent) {
        throw new Problem('playlist-cookie-missing', 'The request has no playlist cookie.', {
          hint: 'Request a token with credentials first. The token endpoint sets the cookie.',
        });
      }
      if (valid.length === 0) {
        throw new Problem('playlist-cookie-invalid', 'The playlist cookie is invalid or has expired.', {
          hint: 'Request a token with credentials again. The token endpoint renews the cookie.',
        });
      }
      return { grants: firstOfEach(valid.flat()) };
    },

    async cookie(request, change, client = {}) {
      const { granted = [], refused = [] } = change;
      const earlier = firstOfEach((await readAll(request, client)).valid.flat());
      const user = change.user === null ? earlier[0]?.user : change.user;
      const replaced = new Set(granted.map(({ stream }) => stream));
      // Another user of the same browser must not get these streams.
      const known = earlier.filter(
        ({ stream, ...grant }) =>
          grant.user === user && !replaced.has(stream) && refused !== 'all' && !refused.includes(stream),
      );
      const latest = toNumericDate(now()) + ttlSeconds;
      const added = granted
        .map((grant) => ({ ...grant, expiresAt: Math.min(grant.expiresAt, latest) }))
        .filter(({ expiresAt }) => expiresAt * 1000 > now());
      if (added.length === 0 && known.length === earlier.length) return null;
      const session = change.session ?? known[0]?.session;
      const identity = {
        ...(user !== undefined && { sub: user }),
        ...(session !== undefined && { sid: session }),
      };
      const grants = [...added, ...known];
      const signed = grants.length === 0 ? null : await signFitting(grants, identity);
      const [value, maxAgeSeconds] = signed
        ? [signed.value, Math.max(1, Math.ceil(signed.exp - now() / 1000))]
        : ['', 0];
      return setCookie(attributes, value, maxAgeSeconds, request, client);
    },
  };
}

function firstOfEach(grants: readonly PlaylistGrant[]): PlaylistGrant[] {
  return [...new Map(grants.map((grant) => [grant.stream, grant] as const).toReversed()).values()].reverse();
}

/** As many grants as fit, the first ones first, if `excess` characters of the signed text must go. */
function fitting(grants: readonly IssuedGrant[], excess: number): IssuedGrant[] {
  const sizeOf = (some: readonly IssuedGrant[]) =>
    new TextEncoder().encode(JSON.stringify(packGrants(some))).length;
  // Base64url writes three bytes as four characters.
  const budget = sizeOf(grants) - Math.ceil((excess * 3) / 4) - 1;
  const kept: IssuedGrant[] = [];
  for (const grant of grants) if (sizeOf([...kept, grant]) <= budget) kept.push(grant);
  return kept;
}

const optionNames: Readonly<Record<keyof PlaylistCookieOptions, true>> = {
  keys: true,
  path: true,
  ttlSeconds: true,
  name: true,
  sameSite: true,
  secure: true,
  partitioned: true,
  logger: true,
  now: true,
};
