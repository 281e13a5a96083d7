import { shownName, type Findings } from './finding.js';
import { isBelow, isLocal, isSameSite, isWithin, readCookies, type SiteCookie } from './site-cookies.js';
import type { DoctorNetwork, Visit } from './visit.js';

export interface CookieCheck {
  readonly network: DoctorNetwork;
  /** Response of the token endpoint. */
  readonly answer: Visit;
  readonly mediaUrl: string;
  readonly findings: Findings;
}

/** Why a cookie does not reach the media. */
interface CookieFault {
  readonly what: string;
  readonly change: string;
  /** `refused`: the browser does not keep it. `elsewhere`: it is for other requests. */
  readonly kind: 'refused' | 'elsewhere';
}

/** Does the cookie of the token endpoint reach the media origin? */
export function checkCookies({ network, answer, mediaUrl, findings }: CookieCheck): void {
  const cookies = readCookies(answer.headers, answer.url);
  if (cookies.length === 0) {
    if (network.cookies.for(mediaUrl).length === 0)
      findings.fault(
        'The request needs a cookie, and neither the token endpoint nor the origin has set one.',
        'Let the token endpoint send Set-Cookie, with a Domain that covers the media origin.',
      );
    return;
  }
  const { pageOrigin } = network;
  const page = pageOrigin === undefined ? null : new URL(pageOrigin).hostname;
  const { hostname: endpoint } = new URL(answer.url);
  const checked = cookies.map((cookie) => ({
    cookie,
    faults: [...refusals(cookie, endpoint), ...detours(cookie, endpoint, new URL(mediaUrl), page)],
  }));
  // Load balancers set cookies of their own, which the media do not need.
  const hasOne = checked.some(({ faults }) => faults.length === 0);
  for (const { cookie, faults } of checked) {
    for (const { what, change, kind } of faults) {
      if (!hasOne) findings.fault(what, change);
      else if (kind === 'refused') findings.warning(what, change);
    }
    if (hasOne && faults.length > 0) continue;
    const isThirdParty = page !== null && !isSameSite(page, new URL(mediaUrl).hostname);
    if (isThirdParty && cookie.sameSite === 'none' && cookie.isSecure && !cookie.isPartitioned)
      findings.warning(
        `The cookie "${shownName(cookie.name)}" is a third-party cookie without Partitioned: Safari, Firefox and some settings of Chrome block it.`,
        'Add Partitioned, or serve media and page on one site.',
      );
  }
}

/** What a browser refuses a cookie for. No colon follows its name: that would look like the name of a secret and its value. */
function refusals(cookie: SiteCookie, endpoint: string): CookieFault[] {
  const { name, domain, isSecure, sameSite, isPartitioned } = cookie;
  const faults: CookieFault[] = [];
  const refuse = (why: string, change: string) =>
    faults.push({
      what: `The browser refuses the cookie "${shownName(name)}", because ${why}.`,
      change,
      kind: 'refused',
    });
  const missing = missingForPrefix(cookie);
  if (missing.length > 0)
    refuse(`its prefix needs ${missing.join(', ')}`, 'Change the attributes, or the name.');
  if (domain !== null && !isWithin(endpoint, domain))
    refuse(
      `${endpoint} may not set one for ${domain}`,
      'Serve the token endpoint below the same domain as the media.',
    );
  if (sameSite === 'none' && !isSecure) refuse('SameSite=None needs Secure', 'Add Secure.');
  if (isPartitioned && !isSecure) refuse('Partitioned needs Secure', 'Add Secure.');
  return faults;
}

/** Why a cookie that the browser keeps is not sent with a request of the media. */
function detours(
  { name, domain, isSecure, sameSite, path, sentBelow }: SiteCookie,
  endpoint: string,
  { hostname: media, protocol, pathname }: URL,
  page: string | null,
): CookieFault[] {
  const faults: CookieFault[] = [];
  const add = (what: string, change: string) =>
    faults.push({ what: `The cookie "${shownName(name)}" ${what}`, change, kind: 'elsewhere' });
  const isForMedia = domain === null ? endpoint === media : isWithin(media, domain);
  // A domain that it may not have is named already.
  if (!isForMedia && (domain === null || isWithin(endpoint, domain)))
    add(
      `is for ${domain ?? endpoint} and does not go to ${media}.`,
      'Set Domain to a domain that both have in common, or use another placement.',
    );
  if (isForMedia && !isBelow(pathname, sentBelow))
    add(
      path?.startsWith('/')
        ? 'has a Path that the media are not below.'
        : 'has no Path, so that it goes only to addresses below the folder of the token endpoint.',
      'Set Path=/, or the path that the media are below.',
    );
  if (page !== null && !isSameSite(page, media) && sameSite !== 'none')
    add(
      `is SameSite=${sameSite ?? 'Lax, the default'}, and the page is on another site than the media.`,
      'Set SameSite=None; Secure; Partitioned, or serve media and page on one site.',
    );
  if (isSecure && protocol === 'http:' && !isLocal(media))
    add('is Secure, and the media are loaded over http.', 'Serve the media over https.');
  return faults;
}

/** @see RFC 6265bis section 4.1.3 */
function missingForPrefix({ name, domain, isSecure, path }: SiteCookie): string[] {
  const isHost = name.toLowerCase().startsWith('__host-');
  if (!isHost && !name.toLowerCase().startsWith('__secure-')) return [];
  return [
    ...(isSecure ? [] : ['Secure']),
    ...(isHost && path !== '/' ? ['Path=/'] : []),
    ...(isHost && domain !== null ? ['no Domain'] : []),
  ];
}
