import type { Findings } from './finding.js';
import { isOpenHttp } from './site-cookies.js';

/** The headers that sign the token request in. */
export interface Session {
  readonly headers: Readonly<Record<string, string>>;
  /** There is a session, and this endpoint may not have it. */
  readonly isWithheld: boolean;
}

export interface SessionOptions {
  /** The address that the person has typed. */
  readonly url: string;
  /** The token endpoint that the person has named. */
  readonly tokenUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What of the session goes to a token endpoint. A page, or who changes it, does not decide where the session goes. */
export function sessionFor(
  endpoint: string,
  { url, tokenUrl, headers = {} }: SessionOptions,
  findings: Findings,
): Session {
  if (Object.keys(headers).length === 0) return { headers, isWithheld: false };
  if (tokenUrl === undefined && new URL(endpoint).origin !== new URL(url).origin) {
    findings.warning(
      'The session was not sent: the page names this endpoint, which is at another origin than the address of the page that was given.',
      'Name it with --token-url to send the session there.',
    );
    return { headers: {}, isWithheld: true };
  }
  if (isOpenHttp(endpoint)) {
    findings.warning(
      'The session was not sent: anyone on the network reads what goes over http.',
      'Use the https address.',
    );
    return { headers: {}, isWithheld: true };
  }
  return { headers, isWithheld: false };
}
