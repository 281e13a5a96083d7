import { Authorizer, GatecastError, parsePlacement, type AuthorizedRequest } from '@gatecast/token';
import { describeOff, problemCode, type AskedToken } from './ask-token.js';
import { checkTokenHeaders } from './check-cors.js';
import { checkCookies } from './check-cookies.js';
import { checkCors, checkRedirects } from './check-redirects.js';
import { explainAtOnce, explainToken } from './explain-refusal.js';
import { explainEnd } from './explain-end.js';
import { Findings, type DoctorFinding } from './finding.js';
import type { StreamTarget } from './stream-target.js';
import { isOpenHttp } from './site-cookies.js';
import { checkSignedAddress, readSignedAddress } from './signed-address.js';
import { isOver, UnreachableError, visit, type DoctorNetwork, type Visit } from './visit.js';

/** Placements that origins use, tried if the origin refuses the one that the page has. */
const PLACEMENTS = ['query:token', 'header', 'query:jwt', 'query:access_token'];

/** A response, and the base of its relative addresses. */
export interface Fetched {
  readonly visit: Visit;
  /** Address of the response without tokens. */
  readonly base: string;
}

/** Loads parts of a stream with its token, and says why that fails. */
export class MediaLoader {
  readonly network: DoctorNetwork;
  readonly #target: StreamTarget;
  readonly #asked: AskedToken | null;
  readonly #list: DoctorFinding[];
  readonly #authorizer: Authorizer | null;
  /** Nothing more is loaded: there is no token any more. */
  #hasEnded = false;
  #faults = 0;

  constructor(network: DoctorNetwork, target: StreamTarget, asked: AskedToken | null, list: DoctorFinding[]) {
    this.network = network;
    this.#target = target;
    this.#asked = asked;
    this.#list = list;
    this.#authorizer = this.#with(target.placement);
  }

  /** Where to write what is found about an address. */
  at(step: string, url: string): Findings {
    return new Findings(this.#list, step, url, () => (this.#faults += 1));
  }

  /** Number of faults of this stream that were found until now, also of those that another one has, too. */
  get faults(): number {
    return this.#faults;
  }

  /**
   * Loads a part of the stream with its token. `null` if that fails; the findings then say why.
   *
   * @param expected - other statuses that are accepted, besides 200 to 299.
   */
  async get(
    step: string,
    url: string,
    maxBytes: number,
    headers: Record<string, string> = {},
    expected: readonly number[] = [],
  ): Promise<Fetched | null> {
    if (this.#hasEnded || isOver(this.network, this.at('stream', this.#target.src))) return null;
    const findings = this.at(step, url);
    const request = await this.#authorize(this.#authorizer, url);
    if (request === null) return null;
    const withCookies = request.credentials === 'include';
    if (withCookies && this.#asked) {
      // Once for each origin, and not for each of its addresses.
      const atOrigin = new Findings(this.#list, 'cookie', new URL(url).origin);
      checkCookies({
        network: this.network,
        answer: this.#asked.visit,
        mediaUrl: url,
        findings: atOrigin,
      });
    }
    this.#checkMixedContent(url, findings);
    const answer = await this.#load(request, headers, maxBytes, findings);
    if (answer === null) return null;
    if (!checkRedirects(answer, request, findings)) return null;
    if (answer.status === 401 || answer.status === 403) {
      await this.#explainRefusal(step, url, request, answer, findings);
      return null;
    }
    if ((answer.status < 200 || answer.status >= 300) && !expected.includes(answer.status)) {
      findings.fault(
        `The origin responds with HTTP ${String(answer.status)}${problemCode(answer)}.`,
        changeFor(answer.status, step),
      );
      return null;
    }
    const { pageOrigin } = this.network;
    if (pageOrigin !== undefined) {
      checkCors(pageOrigin, answer, withCookies, findings);
      if (new URL(request.url).origin !== pageOrigin)
        await checkTokenHeaders(this.network, request, pageOrigin, findings);
    }
    const base = request.base ?? this.#authorizer?.withoutTokens(answer.url) ?? answer.url;
    return { visit: answer, base };
  }

  /** That of the first playlist is named before it is loaded. */
  #checkMixedContent(url: string, findings: Findings): void {
    const { src } = this.#target;
    const isSecure = [src, this.network.pageOrigin].some((each) => each?.startsWith('https:'));
    if (url === src || !isSecure || !isOpenHttp(url)) return;
    findings.fault(
      'The page or the playlist is loaded over https, and names an http address: browsers block it as mixed content.',
      'Write https addresses, or relative ones, into the playlist.',
    );
  }

  async #load(
    request: AuthorizedRequest,
    headers: Record<string, string>,
    maxBytes: number,
    findings: Findings,
  ): Promise<Visit | null> {
    try {
      return await visit(this.network, {
        url: request.url,
        headers,
        tokenHeaders: request.headers,
        withCookies: request.credentials === 'include',
        maxBytes,
      });
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      findings.fault(
        `The media origin does not respond. ${error.message}`,
        'Check the address, the DNS name and the certificate.',
      );
      return null;
    }
  }

  /** Adds the token to a request. `null` if it has ended and was not renewed; the findings then say why. */
  async #authorize(authorizer: Authorizer | null, url: string): Promise<AuthorizedRequest | null> {
    if (!authorizer) return { url, headers: {}, credentials: undefined, redirect: 'follow', version: null };
    const { src, stream, tokenUrl } = this.#target;
    try {
      return await authorizer.authorize(url, stream);
    } catch (error) {
      if (!(error instanceof GatecastError)) throw error;
      this.#hasEnded = true;
      const { what, change } = explainEnd(error, stream);
      this.at('token endpoint', tokenUrl ?? src).fault(what, change);
      return null;
    }
  }

