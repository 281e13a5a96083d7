import { Authorizer, GatecastError, parsePlacement, type AuthorizedRequest } from '@gatecast/token';
import type { AskedToken } from './ask-token.js';
import { explainEnd } from './explain-end.js';
import { Findings, type DoctorFinding } from './finding.js';
import { wordsOf, type OfferWords } from './offer-words.js';
import type { StreamTarget } from './stream-target.js';
import {
  isOver,
  UnreachableError,
  visit,
  type DoctorNetwork,
  type Visit,
  type VisitRequest,
} from './visit.js';

export const OFFER = 'application/sdp';
export const MAX_OFFER_BYTES = 65_536;

/** A place of the token, and the request to the endpoint that has it there. */
export interface PlacedToken {
  readonly authorizer: Authorizer;
  readonly request: AuthorizedRequest;
}

type OfferRequest = Omit<VisitRequest, 'maxBytes'>;

/** Sends requests to a WHIP or WHEP endpoint, and ends each session that an offer starts. */
export class OfferRequests {
  readonly #network: DoctorNetwork;
  readonly #target: StreamTarget;
  readonly #words: OfferWords;
  readonly #asked: AskedToken | null;
  readonly #findings: Findings;
  readonly #list: DoctorFinding[];

  constructor(network: DoctorNetwork, target: StreamTarget, asked: AskedToken | null, list: DoctorFinding[]) {
    this.#network = network;
    this.#target = target;
    this.#words = wordsOf(target);
    this.#asked = asked;
    this.#list = list;
    this.#findings = new Findings(list, this.#words.step, target.src);
  }

  /**
   * Sends an empty offer. A session that this starts nevertheless is ended.
   *
   * @param token - `null` for an offer without a token.
   * @param other - tried for the end of the session, if the server refuses that without a token.
   * @param findings - where to write that the server does not respond.
   * @returns `null` without a response.
   */
  async offer(
    token: PlacedToken | null,
    other: PlacedToken | null,
    findings = this.#findings,
  ): Promise<Visit | null> {
    const request = token?.request ?? null;
    const answer = await this.send(
      {
        url: request?.url ?? this.#target.src,
        method: 'POST',
        headers: { 'Content-Type': OFFER, Accept: OFFER },
        ...credentialsOf(request),
        body: '',
      },
      findings,
    );
    const session = answer && this.#sessionOf(answer);
    if (session) await this.#end(session, token, other);
    return answer;
  }

  /** Sends a request. `null` without a response; the findings then say why. */
  async send(request: OfferRequest, findings = this.#findings): Promise<Visit | null> {
    return isOver(this.#network, this.#findings) ? null : this.#visit(request, findings);
  }

  /** A place of the token; `null` if the token has ended. The findings then name it. */
  async place(placement: string): Promise<PlacedToken | null> {
    if (!this.#asked) return null;
    const { src } = this.#target;
    const { tokens } = this.#asked;
    const authorizer = new Authorizer({ tokens, placement: parsePlacement(placement), origins: [src] });
    const request = await this.#authorize(authorizer, src);
    return request && { authorizer, request };
  }

  /** Address of the session that an offer has started; `null` if there is none, or if the response does not say it. */
  #sessionOf({ status, headers, url }: Visit): URL | null {
    if (status < 200 || status >= 300) return null;
    const location = headers.get('Location');
    if (location === null || !URL.canParse(location, url)) {
      this.#warnOfLocation(
        status,
        location === null ? 'without Location' : 'with a Location that is not an address',
      );
      return null;
    }
    const session = new URL(location, url);
    // As the elements do: behind a proxy, servers often name their own scheme.
    if (session.protocol === 'http:' && new URL(url).protocol === 'https:') session.protocol = 'https:';
    return session;
  }

  /** Ends a session as the webcaster does, also after the time of the run. */
  async #end(session: URL, token: PlacedToken | null, other: PlacedToken | null): Promise<void> {
    if (session.origin !== new URL(this.#target.src).origin) {
      this.#warnOfSession('at another origin, which the doctor did not end');
      return;
    }
    // An ingest could take that as the end of the stream, also of a broadcast that another client has started.
    if (isSameResource(session.href, this.#target.src)) {
      this.#warnOfSession('whose Location is the endpoint itself, so that the doctor did not end it');
      return;
    }
    const first = await this.#delete(session.href, token);
    const isRefused = token === null && (first === 401 || first === 403);
    const status = isRefused && other ? await this.#delete(session.href, other) : first;
    if (status === null) this.#warnOfSession('and DELETE of it has no response');
    else if ((status < 200 || status >= 300) && status !== 404 && status !== 410)
      this.#warnOfSession(`and DELETE of it fails with HTTP ${String(status)}`);
  }

  /** Both protocols demand the address of the session with 201. */
  #warnOfLocation(status: number, what: string): void {
    const { server, element, rule } = this.#words;
    this.#findings.warning(
      `The ${server} takes an empty offer with HTTP ${String(status)}, ${what}. Nothing can end such a session, or restart its ICE: the ${element} cannot, and the doctor did not.`,
      `Respond with 201 and the address of the session in Location (${rule}), and let sessions without media end by themselves.`,
    );
  }

  #warnOfSession(what: string): void {
    this.#findings.warning(
      `An empty offer started a session, ${what}.`,
      `Let the ${this.#words.server} refuse an offer that it cannot read with 400 or 422, and end a session without media by itself.`,
    );
  }

  async #delete(session: string, token: PlacedToken | null): Promise<number | null> {
    const request =
      token && (await this.#authorize(token.authorizer, token.authorizer.withoutTokens(session)));
    if (token && !request) return null;
    const answer = await this.#visit(
      { url: request?.url ?? session, method: 'DELETE', ...credentialsOf(request) },
      new Findings([], this.#words.step, this.#target.src),
    );
    return answer?.status ?? null;
  }

  async #visit(request: OfferRequest, findings: Findings): Promise<Visit | null> {
    try {
      return await visit(this.#network, { ...request, maxBytes: MAX_OFFER_BYTES });
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      findings.fault(
        `The ${this.#words.server} does not respond. ${error.message}`,
        'Check the address, the DNS name and the certificate.',
      );
      return null;
    }
  }

  async #authorize(authorizer: Authorizer, url: string): Promise<AuthorizedRequest | null> {
    const { src, stream, tokenUrl } = this.#target;
    try {
      return await authorizer.authorize(url, stream);
    } catch (error) {
      if (!(error instanceof GatecastError)) throw error;
      const { what, change } = explainEnd(error, stream);
      new Findings(this.#list, 'token endpoint', tokenUrl ?? src).fault(what, change);
      return null;
    }
  }
}

/** Are two addresses the same, apart from their queries? */
function isSameResource(one: string, other: string): boolean {
  const [first, second] = [new URL(one), new URL(other)];
  return (
    first.origin === second.origin && first.pathname.replace(/\/$/, '') === second.pathname.replace(/\/$/, '')
  );
}

/** What adds the token to a request, besides its address. Redirects are followed as the browser does. */
function credentialsOf(
  request: AuthorizedRequest | null,
): Pick<OfferRequest, 'tokenHeaders' | 'withCookies' | 'followsOffer'> {
  return request
    ? {
        tokenHeaders: request.headers,
        withCookies: request.credentials === 'include',
        followsOffer: request.redirect !== 'manual',
      }
    : { followsOffer: true };
}
