import { streamNameOf, type TokenPurpose } from '@gatecast/contract';
import { parsePlacement, redactText } from '@gatecast/token';
import { askToken } from './ask-token.js';
import { Findings, shownName, type DoctorFinding } from './finding.js';
import { OfferCheck, optionsOfOffers } from './check-offers.js';
import { MediaChain } from './follow-media.js';
import { protocolOfAddress, protocolOfResponse } from './offer-protocol.js';
import { wordsOf } from './offer-words.js';
import { readElements } from './read-elements.js';
import { sessionFor } from './session.js';
import { isOpenHttp, SiteCookies } from './site-cookies.js';
import { showsIngest } from './shows-ingest.js';
import { streamOfEndpoint, type StreamTarget } from './stream-target.js';
import { isOver, textOf, UnreachableError, visit, type DoctorNetwork, type Visit } from './visit.js';

export interface DoctorOptions {
  /** Absolute http(s) address of a page, of a playlist, or of a WHIP or WHEP endpoint. */
  readonly url: string;
  /** Origin of the page, for an address of a playlist. @defaultValue that of the page; for a playlist, CORS is not checked */
  readonly pageOrigin?: string | undefined;
  /** @defaultValue that of the page’s tag */
  readonly tokenUrl?: string | undefined;
  /** @defaultValue that of the tag, or the file name of the playlist */
  readonly stream?: string | undefined;
  /** As `token-placement`. @defaultValue that of the tag, or `query:token`; `header` for a WHIP or WHEP endpoint */
  readonly placement?: string | undefined;
  /**
   * `ingest` for the address of a WHIP endpoint, `playback` for that of a WHEP endpoint. Of a page, the players (`playback`) or the webcasters (`ingest`) only.
   *
   * @defaultValue `ingest` if the address takes SDP offers and nothing says WHEP, else `playback`; of a page, all tags
   */
  readonly purpose?: TokenPurpose | undefined;
  /**
   * Headers of the token request, such as a session. They go nowhere else, and to no endpoint at another origin than `url`, unless
   * `tokenUrl` names it. Over http they go to this machine only.
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** Time limit of each request in milliseconds. @defaultValue 10,000 */
  readonly timeoutMs?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** @defaultValue `globalThis.fetch` */
  readonly fetch?: typeof globalThis.fetch;
}

const MAX_PAGE_BYTES = 2_097_152;
/** The tags of a page whose tokens have a purpose. */
const KINDS = { playback: 'player', ingest: 'webcaster' } as const;

/** @throws TypeError for a text that is none of the values of `token-placement`; the message says which there are. */
export function requirePlacement(placement: string): void {
  parsePlacement(placement);
}

/**
 * Follows the chain of a page or a stream from outside, as a player does: address, token, playlists, first segment. Tokens go to
 * the origins only that the page allows, and the findings contain none.
 */
export async function examine(options: DoctorOptions): Promise<DoctorFinding[]> {
  // Parts of responses and of the page are in the findings.
  return (await findFaults(options)).map(({ level, where, what, change }) => ({
    level,
    where: redactText(where),
    what: redactText(what),
    ...(change !== undefined && { change: redactText(change) }),
  }));
}

