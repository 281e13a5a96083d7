import {
  Authorizer,
  GatecastError,
  parsePlacement,
  redactText,
  type AuthorizedRequest,
} from '@gatecast/token';
import { problemCode, type AskedToken } from './ask-token.js';
import { checkExposed, checkPreflight, headersOfOffer } from './check-preflight.js';
import { explainToken } from './explain-refusal.js';
import { Findings, type DoctorFinding } from './finding.js';
import { readIceLinks } from './ice-links.js';
import type { StreamTarget } from './read-players.js';
import {
  isOver,
  UnreachableError,
  visit,
  type DoctorNetwork,
  type Visit,
  type VisitRequest,
} from './visit.js';

const OFFER = 'application/sdp';
const MAX_BYTES = 65_536;
/** Places in which ingests expect the token, tried if one refuses it where the webcaster puts it. */
const PLACEMENTS = ['header', 'query:token', 'query:jwt', 'query:access_token'];

/** Does OPTIONS say that the address takes SDP offers? */
export async function takesOffers(network: DoctorNetwork, url: string): Promise<boolean> {
  const plain = { ...network, pageOrigin: undefined };
  const answer = await visit(plain, { url, method: 'OPTIONS', maxBytes: MAX_BYTES }).catch(() => null);
  return answer !== null && namesOffers(answer);
}

/**
 * Checks a WHIP endpoint: OPTIONS, CORS, ICE servers, and what it responds to an empty offer, without a token and with one. An empty
 * offer starts no broadcast.
 *
 * @see RFC 9725
 */
export class IngestCheck {
  readonly #network: DoctorNetwork;
  readonly #target: StreamTarget;
  readonly #asked: AskedToken | null;
  readonly #findings: Findings;
  readonly #list: DoctorFinding[];

  constructor(network: DoctorNetwork, target: StreamTarget, asked: AskedToken | null, list: DoctorFinding[]) {
    this.#network = network;
    this.#target = target;
    this.#asked = asked;
    this.#list = list;
    this.#findings = new Findings(list, 'ingest', target.src);
  }

  async run(): Promise<void> {
    const { src, placement } = this.#target;
    const asked = this.#asked;
    const first = asked ? await this.#authorize(asked, placement) : null;
    if (asked && !first) return;
    const options = await this.#send({ url: src, method: 'OPTIONS', headers: this.#preflightHeaders(first) });
    if (options === null || !this.#checkOptions(options, first)) return;
    const bare = await this.#offer(null);
    if (bare === null || !this.#checkBare(bare)) return;
    if (asked && first) await this.#checkToken(asked, first);
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
    if (this.#isRedirect(answer)) return false;
    if (status === 404 || status === 410) {
      this.#findings.fault(
        `There is no endpoint: OPTIONS responds with HTTP ${String(status)}.`,
        'Check the address, and that the ingest knows the stream.',
      );
      return false;
    }
    if (namesOffers(answer)) this.#findings.ok('takes offers (Accept-Post: application/sdp)');
    else
      this.#findings.warning(
        `OPTIONS responds with HTTP ${String(status)} and without Accept-Post: application/sdp.`,
        'Send it: clients see by it that this is a WHIP endpoint. If it is none, check the address.',
      );
    this.#checkIceServers(answer);
    return page === null || checkPreflight(page, answer, first, this.#findings);
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
  #checkBare(answer: Visit): boolean {
    const { status } = answer;
    if (isRefusal(answer))
      this.#findings.ok(
        `refuses an offer without a token, with HTTP ${String(status)}${problemCode(answer)}`,
      );
    else if (!this.#checkStatus(answer)) return false;
    else
      this.#findings.warning(
        status < 300
          ? `Without a token, the ingest takes an empty offer with HTTP ${String(status)}.`
          : `Without a token, the ingest responds to an empty offer with HTTP ${String(status)}${problemCode(answer)}: it reads the offer first, or requires no token.`,
        'Check the token before the offer, and respond with 401 without one.',
      );
    if (this.#foreignPage !== null) checkExposed(this.#foreignPage, answer, this.#findings);
    return true;
  }

  async #checkToken(asked: AskedToken, first: AuthorizedRequest): Promise<void> {
    const { placement, src } = this.#target;
    const answer = await this.#offer(first);
    if (answer === null) return;
    if (!isRefusal(answer)) {
      if (this.#checkStatus(answer))
        this.#findings.ok(
          `accepts the token, and responds to the empty offer with HTTP ${String(answer.status)}${problemCode(answer)}`,
        );
      return;
    }
    const what = `The ingest refuses with HTTP ${String(answer.status)}${problemCode(answer)}`;
    if (first.version === null) {
      this.#findings.fault(
        `${what}, and the request has no token, because token-placement is "none".`,
        'Set token-placement="header".',
      );
      return;
    }
    for (const other of PLACEMENTS.filter((each) => each !== placement)) {
      const request = await this.#authorize(asked, other);
      const retry = request && (await this.#offer(request, new Findings([], 'ingest', src)));
      if (!retry || isRefusal(retry) || !isAnswerToOffer(retry)) continue;
      this.#findings.fault(
        `${what} with token-placement="${placement}", and accepts the same token with "${other}".`,
        `Set token-placement="${other}" at the webcaster.`,
      );
      return;
    }
    const originNowMs = this.#network.now() + (answer.clockOffMs ?? 0);
    const clockOffMs =
      answer.clockOffMs === null || asked.clockOffMs === null ? null : answer.clockOffMs - asked.clockOffMs;
    const explained = explainToken({
      what,
      step: 'ingest',
      url: src,
      src,
      asked,
      isAllowed: true,
      hasToken: true,
      originNowMs,
      clockOffMs,
    });
    this.#findings.fault(explained.what, explained.change);
  }

