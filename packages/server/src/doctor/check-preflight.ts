import type { AuthorizedRequest } from '@gatecast/token';
import { checkAllowed } from './check-cors.js';
import type { Findings } from './finding.js';
import type { Visit } from './visit.js';

/** What a page reads in the response that starts a broadcast. */
const EXPOSED = ['Location', 'Link', 'ETag'];

/** Headers of an offer for which browsers ask in a preflight. Without a request, those with the usual place of the token. */
export function headersOfOffer(request: AuthorizedRequest | null): string[] {
  const names = Object.keys(request?.headers ?? { Authorization: '' });
  return ['content-type', ...names.map((name) => name.toLowerCase())];
}

/** May a page of another origin send an offer to an ingest? `false` if the browser sends none. */
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
  if (!checkAllowed(page, answer, false, findings)) return false;
  const needed = headersOfOffer(request);
  const lacking = needed.filter((name) => !allows(answer, 'Access-Control-Allow-Headers', name));
  if (lacking.length > 0)
    findings.fault(
      `CORS: the preflight of the page ${page} does not allow the header ${lacking.join(', ')}. The browser does not send the offer.`,
      `Answer OPTIONS with Access-Control-Allow-Headers: ${needed.join(', ')}, if-match.`,
    );
  const forSession = [
    ...['PATCH', 'DELETE'].filter((name) => !allows(answer, 'Access-Control-Allow-Methods', name)),
    ...['If-Match'].filter((name) => !allows(answer, 'Access-Control-Allow-Headers', name)),
  ];
  if (forSession.length > 0)
    findings.warning(
      `CORS: the preflight does not allow ${forSession.join(', ')}, which a page needs at the address of its session (Location).`,
      'Answer OPTIONS of that address with Access-Control-Allow-Methods: PATCH, DELETE, and with If-Match in Access-Control-Allow-Headers.',
    );
  return lacking.length === 0;
}

/** May the page read what it needs of the response to an offer? This one is a refusal: the one that starts a broadcast is not seen. */
export function checkExposed(page: string, answer: Visit, findings: Findings): void {
  if (!checkAllowed(page, answer, false, findings)) return;
  const lacking = EXPOSED.filter((name) => !allows(answer, 'Access-Control-Expose-Headers', name));
  if (lacking.length > 0)
    findings.warning(
      `CORS: the response to an offer does not expose ${lacking.join(', ')}. Without Location, a page cannot end its broadcast; without Link, it has no ICE servers; without ETag, it cannot restart ICE.`,
      `Send Access-Control-Expose-Headers: ${EXPOSED.join(', ')} with the responses to POST.`,
    );
}

/** Is a name in a list of a CORS header? `*` stands for all but Authorization. */
function allows({ headers }: Visit, list: string, name: string): boolean {
  const names = (headers.get(list) ?? '').toLowerCase().split(/[,\s]+/);
  return (
    names.includes(name.toLowerCase()) || (names.includes('*') && name.toLowerCase() !== 'authorization')
  );
}
