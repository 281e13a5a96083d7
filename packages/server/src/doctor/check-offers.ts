import type { AuthorizedRequest } from '@gatecast/token';
import { problemCode, type AskedToken } from './ask-token.js';
import { checkExposed, checkPreflight, headersOfOffer } from './check-preflight.js';
import { explainToken } from './explain-refusal.js';
import { Findings, shownHost, type DoctorFinding } from './finding.js';
import { readIceLinks } from './ice-links.js';
import { OfferRequests, MAX_OFFER_BYTES, type PlacedToken } from './offer-requests.js';
import { protocolOfAddress, protocolOfResponse, type OfferProtocol } from './offer-protocol.js';
import { isAnswerToOffer, isBusy, isMissing, isRefusal, namesOffers } from './offer-status.js';
import { wordsOf, type OfferWords } from './offer-words.js';
import type { StreamTarget } from './stream-target.js';
import { visit, type DoctorNetwork, type Visit } from './visit.js';

/** Places in which servers expect the token, tried if one refuses it where the element puts it. */
const PLACEMENTS = ['header', 'query:token', 'query:jwt', 'query:access_token'];

/** The response to OPTIONS of an address that takes SDP offers, of WHIP or WHEP; `null` if it does not say that it does. */
export async function optionsOfOffers(network: DoctorNetwork, url: string): Promise<Visit | null> {
  const plain = { ...network, pageOrigin: undefined };
  const answer = await visit(plain, { url, method: 'OPTIONS', maxBytes: MAX_OFFER_BYTES }).catch(() => null);
  return answer !== null && namesOffers(answer) ? answer : null;
}

/**
 * Checks a WHIP or WHEP endpoint: OPTIONS, CORS, ICE servers, and what it responds to an empty offer, without a token and with one.
 * Servers report an empty offer as invalid. A session that one starts nevertheless is ended.
 *
 * @see RFC 9725, draft-ietf-wish-whep
 */
export class OfferCheck {
  readonly #network: DoctorNetwork;
  readonly #target: StreamTarget;
  readonly #words: OfferWords;
  readonly #asked: AskedToken | null;
  readonly #findings: Findings;
  readonly #requests: OfferRequests;

  constructor(network: DoctorNetwork, target: StreamTarget, asked: AskedToken | null, list: DoctorFinding[]) {
    this.#network = network;
    this.#target = target;
    this.#words = wordsOf(target);
    this.#asked = asked;
    this.#findings = new Findings(list, this.#words.step, target.src);
    this.#requests = new OfferRequests(network, target, asked, list);
  }

  async run(): Promise<void> {
    const { src, placement } = this.#target;
    const asked = this.#asked;
    const token = await this.#requests.place(placement);
    if (asked && !token) return;
    if (this.#isOther(protocolOfAddress(src))) return;
    const first = token?.request ?? null;
    const options = await this.#requests.send({
      url: src,
      method: 'OPTIONS',
      headers: this.#preflightHeaders(first),
    });
    if (options === null || this.#isOther(protocolOfResponse(options))) return;
    if (!this.#checkOptions(options, first)) return;
    const bare = await this.#requests.offer(null, token);
    if (bare === null || this.#isOther(protocolOfResponse(bare))) return;
    if (!this.#checkBare(bare, first)) return;
    if (asked && token) await this.#checkToken(asked, token, bare);
    else if (isRefusal(bare))
      this.#findings.skipped(
        'The doctor has no token, so that only the address was checked.',
        'Name the token endpoint with --token-url.',
      );
  }

  get #foreignPage(): string | null {
    const { pageOrigin } = this.#network;
    return pageOrigin === undefined || pageOrigin === new URL(this.#target.src).origin ? null : pageOrigin;
  }

  /** Does the endpoint speak the other protocol? A sign that is not sure is a warning only. */
  #isOther(protocol: OfferProtocol | null): boolean {
    const { protocol: expected, otherUse, address, server } = this.#words;
    if (protocol === null || protocol.name === expected) return false;
    const { name, sign, isSure } = protocol;
    const change = `Set ${address} to the ${expected} address of the ${server === 'ingest' ? server : 'server'}.`;
    if (isSure) this.#findings.fault(`This is a ${name} endpoint, as ${sign} says: ${otherUse[0]}.`, change);
    else this.#findings.warning(`This may be a ${name} endpoint, as ${sign} says: ${otherUse[1]}.`, change);
    return isSure;
  }

  #preflightHeaders(first: AuthorizedRequest | null): Record<string, string> {
    if (this.#foreignPage === null) return {};
    return {
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': headersOfOffer(first).join(','),
    };
  }

  #checkOptions(answer: Visit, first: AuthorizedRequest | null): boolean {
    const { status } = answer;
    const page = this.#foreignPage;
    // To a page of the same origin, browsers send no preflight: POST then shows whether there is an endpoint.
    if (page !== null) {
      if (this.#isRedirect(answer)) return false;
      if (status === 404 || status === 410) {
        this.#findings.fault(
          `OPTIONS of the endpoint responds with HTTP ${String(status)}: the ${this.#words.server} does not know the address.`,
          `Correct ${this.#words.address}, and check that the server knows the stream.`,
        );
        return false;
      }
    }
    if (namesOffers(answer))
      this.#findings.ok(`takes offers (Accept-Post: application/sdp)${this.#whichOffers(answer)}`);
    else
      this.#findings.warning(
        `OPTIONS responds with HTTP ${String(status)} and without Accept-Post: application/sdp.`,
        `Send it: clients see by it that this is a ${this.#words.protocol} endpoint. If it is none, check the address.`,
      );
    this.#checkIceServers(answer);
    return page === null || checkPreflight(page, answer, first, this.#findings);
  }