async function findFaults(options: DoctorOptions): Promise<DoctorFinding[]> {
  const list: DoctorFinding[] = [];
  const { fetch = globalThis.fetch, timeoutMs = 10_000, now = Date.now } = options;
  const network = {
    fetch,
    timeoutMs,
    now,
    sinceMs: now(),
    cookies: new SiteCookies(),
    pageOrigin: options.pageOrigin,
  };
  if (options.purpose === 'ingest') {
    // The address is of a page with tags, or else of an endpoint, whose cookies for GET no webcaster gets.
    const own = { ...network, cookies: new SiteCookies() };
    const page = await load(own, options.url, new Findings([], 'page', options.url));
    const target = targetOf(options, 'ingest');
    const elements = page && isSuccess(page) ? readElements(textOf(page), page.url) : [];
    const hasWebcaster = elements.some(({ kind }) => kind === 'webcaster');
    // An endpoint may respond to GET with a page that plays its stream.
    if (page && (hasWebcaster || (elements.length > 0 && !(await showsIngest(own, target)))))
      await followPage(own, page, options, new Findings(list, 'page', options.url), list);
    else await followStream(network, target, options, list);
    return list;
  }
  if (/\.m3u8$/i.test(new URL(options.url).pathname)) {
    await followStream(network, targetOf(options), options, list);
    return list;
  }
  const findings = new Findings(list, 'page', options.url);
  const page = await load(network, options.url, findings);
  if (page === null) return list;
  if (
    textOf(page)
      .replace(/^\uFEFF/, '')
      .startsWith('#EXTM3U')
  ) {
    await followStream(network, targetOf(options), options, list);
    return list;
  }
  const isPage = isSuccess(page);
  // To GET, WHIP and WHEP endpoints respond without content, or with an error.
  const mayTakeOffers = !isPage || page.bytes.length === 0;
  const offers = mayTakeOffers ? await optionsOfOffers(network, options.url) : null;
  if (offers) await followOffers(network, offers, options, list);
  else if (!isPage)
    findings.fault(
      `The page responds with HTTP ${String(page.status)}.`,
      'Check the address. For a WHIP endpoint, add --purpose ingest; for a WHEP endpoint, --purpose playback.',
    );
  else await followPage(network, page, options, findings, list);
  return list;
}

function isSuccess({ status }: Visit): boolean {
  return status >= 200 && status < 300;
}

/** Follows an address that takes offers. Unless the caller has said what it is for, its name or its response does. */
async function followOffers(
  network: DoctorNetwork,
  answer: Visit,
  options: DoctorOptions,
  list: DoctorFinding[],
): Promise<void> {
  const protocol = protocolOfResponse(answer) ?? protocolOfAddress(options.url);
  const isWhep = options.purpose === 'playback' || protocol?.name === 'WHEP';
  const target = targetOf(options, isWhep ? 'playback' : 'ingest');
  await followStream(
    network,
    isWhep ? { ...target, isWhep, placement: options.placement ?? 'header' } : target,
    options,
    list,
  );
}

async function load(network: DoctorNetwork, url: string, findings: Findings): Promise<Visit | null> {
  try {
    const plain = { ...network, pageOrigin: undefined };
    return await visit(plain, { url, headers: { Accept: 'text/html,*/*;q=0.8' }, maxBytes: MAX_PAGE_BYTES });
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    findings.fault(
      `The server does not respond. ${error.message}`,
      'Check the address and that the server runs.',
    );
    return null;
  }
}

async function followPage(
  network: DoctorNetwork,
  page: Visit,
  options: DoctorOptions,
  findings: Findings,
  list: DoctorFinding[],
): Promise<void> {
  const all = readElements(textOf(page), page.url, options.stream);
  if (all.length === 0) {
    findings.fault(
      'The HTML of the page has no <secure-player> and no <secure-webcaster>. The doctor runs no scripts, which may add one.',
      'Check the address. If a script or a framework adds the tag, give the address of the stream or of the WHIP endpoint instead, with --token-url and --page-origin. If this is a WHIP endpoint that responds with a page, add --purpose ingest.',
    );
    return;
  }
  const wanted = options.purpose === undefined ? null : KINDS[options.purpose];
  const elements = all.filter(({ kind }) => wanted === null || kind === wanted);
  if (elements.length === 0) {
    findings.fault(
      `The HTML of the page has no <secure-${wanted ?? 'player'}>.`,
      'Omit --purpose, or change it: it says which tags are checked.',
    );
    return;
  }
  if (isOpenHttp(page.url)) {
    findings.warning(
      'The page is loaded over http.',
      'Serve it over https: on http, anyone on the network reads the tokens, and browsers refuse Secure cookies.',
    );
    if (elements.some(({ kind }) => kind === 'webcaster'))
      findings.fault(
        'The page has a webcaster, and is loaded over http: browsers give it no camera, microphone or screen.',
        'Serve it over https.',
      );
  }
  const pageOrigin = options.pageOrigin ?? new URL(page.url).origin;
  for (const { kind, targets, problem } of elements) {
    if (problem !== null) findings.skipped(problem.what, problem.change);
    for (const target of targets) {
      findings.ok(`has a ${kind} of the stream "${shownName(target.stream)}"`);
      const { tokenUrl, placement } = options;
      const merged = { ...target, ...defined({ tokenUrl, placement }) };
      await followStream({ ...network, pageOrigin }, merged, options, list);
    }
  }
}

