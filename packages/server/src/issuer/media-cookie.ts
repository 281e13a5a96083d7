import type { OptionNames } from '../http/require-known-options.js';
import * as v from 'valibot';
import { sameSiteOf } from '../http/cookie.js';
import { options, text } from './config-fields.js';
import { fillTemplate } from './stream-template.js';

/** Attributes of the cookies that authorize requests to a CDN. */
export interface MediaCookieOptions {
  /**
   * Attribute `Domain`: a domain of which the token endpoint and the CDN are both subdomains, such as `example.com`. Browsers
   * refuse any other. @defaultValue none: the cookie is sent to the host of the token endpoint only
   */
  readonly domain?: string;
  /**
   * Attribute `Path`, a template with `{stream}`. Without `{stream}`, the cookie of a second stream replaces the first one's.
   * @defaultValue `/`
   */
  readonly path?: string;
  /** Set `None` for pages of another site. The cookie must then be `Secure`. @defaultValue `Lax` */
  readonly sameSite?: 'Strict' | 'Lax' | 'None';
  /** @defaultValue true */
  readonly secure?: boolean;
  /**
   * Attribute `Partitioned` (CHIPS): the browser keeps a cookie of its own for each site around a frame, and also accepts it where it
   * blocks third-party cookies. The cookie is then `SameSite=None` and `Secure`. @defaultValue false
   */
  readonly partitioned?: boolean;
  /** @defaultValue true */
  readonly httpOnly?: boolean;
}

export const mediaCookieOptionNames: OptionNames<MediaCookieOptions> = {
  domain: true,
  path: true,
  sameSite: true,
  secure: true,
  partitioned: true,
  httpOnly: true,
};

/** {@link MediaCookieOptions} in the configuration of `gatecast serve`. */
export const mediaCookieConfig = options({
  domain: v.optional(text),
  path: v.optional(text),
  sameSite: v.optional(v.picklist(['Strict', 'Lax', 'None'])),
  secure: v.optional(v.boolean()),
  partitioned: v.optional(v.boolean()),
  httpOnly: v.optional(v.boolean()),
});

/**
 * Checks the attributes of a cookie.
 *
 * @throws TypeError
 */
export function checkMediaCookie(options: MediaCookieOptions): void {
  const { domain, path = '/', sameSite, secure } = options;
  sameSiteOf(options);
  if (domain !== undefined && !/^\.?[a-z\d-]+(?:\.[a-z\d-]+)*$/i.test(domain))
    throw new TypeError('The option cookie.domain must be a domain name, such as example.com.');
  if (!/^\/[^;\s]*$/.test(path))
    throw new TypeError('The option cookie.path must begin with a slash, and contain no semicolon or space.');
  if (sameSite === 'None' && secure === false)
    throw new TypeError(
      'The option cookie.sameSite "None" needs cookie.secure: browsers refuse the cookie without it.',
    );
}

/**
 * A `Set-Cookie` value. It has no `Max-Age`, so that the browser removes it when it closes: the token in it has an end of its
 * own.
 */
export function mediaCookie(
  name: string,
  value: string,
  options: MediaCookieOptions,
  stream: string,
): string {
  const { domain, path = '/', secure = true, httpOnly = true, partitioned = false } = options;
  return [
    `${name}=${value}`,
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    `Path=${fillTemplate(path, stream, /[;\s]/)}`,
    ...(secure ? ['Secure'] : []),
    ...(httpOnly ? ['HttpOnly'] : []),
    `SameSite=${sameSiteOf(options)}`,
    ...(partitioned ? ['Partitioned'] : []),
  ].join('; ');
}
