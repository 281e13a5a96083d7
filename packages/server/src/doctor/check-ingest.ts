import type { AuthorizedRequest } from '@gatecast/token';
import { problemCode, type AskedToken } from './ask-token.js';
import { checkExposed, checkPreflight, headersOfOffer } from './check-preflight.js';
import { explainToken } from './explain-refusal.js';
import { Findings, shownHost, type DoctorFinding } from './finding.js';
import { readIceLinks } from './ice-links.js';
import { IngestRequests, MAX_INGEST_BYTES, OFFER, type PlacedToken } from './ingest-requests.js';
import { protocolOfAddress, protocolOfResponse, type OfferProtocol } from './offer-protocol.js';
import type { StreamTarget } from './stream-target.js';
import { visit, type DoctorNetwork, type Visit } from './visit.js';

/** Places in which ingests expect the token, tried if one refuses it where the webcaster puts it. */
const PLACEMENTS = ['header', 'query:token', 'query:jwt', 'query:access_token'];

/** The response to OPTIONS of an address that takes SDP offers, of WHIP or WHEP; `null` if it does not say that it does. */
export async function optionsOfOffers(network: DoctorNetwork, url: string): Promise<Visit | null> {
  const plain = { ...network, pageOrigin: undefined };
  const answer = await visit(plain, { url, method: 'OPTIONS', maxBytes: MAX_INGEST_BYTES }).catch(() => null);
  return answer !== null && namesOffers(answer) ? answer : null;
}

/**
 * Checks a WHIP endpoint: OPTIONS, CORS, ICE servers, and what it responds to an empty offer, without a token and with one. Ingests
 * report an empty offer as invalid. A session that one starts nevertheless is ended.
 *
 * @see RFC 9725
 */
export class IngestCheck {
  readonly #network: DoctorNetwork;
  readonly #target: StreamTarget;
  readonly #asked: AskedToken | null;
  readonly #findings: Findings;
  readonly #requests: IngestRequests;

  constructor(network: DoctorNetwork, target: StreamTarget, asked: AskedToken | null, list: DoctorFinding[]) {
    this.#network = network;
    this.#target = target;
    this.#asked = asked;
    this.#findings = new Findings(list, 'ingest', target.src);
    this.#requests = new IngestRequests(network, target, asked, list);
  }