async function followStream(
  network: DoctorNetwork,
  target: StreamTarget,
  options: DoctorOptions,
  list: DoctorFinding[],
): Promise<void> {
  const { src, tokenUrl, credentials } = target;
  if (isOver(network, new Findings(list, 'stream', src))) return;
  const { pageOrigin } = network;
  for (const [step, url] of [
    [takesOffers(target) ? wordsOf(target).step : 'playlist', src],
    ['token endpoint', tokenUrl],
  ] as const) {
    if (url === null || !isOpenHttp(url)) continue;
    const findings = new Findings(list, step, url);
    if (pageOrigin?.startsWith('https:'))
      findings.fault(
        'A page over https loads this address over http: browsers block it as mixed content.',
        'Use the https address.',
      );
    else
      findings.warning(
        'The address is http: anyone on the network reads the tokens.',
        'Use the https address.',
      );
  }
  const problem = placementProblem(target.placement);
  if (problem !== null) {
    new Findings(list, target.purpose === 'ingest' ? 'webcaster' : 'player', src).fault(
      problem,
      'Correct token-placement.',
    );
    return;
  }
  let asked = null;
  if (tokenUrl !== null) {
    const findings = new Findings(list, 'token endpoint', tokenUrl);
    const isCross = pageOrigin !== undefined && new URL(tokenUrl).origin !== pageOrigin;
    // A session of --header stands for the cookies of the viewer, which a browser sends only then.
    if (isCross && credentials === 'same-origin' && 'cookie' in lowerNames(options.headers ?? {}))
      findings.warning(
        'The token endpoint is at another origin than the page, and token-credentials is "same-origin": browsers send no cookie.',
        'Set token-credentials="include".',
      );
    asked = await askToken(
      network,
      { ...target, tokenUrl },
      sessionFor(tokenUrl, options, findings),
      findings,
    );
    if (asked === null) return;
  }
  if (takesOffers(target)) await new OfferCheck(network, target, asked, list).run();
  else await new MediaChain(network, target, asked, list).follow();
}

function takesOffers({ purpose, isWhep = false }: StreamTarget): boolean {
  return isWhep || purpose === 'ingest';
}

function placementProblem(placement: string): string | null {
  try {
    requirePlacement(placement);
    return null;
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

function lowerNames(headers: Readonly<Record<string, string>>): Record<string, true> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name.toLowerCase(), true]));
}

function targetOf(
  { url, stream, tokenUrl, placement }: DoctorOptions,
  purpose: TokenPurpose = 'playback',
): StreamTarget {
  return {
    src: url,
    stream: stream ?? (purpose === 'ingest' ? streamOfEndpoint(url) : streamNameOf(url)),
    purpose,
    tokenUrl: tokenUrl ?? null,
    placement: placement ?? (purpose === 'ingest' ? 'header' : 'query:token'),
    tokenOrigins: [],
    credentials: 'same-origin',
  };
}

function defined<Options extends object>(
  options: Options,
): { [Name in keyof Options]?: NonNullable<Options[Name]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Options]?: NonNullable<Options[Name]>;
  };
}