  /** Says why the origin refuses, as far as it can be seen from outside. */
  async #explainRefusal(
    step: string,
    url: string,
    request: AuthorizedRequest,
    answer: Visit,
    findings: Findings,
  ): Promise<void> {
    const { src, placement: used } = this.#target;
    const withoutTokens = (address: string) => this.#authorizer?.withoutTokens(address) ?? address;
    const refusal = {
      what: `The origin refuses with HTTP ${String(answer.status)}${problemCode(answer)}`,
      step,
      url: withoutTokens(url),
      src,
      asked: this.#asked,
      isAllowed: this.#authorizer?.isAllowed(url) ?? false,
      hasToken: request.version !== null,
      originNowMs: this.#originNowMs(answer),
      clockOffMs: this.#clockOff(answer),
    };
    const atOnce = explainAtOnce(refusal);
    if (atOnce) {
      findings.fault(atOnce.what, atOnce.change);
      return;
    }
    const tried = [used];
    const others = PLACEMENTS.filter((each) => each !== used);
    for (const placement of others) {
      const other = await this.#authorize(this.#with(placement), url);
      if (other === null) return;
      const retry = await this.#load(other, {}, 4_096, new Findings([], step, url));
      if (!retry || retry.status === 429 || retry.status === 503) break;
      if (retry.status === 401 || retry.status === 403) tried.push(placement);
      if (retry.status >= 300) continue;
      findings.fault(
        `${refusal.what} with token-placement="${used}", and accepts the same token with "${placement}".`,
        `Set token-placement="${placement}".`,
      );
      return;
    }
    const { what, change } = explainToken(refusal, tried.length > others.length ? 'each usual place' : tried);
    findings.fault(what, change);
  }

  /** Time by the clock of a server. */
  #originNowMs({ clockOffMs }: Visit): number {
    return this.network.now() + (clockOffMs ?? 0);
  }

  #clockOff({ clockOffMs }: Visit): number | null {
    const other = this.#asked?.clockOffMs ?? null;
    return clockOffMs === null || other === null ? null : clockOffMs - other;
  }

  /** Compares the clocks of origin and token backend. */
  checkClock(answer: Visit, findings: Findings): void {
    const offMs = this.#clockOff(answer);
    if (offMs === null || Math.abs(offMs) <= 5_000) return;
    findings.warning(
      `The clock of the origin is ${describeOff(offMs)} that of the token backend.`,
      'Keep both on NTP: a token may seem expired or not yet valid.',
    );
  }

  /** Says how an address that was given with a signature is signed. */
  checkSignature(answer: Visit, findings: Findings): void {
    const signed = this.#asked ? null : readSignedAddress(this.#target.src);
    if (signed) checkSignedAddress(signed, this.#originNowMs(answer), findings);
  }

  /** A stream with tokens that plays without one protects nothing. */
  async checkOpen(findings: Findings): Promise<void> {
    const { src } = this.#target;
    // A signature of a known form opens the address by itself.
    const signed = readSignedAddress(src);
    if (!this.#asked || (signed && signed.kind !== 'unknown')) return;
    const bare = {
      url: src,
      headers: {},
      credentials: undefined,
      redirect: 'follow',
      version: null,
    } as const;
    const answer = await this.#load(bare, {}, 4_096, new Findings([], 'playlist', src));
    if (answer && answer.status >= 200 && answer.status < 300)
      findings.warning(
        'The playlist also loads without a token.',
        'Let the origin require tokens, or omit token-url.',
      );
  }

  #with(placement: string): Authorizer | null {
    const parsed = parsePlacement(placement);
    if (!this.#asked) return null;
    const { src, tokenOrigins } = this.#target;
    return new Authorizer({ tokens: this.#asked.tokens, placement: parsed, origins: [src, ...tokenOrigins] });
  }
}

function changeFor(status: number, step: string): string {
  if (step === 'preload hint')
    return 'Let the origin hold the request until the part exists, or omit EXT-X-PRELOAD-HINT.';
  if (status >= 300 && status < 400)
    return 'Look at Location: it leads in a circle, to more than ten addresses, or to none.';
  if (status === 404 || status === 410) return 'Check the address, and that the stream is on air.';
  if (status === 429 || status === 503) return 'The origin is busy: try again later, or raise its limits.';
  return status >= 500 ? 'Read the log of the origin at this time.' : 'Check the address.';
}