  async run(): Promise<void> {
    const { src, placement } = this.#target;
    const asked = this.#asked;
    const token = await this.#requests.place(placement);
    if (asked && !token) return;
    if (this.#isPlayback(protocolOfAddress(src))) return;
    const first = token?.request ?? null;
    const options = await this.#requests.send({
      url: src,
      method: 'OPTIONS',
      headers: this.#preflightHeaders(first),
    });
    if (options === null || this.#isPlayback(protocolOfResponse(options))) return;
    if (!this.#checkOptions(options, first)) return;
    const bare = await this.#requests.offer(null, token);
    if (bare === null || this.#isPlayback(protocolOfResponse(bare))) return;
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

  /** Does the endpoint play a stream? A sign that is not sure is a warning only. */
  #isPlayback(protocol: OfferProtocol | null): boolean {
    if (protocol?.name !== 'WHEP') return false;
    const change = 'Set endpoint to the WHIP address of the ingest.';
    if (protocol.isSure)
      this.#findings.fault(
        `This is a WHEP endpoint, as ${protocol.sign} says: it plays a stream, and takes no broadcast.`,
        change,
      );
    else
      this.#findings.warning(
        `This may be a WHEP endpoint, as ${protocol.sign} says: those play a stream, and take no broadcast.`,
        change,
      );
    return protocol.isSure;
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
          `OPTIONS of the endpoint responds with HTTP ${String(status)}: the ingest does not know the address.`,
          'Correct endpoint, and check that the ingest knows the stream.',
        );
        return false;
      }
    }
    if (namesOffers(answer))
      this.#findings.ok(`takes offers (Accept-Post: application/sdp)${this.#whichOffers(answer)}`);
    else
      this.#findings.warning(
        `OPTIONS responds with HTTP ${String(status)} and without Accept-Post: application/sdp.`,
        'Send it: clients see by it that this is a WHIP endpoint. If it is none, check the address.',
      );
    this.#checkIceServers(answer);
    return page === null || checkPreflight(page, answer, first, this.#findings);
  }

  /** WHIP and WHEP have the same Accept-Post. */
  #whichOffers(options: Visit): string {
    const protocol = protocolOfResponse(options) ?? protocolOfAddress(this.#target.src);
    if (protocol === null)
      return '. Both WHIP and WHEP endpoints have this header, and it cannot be seen from outside which of the two this is';
    return protocol.name === 'WHIP' ? `; ${protocol.sign} says WHIP` : '';
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

  /** What the ingest responds without a token. `false` if there is nothing more to check. */
  #checkBare(answer: Visit, first: AuthorizedRequest | null): boolean {
    const { status } = answer;
    if (isRefusal(answer))
      this.#findings.ok(
        `refuses an offer without a token, with HTTP ${String(status)}${problemCode(answer)}`,
      );
    else if (isMissing(answer) && (first?.version ?? null) !== null)
      this.#findings.ok(`takes no offer without a token, with HTTP ${String(status)}${problemCode(answer)}`);
    else if (!this.#checkStatus(answer)) return false;
    else
      this.#findings.warning(
        status < 300
          ? `Without a token, the ingest takes an empty offer with HTTP ${String(status)}.`
          : `Without a token, the ingest responds to an empty offer with HTTP ${String(status)}${problemCode(answer)}: it reads the offer first, or requires no token.`,
        'Check the token before the offer, and respond with 401 without one.',
      );
    this.#checkExposed(answer, first);
    return true;
  }

  #checkExposed(answer: Visit, request: AuthorizedRequest | null): void {
    if (this.#foreignPage !== null) checkExposed(this.#foreignPage, answer, request, this.#findings);
  }

  async #checkToken(asked: AskedToken, token: PlacedToken, bare: Visit): Promise<void> {
    const answer = await this.#requests.offer(token, null);
    if (answer === null || this.#isPlayback(protocolOfResponse(answer))) return;
    this.#checkExposed(answer, token.request);
    if (isRefusal(answer)) await this.#explainRefusal(asked, token, answer, bare);
    else if (this.#checkStatus(answer)) this.#checkAccepted(answer, bare);
  }

  #checkAccepted(answer: Visit, bare: Visit): void {
    const status = `HTTP ${String(answer.status)}${problemCode(answer)}`;
    if (answer.status === bare.status)
      this.#findings.skipped(
        `The ingest responds to an empty offer with ${status}, with the token and without one: it reads the offer first, or requires no token. So the token was not checked.`,
        'Check the token before the offer, and respond with 401 without one. Then run the doctor again.',
      );
    else if (answer.status === 500)
      this.#findings.warning(
        `The ingest does not refuse the token, and responds to the empty offer with ${status}.`,
        'Respond with 400 or 422 to an offer that cannot be read. If broadcasts fail, too, read the log of the ingest at this time.',
      );
    else this.#findings.ok(`accepts the token, and responds to the empty offer with ${status}`);
  }

  /** Says why the ingest refuses the token, as far as it can be seen from outside. */
  async #explainRefusal(asked: AskedToken, token: PlacedToken, answer: Visit, bare: Visit): Promise<void> {
    const { placement, src } = this.#target;
    const what = `The ingest refuses with HTTP ${String(answer.status)}${problemCode(answer)}`;
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
      const retry = placed && (await this.#requests.offer(placed, null, new Findings([], 'ingest', src)));
      if (!retry || isBusy(retry)) break;
      if (isRefusal(retry)) tried.push(other);
      // The same response as without a token does not say that it was read.
      if (!isAnswerToOffer(retry) || retry.status === bare.status) continue;
      this.#findings.fault(
        `${what} with token-placement="${placement}", and accepts the same token with "${other}".`,
        `Set token-placement="${other}" at the webcaster.`,
      );
      return;
    }
    const originNowMs = this.#network.now() + (answer.clockOffMs ?? 0);
    const clockOffMs =
      answer.clockOffMs === null || asked.clockOffMs === null ? null : answer.clockOffMs - asked.clockOffMs;
    const explained = explainToken(
      {
        what,
        step: 'ingest',
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

  /** A status with which an ingest responds to an offer that it does not take. Others are faults. */
  #checkStatus(answer: Visit): boolean {
    if (this.#isRedirect(answer)) return false;
    const { status } = answer;
    if (isAnswerToOffer(answer)) return true;
    this.#findings.fault(
      `The ingest responds to an offer with HTTP ${String(status)}${problemCode(answer)}.`,
      isMissing(answer)
        ? this.#asked
          ? 'Check the address, and that the ingest knows the stream.'
          : 'Check the address, and that the ingest knows the stream. Some ingests hide it from callers without a token: name the token endpoint with --token-url.'
        : status === 405
          ? 'The address takes no POST: set endpoint to that of the WHIP endpoint.'
          : isBusy(answer)
            ? 'The ingest is busy, or takes no broadcasts: try again later.'
            : 'Read the log of the ingest at this time.',
    );
    return false;
  }

  #isRedirect({ status, headers, url }: Visit): boolean {
    if (status < 300 || status >= 400) return false;
    const location = headers.get('Location') ?? '';
    const to = URL.canParse(location, url) ? new URL(location, url) : null;
    const name =
      to && /^https?:$/.test(to.protocol) ? `${to.protocol}//${shownHost(to.host)}` : 'no http(s) address';
    this.#findings.fault(
      `The address redirects to ${name} (HTTP ${String(status)}). Browsers follow no redirect of a preflight, send an offer on with 307 or 308 only, and send the token to no other origin.`,
      'Set endpoint to the address after the redirect, and give that one to the doctor.',
    );
    return true;
  }
}

function namesOffers({ headers }: Visit): boolean {
  return (headers.get('Accept-Post') ?? '')
    .toLowerCase()
    .split(/[,;\s]+/)
    .includes(OFFER);
}

function isRefusal({ status }: Visit): boolean {
  return status === 401 || status === 403;
}

function isMissing({ status }: Visit): boolean {
  return status === 404 || status === 410;
}

function isBusy({ status }: Visit): boolean {
  return status === 429 || status === 503;
}

/** Has the ingest looked at the offer? It has then accepted the token, or wants none. Some fail with 500 for an empty one. */
function isAnswerToOffer({ status }: Visit): boolean {
  return (status >= 200 && status < 300) || [400, 406, 409, 413, 415, 422, 500].includes(status);
}
