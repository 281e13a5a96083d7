import type { Findings } from './finding.js';
import { isLocal, isSameSite, isWithin, readCookies, type SiteCookie } from './site-cookies.js';
import type { DoctorNetwork, Visit } from './visit.js';

export interface CookieCheck {
  readonly network: DoctorNetwork;
  /** Response of the token endpoint. */
  readonly answer: Visit;
  readonly mediaUrl: string;
  readonly findings: Findings;
}

/** Does the cookie of the token endpoint reach the media origin? */
export function checkCookies({ network, answer, mediaUrl, findings }: CookieCheck): void {
  const { hostname: media, protocol } = new URL(mediaUrl);
  const { hostname: endpoint } = new URL(answer.url);
  const cookies = readCookies(answer.headers, endpoint);
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
  for (const cookie of cookies) {
    const { name, domain, isSecure, sameSite, isPartitioned } = cookie;
    checkPrefix(cookie, findings);
    if (domain !== null && !isWithin(endpoint, domain))
      findings.fault(
        `The browser refuses the cookie "${name}": ${endpoint} may not set one for ${domain}.`,
        'Serve the token endpoint below the same domain as the media.',
      );
    else if (!(domain === null ? endpoint === media : isWithin(media, domain)))
      findings.fault(
        `The cookie "${name}" is for ${domain ?? endpoint} and does not go to ${media}.`,
        'Set Domain to a domain that both have in common, or use another placement.',
      );
    if (sameSite === 'none' && !isSecure)
      findings.fault(`The browser refuses the cookie "${name}": SameSite=None needs Secure.`, 'Add Secure.');
    if (page !== null && !isSameSite(page, media) && sameSite !== 'none')
      findings.fault(
        `The cookie "${name}" is SameSite=${sameSite ?? 'Lax, the default'}, and the page is on another site than the media.`,
        'Set SameSite=None; Secure; Partitioned, or serve media and page on one site.',
      );
    else if (page !== null && !isSameSite(page, media) && isSecure && !isPartitioned)
      findings.warning(
        `The cookie "${name}" is a third-party cookie without Partitioned: Safari, Firefox and some settings of Chrome block it.`,
        'Add Partitioned, or serve media and page on one site.',
      );
    if (isPartitioned && !isSecure)
      findings.fault(`The browser refuses the cookie "${name}": Partitioned needs Secure.`, 'Add Secure.');
    if (isSecure && protocol === 'http:' && !isLocal(media))
      findings.fault(
        `The cookie "${name}" is Secure, and the media are loaded over http.`,
        'Serve the media over https.',
      );
  }
}

/** @see RFC 6265bis section 4.1.3 */
function checkPrefix({ name, domain, isSecure, path }: SiteCookie, findings: Findings): void {
  const isHost = name.toLowerCase().startsWith('__host-');
  if (!isHost && !name.toLowerCase().startsWith('__secure-')) return;
  const missing = [
    ...(isSecure ? [] : ['Secure']),
    ...(isHost && path !== '/' ? ['Path=/'] : []),
    ...(isHost && domain !== null ? ['no Domain'] : []),
  ];
  if (missing.length > 0)
    findings.fault(
      `The browser refuses the cookie "${name}": its prefix needs ${missing.join(', ')}.`,
      'Change the attributes, or the name.',
    );
}