  /** WHIP and WHEP have the same Accept-Post. */
  #whichOffers(options: Visit): string {
    const protocol = protocolOfResponse(options) ?? protocolOfAddress(this.#target.src);
    if (protocol === null)
      return '. Both WHIP and WHEP endpoints have this header, and it cannot be seen from outside which of the two this is';
    return protocol.name === this.#words.protocol ? `; ${protocol.sign} says ${protocol.name}` : '';
  }

  #checkIceServers({ headers }: Visit): void {
    const servers = readIceLinks(headers.get('Link'));
    if (servers.length === 0)
      this.#findings.ok('names no ICE server with OPTIONS; the response to an offer may name some in Link');
    else if (servers.some(({ isTurn, hasCredentials }) => isTurn && !hasCredentials))
      this.#findings.warning(
        'Link names a TURN server without username or credential, which browsers do not use.',
        'Add username, credential and credential-type="password" to the Link, or omit it for callers without a token.',
      );
    else this.#findings.ok(`names ${String(servers.length)} ICE servers in Link`);
  }

  /** What the server responds without a token. `false` if there is nothing more to check. */
  #checkBare(answer: Visit, first: AuthorizedRequest | null): boolean {
    const { status } = answer;
    if (isRefusal(answer))
      this.#findings.ok(
        `refuses an offer without a token, with HTTP ${String(status)}${problemCode(answer)}`,
      );
    else if (isMissing(answer) && (first?.version ?? null) !== null)
      this.#findings.ok(`takes no offer without a token, with HTTP ${String(status)}${problemCode(answer)}`);
    else if (!this.#checkStatus(answer)) return false;
    else this.#nameOpen(answer);
    this.#checkExposed(answer, first);
    return true;
  }

  /** An offer without a token is not refused. */
  #nameOpen(answer: Visit): void {
    const { server, protocol } = this.#words;
    const status = `HTTP ${String(answer.status)}${problemCode(answer)}`;
    const change = 'Check the token before the offer, and respond with 401 without one.';
    if (answer.status >= 300)
      this.#findings.warning(
        `Without a token, the ${server} responds to an empty offer with ${status}: it reads the offer first, or requires no token.`,
        change,
      );
    else if (protocol === 'WHEP' && this.#asked)
      this.#findings.fault(
        `Without a token, the ${server} starts a session, with ${status}: everybody can watch the stream.`,
        change,
      );
    else
      this.#findings.warning(`Without a token, the ${server} takes an empty offer with ${status}.`, change);
  }

  #checkExposed(answer: Visit, request: AuthorizedRequest | null): void {
    if (this.#foreignPage !== null) checkExposed(this.#foreignPage, answer, request, this.#findings);
  }

  async #checkToken(asked: AskedToken, token: PlacedToken, bare: Visit): Promise<void> {
    const answer = await this.#requests.offer(token, null);
    if (answer === null || this.#isOther(protocolOfResponse(answer))) return;
    this.#checkExposed(answer, token.request);
    if (isRefusal(answer)) await this.#explainRefusal(asked, token, answer, bare);
    else if (this.#checkStatus(answer)) this.#checkAccepted(answer, bare);
  }

  #checkAccepted(answer: Visit, bare: Visit): void {
    const { server, sessions } = this.#words;
    const status = `HTTP ${String(answer.status)}${problemCode(answer)}`;
    if (answer.status === bare.status)
      this.#findings.skipped(
        `The ${server} responds to an empty offer with ${status}, with the token and without one: it reads the offer first, or requires no token. So the token was not checked.`,
        'Check the token before the offer, and respond with 401 without one. Then run the doctor again.',
      );
    else if (answer.status === 500)
      this.#findings.warning(
        `The ${server} does not refuse the token, and responds to the empty offer with ${status}.`,
        `Respond with 400 or 422 to an offer that cannot be read. If ${sessions} fail, too, read the log of the ${server} at this time.`,
      );
    else this.#findings.ok(`accepts the token, and responds to the empty offer with ${status}`);
  }

  /** Says why the server refuses the token, as far as it can be seen from outside. */
  async #explainRefusal(asked: AskedToken, token: PlacedToken, answer: Visit, bare: Visit): Promise<void> {
    const { placement, src } = this.#target;
    const { server, step, element } = this.#words;
    const what = `The ${server} refuses with HTTP ${String(answer.status)}${problemCode(answer)}`;
    if (token.request.version === null) {
      this.#findings.fault(
        `${what}, and the request has no token, because token-placement is "none".`,
        'Set token-placement="header".',
      );
      return;
    }
    const tried = [placement];
    const others = PLACEMENTS.filter((each) => each !== placement);
    for (const other of others) {
      const placed = await this.#requests.place(other);
      const retry = placed && (await this.#requests.offer(placed, null, new Findings([], step, src)));
      if (!retry || isBusy(retry)) break;
      if (isRefusal(retry)) tried.push(other);
      // The same response as without a token does not say that it was read.
      if (!isAnswerToOffer(retry) || retry.status === bare.status) continue;
      this.#findings.fault(
        `${what} with token-placement="${placement}", and accepts the same token with "${other}".`,
        `Set token-placement="${other}" at the ${element}.`,
      );
      return;
    }
    const originNowMs = this.#network.now() + (answer.clockOffMs ?? 0);
    const clockOffMs =
      answer.clockOffMs === null || asked.clockOffMs === null ? null : answer.clockOffMs - asked.clockOffMs;
    const explained = explainToken(
      {
        what,
        step,
        url: src,
        src,
        asked,
        isAllowed: true,
        hasToken: true,
        originNowMs,
        clockOffMs,
      },
      tried.length > others.length ? 'each usual place' : tried,
    );
    this.#findings.fault(explained.what, explained.change);
  }

  /** A status with which a server responds to an offer that it does not take. Others are faults. */
  #checkStatus(answer: Visit): boolean {
    if (this.#isRedirect(answer)) return false;
    const { status } = answer;
    if (isAnswerToOffer(answer)) return true;
    this.#findings.fault(
      `The ${this.#words.server} responds to an offer with HTTP ${String(status)}${problemCode(answer)}.`,
      this.#correct(answer),
    );
    return false;
  }

  /** What to change for a status that is a fault. */
  #correct(answer: Visit): string {
    const { server, address, protocol, sessions } = this.#words;
    if (isMissing(answer))
      return `Check the address, and that the ${server} knows the stream.${this.#asked ? '' : ` Some ${server}s hide it from callers without a token: name the token endpoint with --token-url.`}`;
    if (answer.status === 405)
      return `The address takes no POST: set ${address} to that of the ${protocol} endpoint.`;
    return isBusy(answer)
      ? `The ${server} is busy, or takes no ${sessions}: try again later.`
      : `Read the log of the ${server} at this time.`;
  }

  #isRedirect({ status, headers, url }: Visit): boolean {
    if (status < 300 || status >= 400) return false;
    const location = headers.get('Location') ?? '';
    const to = URL.canParse(location, url) ? new URL(location, url) : null;
    const name =
      to && /^https?:$/.test(to.protocol) ? `${to.protocol}//${shownHost(to.host)}` : 'no http(s) address';
    this.#findings.fault(
      `The address redirects to ${name} (HTTP ${String(status)}). Browsers follow no redirect of a preflight, send an offer on with 307 or 308 only, and send the token to no other origin.`,
      `Set ${this.#words.address} to the address after the redirect, and give that one to the doctor.`,
    );
    return true;
  }
}
