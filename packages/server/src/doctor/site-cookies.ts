/** A cookie that a server has set. */
export interface SiteCookie {
  readonly name: string;
  readonly value: string;
  /** Host that set it. */
  readonly host: string;
  /** Attribute `Domain`, without a dot at its start; `null` without it. */
  readonly domain: string | null;
  readonly isSecure: boolean;
  readonly sameSite: 'strict' | 'lax' | 'none' | null;
  /** Attribute `Partitioned`: kept for each top-level site, also where third-party cookies are blocked. */
  readonly isPartitioned: boolean;
  /** Attribute `Path`; `null` without it. */
  readonly path: string | null;
  /** It goes to this path and those below it: `path`, or the folder of the address that set it. */
  readonly sentBelow: string;
}

/** Keeps cookies as a browser does, as far as requests of a player depend on them. */
export class SiteCookies {
  readonly #cookies = new Map<string, SiteCookie>();

  keep(headers: Headers, url: string): void {
    const { hostname } = new URL(url);
    for (const cookie of readCookies(headers, url)) {
      // A browser refuses a cookie for another domain.
      if (cookie.domain !== null && !isWithin(hostname, cookie.domain)) continue;
      this.#cookies.set(`${cookie.domain ?? hostname} ${cookie.sentBelow} ${cookie.name}`, cookie);
    }
  }

  addTo(headers: Headers, url: string): void {
    const pairs = this.for(url).map(({ name, value }) => `${name}=${value}`);
    const given = headers.get('Cookie');
    if (pairs.length > 0) headers.set('Cookie', [...(given === null ? [] : [given]), ...pairs].join('; '));
  }

  /** The cookies that a request to this address has. */
  for(url: string): SiteCookie[] {
    const { hostname, protocol, pathname } = new URL(url);
    return [...this.#cookies.values()]
      .filter(
        ({ host, domain, isSecure, sentBelow }) =>
          (domain === null ? host === hostname : isWithin(hostname, domain)) &&
          (!isSecure || protocol === 'https:' || isLocal(hostname)) &&
          isBelow(pathname, sentBelow),
      )
      .sort((a, b) => b.sentBelow.length - a.sentBelow.length);
  }
}

/** The cookies of a response, also those that a browser would refuse. */
export function readCookies(headers: Headers, url: string): SiteCookie[] {
  const { hostname: host, pathname } = new URL(url);
  return headers.getSetCookie().flatMap((line) => {
    const [pair = '', ...attributes] = line.split(';');
    const at = pair.indexOf('=');
    if (at < 1) return [];
    const read = new Map(
      attributes.map((each) => {
        const [name = '', value = ''] = each.split('=');
        return [name.trim().toLowerCase(), value.trim()];
      }),
    );
    const sameSite = read.get('samesite')?.toLowerCase();
    const path = read.get('path') ?? null;
    const domain = read.get('domain')?.replace(/^\./, '').toLowerCase();
    return {
      name: pair.slice(0, at).trim(),
      value: pair.slice(at + 1).trim(),
      host,
      domain: domain === undefined || domain === '' ? null : domain,
      isSecure: read.has('secure'),
      isPartitioned: read.has('partitioned'),
      path,
      sentBelow: path?.startsWith('/') ? path : folderOf(pathname),
      sameSite: sameSite === 'strict' || sameSite === 'lax' || sameSite === 'none' ? sameSite : null,
    };
  });
}

/** @see RFC 6265 section 5.1.4, default-path */
function folderOf(pathname: string): string {
  return pathname.slice(0, pathname.lastIndexOf('/')) || '/';
}

/** @see RFC 6265 section 5.1.4, path-match */
export function isBelow(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}

export function isWithin(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !/^[\d.]+$|:/.test(host));
}

/** A host of this machine. Browsers treat it as secure. */
export function isLocal(host: string): boolean {
  return /^(?:localhost|.+\.localhost|127\.[\d.]+|\[::1\])$/.test(host);
}

/** Is an address readable for everybody on the network? */
export function isOpenHttp(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !isLocal(hostname);
}

/** Are two hosts of one site? Without the list of public suffixes: the last two labels are equal. */
export function isSameSite(a: string, b: string): boolean {
  const site = (host: string) => (/^[\d.]+$|:/.test(host) ? host : host.split('.').slice(-2).join('.'));
  return site(a) === site(b);
}
