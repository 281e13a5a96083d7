/**
 * The values of a request's cookie, in the order of the header. There may be several: a page of a sibling subdomain can set
 * a cookie of the same name for the whole domain (RFC 6265 section 8.6).
 */
export function readCookies(request: Request, name: string): string[] {
  return (request.headers.get('Cookie') ?? '').split(';').flatMap((pair) => {
    const separator = pair.indexOf('=');
    const isNamed = separator > 0 && pair.slice(0, separator).trim() === name;
    return isNamed ? [pair.slice(separator + 1).trim()] : [];
  });
}

/** Attributes of a cookie that this package sets. */
export interface CookieAttributes {
  /** Name without a prefix. */
  readonly name: string;
  readonly path: string;
  /** Set `None` for players on another site. The cookie is then `Secure`. */
  readonly sameSite: 'Strict' | 'Lax' | 'None';
  /** Attribute `Partitioned`, for players in a frame on another site. The cookie is then `Secure` and `SameSite=None`. */
  readonly partitioned?: boolean | undefined;
  /** Attribute `Secure`; `undefined` if the scheme of the request decides. */
  readonly secure: boolean | undefined;
}

/** The scheme of a request as the client used it; see `HandlerContext`. */
export interface ClientScheme {
  readonly protocol?: 'http' | 'https' | undefined;
}

/**
 * The names under which a request may hold a cookie. Over https only names with a prefix count, because another host of the
 * domain cannot set `__Host-` (RFC 6265bis section 4.1.3.2).
 */
export function cookieNames(
  { name, path, secure, partitioned = false }: CookieAttributes,
  request: Request,
  client: ClientScheme,
): string[] {
  const prefixed = prefixOf(path) + name;
  return (secure ?? (partitioned || isHttps(request, client))) ? [prefixed] : [prefixed, name];
}

/** A `Set-Cookie` value, `HttpOnly`. With `maxAgeSeconds` 0 the browser removes the cookie. */
export function setCookie(
  attributes: CookieAttributes,
  value: string,
  maxAgeSeconds: number,
  request: Request,
  client: ClientScheme,
): string {
  const { name, path, sameSite, secure, partitioned = false } = attributes;
  const isSecure = secure ?? (sameSite === 'None' || isHttps(request, client));
  const parts = [
    `${isSecure ? prefixOf(path) : ''}${name}=${value}`,
    `Path=${path}`,
    `Max-Age=${String(maxAgeSeconds)}`,
    'HttpOnly',
    `SameSite=${sameSite}`,
  ];
  return [...parts, ...(isSecure ? ['Secure'] : []), ...(partitioned ? ['Partitioned'] : [])].join('; ');
}

/**
 * `SameSite` of a cookie. A partitioned one is for frames of other sites, which get no cookie with another value.
 *
 * @throws TypeError if the options contradict each other: browsers would refuse the cookie, or never send it.
 */
export function sameSiteOf({ sameSite, secure, partitioned }: SiteOptions): CookieAttributes['sameSite'] {
  if (!partitioned) return sameSite ?? 'Lax';
  if (secure === false) throw new TypeError('A cookie with the option partitioned needs secure.');
  if (sameSite !== undefined && sameSite !== 'None')
    throw new TypeError('A cookie with the option partitioned needs sameSite "None".');
  return 'None';
}

/** Options of a cookie that depend on each other. */
export interface SiteOptions {
  readonly sameSite?: CookieAttributes['sameSite'] | undefined;
  readonly secure?: boolean | undefined;
  readonly partitioned?: boolean | undefined;
}

/** Browsers accept `__Host-` only with `Path=/`. */
function prefixOf(path: string): string {
  return path === '/' ? '__Host-' : '__Secure-';
}

function isHttps(request: Request, { protocol }: ClientScheme): boolean {
  // In plain JavaScript also `https:`, as `URL` writes it. Only `http` takes the protection away.
  if (protocol !== undefined) return !/^http:?$/i.test(protocol);
  return new URL(request.url).protocol === 'https:';
}