  /** A status with which an ingest responds to an offer that it does not take. Others are faults. */
  #checkStatus(answer: Visit): boolean {
    if (this.#isRedirect(answer)) return false;
    const { status } = answer;
    if (isAnswerToOffer(answer)) return true;
    this.#findings.fault(
      `The ingest responds to an offer with HTTP ${String(status)}${problemCode(answer)}.`,
      status === 404 || status === 410
        ? 'Check the address, and that the ingest knows the stream.'
        : status === 405
          ? 'There is no endpoint for POST: check the address.'
          : status === 429 || status === 503
            ? 'The ingest is busy, or takes no broadcasts: try again later.'
            : 'Read the log of the ingest at this time.',
    );
    return false;
  }

  #isRedirect({ status, headers, url }: Visit): boolean {
    if (status < 300 || status >= 400) return false;
    const location = headers.get('Location') ?? '';
    const to = URL.canParse(location, url) ? new URL(location, url).origin : 'no address';
    this.#findings.fault(
      `The address redirects to ${to} (HTTP ${String(status)}). Browsers follow no redirect of a preflight, and send the token to no other origin.`,
      'Set endpoint to the address after the redirect, and give that one to the doctor.',
    );
    return true;
  }

  /** Sends an empty offer. A session that this starts nevertheless is ended. */
  async #offer(request: AuthorizedRequest | null, findings = this.#findings): Promise<Visit | null> {
    const answer = await this.#send(
      {
        url: request?.url ?? this.#target.src,
        method: 'POST',
        headers: { 'Content-Type': OFFER, Accept: OFFER },
        ...(request && { tokenHeaders: request.headers, withCookies: request.credentials === 'include' }),
        body: '',
      },
      findings,
    );
    const location = answer?.headers.get('Location') ?? null;
    if (answer?.status !== 201 || location === null || !URL.canParse(location, answer.url)) return answer;
    const session = new URL(location, answer.url);
    if (session.origin === new URL(answer.url).origin)
      await this.#send(
        { url: session.href, method: 'DELETE', ...(request && { tokenHeaders: request.headers }) },
        findings,
      );
    return answer;
  }

  async #send(request: Omit<VisitRequest, 'maxBytes'>, findings = this.#findings): Promise<Visit | null> {
    if (isOver(this.#network, this.#findings)) return null;
    try {
      return await visit(this.#network, { ...request, maxBytes: MAX_BYTES });
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      findings.fault(
        `The ingest does not respond. ${error.message}`,
        'Check the address, the DNS name and the certificate.',
      );
      return null;
    }
  }

  async #authorize({ tokens }: AskedToken, placement: string): Promise<AuthorizedRequest | null> {
    const { src, stream, tokenUrl } = this.#target;
    try {
      const authorizer = new Authorizer({ tokens, placement: parsePlacement(placement), origins: [src] });
      return await authorizer.authorize(src, stream);
    } catch (error) {
      if (!(error instanceof GatecastError)) throw error;
      new Findings(this.#list, 'token endpoint', tokenUrl ?? src).fault(
        `The token ended during the check, and there is no other: ${error.code}. ${redactText(error.message)}`,
        error.hint ? redactText(error.hint) : 'Read the log of the token backend at this time.',
      );
      return null;
    }
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

/** Has the ingest looked at the offer? It has then accepted the token, or wants none. */
function isAnswerToOffer({ status }: Visit): boolean {
  return (status >= 200 && status < 300) || [400, 406, 409, 413, 415, 422].includes(status);
}
