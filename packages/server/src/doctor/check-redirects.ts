import type { AuthorizedRequest } from '@gatecast/token';
import { checkAllowed } from './check-cors.js';
import type { Findings } from './finding.js';
import { isOpenHttp } from './site-cookies.js';
import type { Visit } from './visit.js';

/** Checks the redirects of a request. `false` if the player does not follow them. */
export function checkRedirects(
  { hops, lost }: Visit,
  { headers, redirect }: AuthorizedRequest,
  findings: Findings,
): boolean {
  const [first] = hops;
  if (first === undefined) return true;
  const names = Object.keys(headers).join(', ');
  if (redirect === 'manual') {
    findings.fault(
      `The origin redirects to ${new URL(first.to).origin}. The player does not follow it: the token in the header ${names} would go on to any origin.`,
      'Set src to the address after the redirect, or use token-placement="query:token".',
    );
    return false;
  }
  const away = hops.find(({ from, to }) => originOf(from) !== originOf(to));
  if (away) {
    const to = originOf(away.to);
    if (lost.length > 0)
      findings.fault(
        `The origin redirects to ${to}. The token in the header ${names} does not go there.`,
        `Set src to the address at ${to}, or put the token into the query of the redirect.`,
      );
    else findings.ok(`redirects to ${to}`);
  }
  if (hops.some(({ from, to }) => from.startsWith('https:') && isOpenHttp(to)))
    findings.fault(
      'The redirect leads from https to http: browsers block it as mixed content.',
      'Redirect to https.',
    );
  return true;
}

/** Do the responses on the way to a page have the headers for it? From the first one of another origin, each one needs them. */
export function checkCors(pageOrigin: string, answer: Visit, withCookies: boolean, findings: Findings): void {
  const firstForeign = answer.hops.findIndex(({ from }) => originOf(from) !== pageOrigin);
  if (firstForeign >= 0)
    for (const hop of answer.hops.slice(firstForeign))
      if (!checkAllowed(pageOrigin, { ...hop, what: 'redirect' }, withCookies, findings)) return;
  if (firstForeign >= 0 || originOf(answer.url) !== pageOrigin)
    checkAllowed(pageOrigin, answer, withCookies, findings);
}

function originOf(url: string): string {
  return new URL(url).origin;
}
