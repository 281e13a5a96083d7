import type { AuthorizedRequest } from '@gatecast/token';
import type { Findings } from './finding.js';
import type { StreamTarget } from './stream-target.js';
import { visit, type DoctorNetwork, type Visit } from './visit.js';

/** What a browser needs to show the response to a page of another origin. */
export async function checkTokenCors(
  network: DoctorNetwork,
  { tokenUrl, credentials }: StreamTarget & { readonly tokenUrl: string },
  answer: Visit,
  findings: Findings,
): Promise<void> {
  const { pageOrigin } = network;
  if (pageOrigin === undefined || new URL(tokenUrl).origin === pageOrigin) return;
  checkAllowed(pageOrigin, answer, credentials === 'include', findings);
  const asked = await visit(network, {
    url: tokenUrl,
    method: 'OPTIONS',
    headers: { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' },
    maxBytes: 65_536,
  }).catch(() => null);
  const names = asked?.headers.get('Access-Control-Allow-Headers') ?? '';
  const isRight =
    asked !== null && asked.status >= 200 && asked.status < 300 && /content-type|\*/i.test(names);
  if (!isRight)
    findings.fault(
      `The preflight (OPTIONS) of the page ${pageOrigin} fails${asked === null ? '' : ` with HTTP ${String(asked.status)}`}, or does not allow Content-Type.`,
      'Answer OPTIONS with 204, Access-Control-Allow-Origin and Access-Control-Allow-Headers: Content-Type.',
    );
}

/** A response, or a redirect on the way to it. */
export interface CorsResponse {
  readonly headers: Headers;
  /** `Origin` of the request. @defaultValue that of the page */
  readonly origin?: string | undefined;
  /** @defaultValue `response` */
  readonly what?: 'response' | 'redirect';
}

/** Does a response have the headers with which a browser shows it to the page? */
export function checkAllowed(
  pageOrigin: string,
  { headers, origin = pageOrigin, what = 'response' }: CorsResponse,
  withCookies: boolean,
  findings: Findings,
): boolean {
  const allowed = headers.get('Access-Control-Allow-Origin');
  if (allowed !== origin && (allowed !== '*' || withCookies)) {
    const has =
      allowed === null
        ? 'has no Access-Control-Allow-Origin'
        : allowed === '*'
          ? 'has Access-Control-Allow-Origin: *, which browsers refuse for requests with cookies'
          : 'has Access-Control-Allow-Origin with another origin';
    findings.fault(
      `CORS: the ${what} ${has}. The browser does not show it to the page ${pageOrigin}${origin === 'null' ? ', for which it sends Origin: null after redirects over several origins' : ''}.`,
      origin !== 'null'
        ? `Send Access-Control-Allow-Origin: ${pageOrigin}, also with errors.`
        : withCookies
          ? 'Redirect to another origin once at most.'
          : 'Redirect to another origin once at most, or send Access-Control-Allow-Origin: *.',
    );
    return false;
  }
  if (withCookies && headers.get('Access-Control-Allow-Credentials') !== 'true') {
    findings.fault(
      'CORS: Access-Control-Allow-Credentials: true is missing, and the page sends cookies.',
      'Send it with each response.',
    );
    return false;
  }
  return true;
}

/** May a page send the headers with the token? */
export async function checkTokenHeaders(
  network: DoctorNetwork,
  request: Pick<AuthorizedRequest, 'url' | 'headers'>,
  pageOrigin: string,
  findings: Findings,
): Promise<void> {
  const names = Object.keys(request.headers).map((name) => name.toLowerCase());
  if (names.length === 0) return;
  const asked = await visit(network, {
    url: request.url,
    method: 'OPTIONS',
    headers: { 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': names.join(',') },
    maxBytes: 65_536,
  }).catch(() => null);
  const allowed = (asked?.headers.get('Access-Control-Allow-Headers') ?? '').toLowerCase();
  const missing = names.filter(
    (name) => !allowed.includes(name) && (allowed !== '*' || name === 'authorization'),
  );
  if (asked && asked.status < 300 && missing.length === 0) return;
  findings.fault(
    `CORS: the preflight of the page ${pageOrigin} does not allow the header ${names.join(', ')}, which carries the token.`,
    `Answer OPTIONS with Access-Control-Allow-Headers: ${names.join(', ')}, or use token-placement="query:token".`,
  );
}
