import type { AuthorizedRequest } from '@gatecast/token';
import { checkAllowed } from './check-cors.js';
import { Findings } from './finding.js';
import type { Visit } from './visit.js';

/** What a page reads in the response that starts a session. */
const EXPOSED = ['Location', 'Link', 'ETag'];

/** The header with the token, unless the page puts it elsewhere. */
const TOKEN_HEADER = 'authorization';

/** Headers of an offer for which browsers ask in a preflight. Without a request, those with the usual place of the token. */
export function headersOfOffer(request: AuthorizedRequest | null): string[] {
  const names = request ? Object.keys(request.headers) : [TOKEN_HEADER];
  return ['content-type', ...names.map((name) => name.toLowerCase())];
}

/** May a page of another origin send an offer to an endpoint? `false` if the browser sends none. */
export function checkPreflight(
  page: string,
  answer: Visit,
  request: AuthorizedRequest | null,
  findings: Findings,
): boolean {
  if (answer.status < 200 || answer.status >= 300) {
    findings.fault(
      `CORS: the preflight (OPTIONS) of the page ${page} fails with HTTP ${String(answer.status)}.`,
      'Answer OPTIONS with 204, also without a token: browsers send none with it.',
    );
    return false;
  }
  const withCookies = sendsCookies(request);
  const allows = allowedIn(answer, withCookies);
  if (!checkAllowed(page, answer, withCookies, findings)) return false;
  const needed = headersOfOffer(request);
  const notAllowed = needed.filter((name) => !allows('Access-Control-Allow-Headers', name));
  // Without a token, the page may need none, or have it in the address.
  const lacking = notAllowed.filter((name) => request !== null || name !== TOKEN_HEADER);
  if (lacking.length < notAllowed.length)
    findings.warning(
      `CORS: the preflight of the page ${page} does not allow the header ${TOKEN_HEADER}. A page cannot send a token in it.`,
      `If the server takes one there, answer OPTIONS with Access-Control-Allow-Headers: ${needed.join(', ')}, if-match.`,
    );
  if (lacking.length > 0)
    findings.fault(
      `CORS: the preflight of the page ${page} does not allow the header ${lacking.join(', ')}. The browser does not send the offer.`,
      `Answer OPTIONS with Access-Control-Allow-Headers: ${needed.join(', ')}, if-match.`,
    );
  const forSession = [
    ...['PATCH', 'DELETE'].filter((name) => !allows('Access-Control-Allow-Methods', name)),
    ...['If-Match'].filter((name) => !allows('Access-Control-Allow-Headers', name)),
  ];
  if (forSession.length > 0)
    findings.warning(
      `CORS: the preflight of the endpoint does not allow ${forSession.join(', ')}. A page needs them at the address of its session (Location), whose preflight is not visible here.`,
      'Check that OPTIONS of that address responds with Access-Control-Allow-Methods: PATCH, DELETE, and with If-Match in Access-Control-Allow-Headers.',
    );
  return lacking.length === 0;
}

/**
 * May the page read the response to an offer, and what it needs of it? The response that starts a session is not seen.
 *
 * @param request - with the token where the element puts it; `null` without a token.
 */
export function checkExposed(
  page: string,
  answer: Visit,
  request: AuthorizedRequest | null,
  findings: Findings,
): void {
  const withCookies = sendsCookies(request);
  // Some servers send CORS headers only with the response that starts a session.
  const isError = answer.status < 200 || answer.status >= 300;
  if (!checkAllowed(page, answer, withCookies, isError ? new Findings([], 'ingest', page) : findings)) {
    if (isError)
      findings.warning(
        `CORS: the page ${page} cannot read the response with HTTP ${String(answer.status)}. The one that starts a session is not visible here, and the page must be able to read it.`,
        `Check that the response with 201 has Access-Control-Allow-Origin: ${page}${withCookies ? ' and Access-Control-Allow-Credentials: true' : ''}. Send it with errors, too: the page then knows why it has failed.`,
      );
    return;
  }
  const allows = allowedIn(answer, withCookies);
  const lacking = EXPOSED.filter((name) => !allows('Access-Control-Expose-Headers', name));
  if (lacking.length > 0)
    findings.warning(
      `CORS: the response to an empty offer does not expose ${lacking.join(', ')}. The one that starts a session is not visible here, and must. Without Location, a page cannot end its session; without Link, it has no ICE servers; without ETag, it cannot restart ICE.`,
      `Check that the server sends Access-Control-Expose-Headers: ${EXPOSED.join(', ')} with 201.`,
    );
}

function sendsCookies(request: AuthorizedRequest | null): boolean {
  return request?.credentials === 'include';
}

/** Is a name in a list of a CORS header? `*` stands for all but Authorization, and for nothing in requests with cookies. */
function allowedIn({ headers }: Visit, withCookies: boolean): (list: string, name: string) => boolean {
  return (list, name) => {
    const names = (headers.get(list) ?? '').toLowerCase().split(/[,\s]+/);
    const hasWildcard = !withCookies && names.includes('*') && name.toLowerCase() !== 'authorization';
    return hasWildcard || names.includes(name.toLowerCase());
  };
}
