import type { OptionNames } from '../http/require-known-options.js';
import { base64url } from 'jose';
import { cookieNames, readCookies, sameSiteOf, setCookie, type ClientScheme } from '../http/cookie.js';

/** Options of the cookie that tells the devices of a user apart. */
export interface SessionCookieOptions {
  /** Name of the cookie, without the prefix `__Host-`, which it has if it is `Secure`. @defaultValue `gatecast_session` */
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
  /** Lifetime in seconds. Each token request renews it. @defaultValue 43,200 */
  readonly maxAgeSeconds?: number;
}

export const sessionCookieOptionNames: OptionNames<SessionCookieOptions> = {
  name: true,
  sameSite: true,
  secure: true,
  partitioned: true,
  maxAgeSeconds: true,
};

/** The playback session of a request: one browser profile, also after a reload. */
export interface PlaybackSession {
  readonly id: string;
  /** The request had no session cookie. */
  readonly isNew: boolean;
  /** `Set-Cookie` value for the response. */
  readonly setCookie: string;
}

const ID_BYTES = 16;
const ID = /^[\w-]{22}$/;

/**
 * Reads the session cookie of a request, or starts a session.
 *
 * The id is random and says nothing about who the user is: it only separates the devices of a user that `authorize` named. A
 * client without the cookie is a new device, so dropping the cookie gains nothing. Users who copy the cookie to another
 * device share one place. Where that matters, let `authorize` return the `device` of your own sign-in.
 */
export function readPlaybackSession(
  options: SessionCookieOptions,
  request: Request,
  client: ClientScheme,
): PlaybackSession {
  const { name = 'gatecast_session', secure, partitioned, maxAgeSeconds = 43_200 } = options;
  const attributes = { name, path: '/', sameSite: sameSiteOf(options), secure, partitioned };
  const known = cookieNames(attributes, request, client)
    .flatMap((each) => readCookies(request, each))
    .find((value) => ID.test(value));
  const id = known ?? base64url.encode(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
  return {
    id,
    isNew: known === undefined,
    setCookie: setCookie(attributes, id, maxAgeSeconds, request, client),
  };
}
