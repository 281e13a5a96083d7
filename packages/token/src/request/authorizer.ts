import { partsOfRequest, splitPath, type PartedToken, type TokenValue } from '@gatecast/contract';
import type { ProveRequests } from '../dpop/prove-requests.js';
import type { GatecastError } from '../errors.js';
import { lazyPart } from '../failure/lazy-part.js';
import { replaceSecrets, TOKEN_MARKER } from '../known-secrets.js';
import { markOwnToken, placeToken, rememberPlaced, type Placement } from './placement.js';
import type { RenewToken } from '../manager/manager-context.js';
import type { GetOptions, TokenManager } from '../manager/token-manager.js';
import { accessEndOf } from '../source/access-end-of.js';
import type { Token } from '../source/token.js';
import { originOf, withOrigin } from './origin-of.js';
import { isParted, placeParts } from './place-parts.js';
import type { OriginAnswer } from './renewed-token.js';

const hiddenPart = lazyPart('renewHidden', async () => (await import('./hidden-refusals.js')).renewHidden);

/** Few origins renew tokens. */
const renewedPart = lazyPart('renewedToken', async () => (await import('./renewed-token.js')).renewedToken);

/** Addresses of responses that are kept for the first playlists. Only an origin that renames its paths needs more than one. */
const MAX_BASES = 100;
/** The header with a renewed Common Access Token (CTA-5007-B). */
const CAT_HEADER = 'CTA-Common-Access-Token';

/** A request with its token. Only for the network: its URL and headers may contain the token. */
export interface AuthorizedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `include` when a cookie authorizes the request, otherwise the caller's choice. */
  readonly credentials: RequestCredentials | undefined;
  /** `manual` if a redirect would send the token on to any origin. */
  readonly redirect: RequestRedirect;
  /** Adds proofs of possession to the request, if the page uses them. */
  readonly prove?: ProveRequests | undefined;
  /** Version of the token in the request, for {@link Authorizer.rejected}; `null` without one. */
  readonly version: number | null;
  /** Base of relative addresses in the response, without a token, if the token has brought the address of the request. */
  readonly base?: string;
}

export interface AuthorizerOptions {
  tokens: Pick<TokenManager, 'get' | 'peek' | 'rejected' | 'accepted'> & {
    /** Requests another token while this one stays in use. */
    renew?(stream: string, version: number, options?: GetOptions): Promise<unknown>;
    /** Takes a token that a media origin has renewed. */
    adopt?(stream: string, version: number, renew: RenewToken): void;
    /** Ends the access to a stream. */
    end?(stream: string, error: GatecastError): void;
    /** The time by which the tokens' times are given, in milliseconds. */
    now?(): number;
    /** Called for each request with a token. Returns `undefined` if the page uses no proofs of possession. */
    prove?(value: TokenValue): ProveRequests | undefined;
  };
  placement: Placement;
  /**
   * The only origins that may receive the token, as origins or as the page's own URLs. A token in such a URL is replaced,
   * while a value that a playlist has there stays.
   */
  origins: Iterable<string>;
}

/**
 * Adds tokens to requests: in the right place, and only for the allowed origins. Engines and publishers call it before
 * each request and report the result; they hold no token themselves.
 */
export class Authorizer {
  readonly #tokens: AuthorizerOptions['tokens'];
  readonly #placement: Placement;
  readonly #origins: ReadonlySet<string>;
  /** The page's own URLs, and the ones without a token that responses to them have. */
  #entries: Set<string>;
  readonly #given: ReadonlySet<string>;
  /** Origins that have accepted a token. */
  readonly #accepting = new Set<string | null>();

  constructor({ tokens, placement, origins }: AuthorizerOptions) {
    this.#tokens = tokens;
    this.#placement = placement;
    const given = [...origins];
    this.#entries = new Set(given);
    this.#given = new Set(given);
    this.#origins = new Set(given.map((origin) => originOf(origin) ?? origin));
    for (const url of given) rememberPlaced(placement, url);
  }

  /** May this URL receive the token? */
  isAllowed(url: string, baseUrl?: string): boolean {
    const origin = originOf(url, baseUrl);
    return origin !== null && this.#origins.has(origin);
  }

  /**
   * Adds the token to a request. If there is no valid one, waits for it for a limited time.
   *
   * @throws GatecastError why there is no token; or the signal's reason.
   */
  async authorize(url: string, stream: string, options: GetOptions = {}): Promise<AuthorizedRequest> {
    if (!this.#needsToken(url)) return this.#bare(url);
    return this.#place(url, await this.#tokens.get(stream, options));
  }

  /** Does the same without waiting; `null` when there is no valid token. */
  authorizeNow(url: string, stream: string): AuthorizedRequest | null {
    if (!this.#needsToken(url)) return this.#bare(url);
    const token = this.#tokens.peek(stream);
    return token && this.#place(url, token);
  }

  /** Does this status mean that the origin refused the token of the request? */
  isRefusal(status: number, request: AuthorizedRequest): boolean {
    return request.version !== null && (status === 401 || status === 403);
  }

  /**
   * Reads a failed response as far as it matters. A problem document of an allowed origin is read, up to 16 KiB.
   *
   * @throws GatecastError `revoked`, `concurrent-limit` or `moved` if it says that the access has ended. The stream's tokens are not
   *   used any more then.
   */
  async checkFailure(
    response: Response,
    stream: string,
    request: AuthorizedRequest,
    signal?: AbortSignal | null,
  ): Promise<void> {
    const isAllowed = request.version !== null && this.isAllowed(response.url || request.url);
    const error = await accessEndOf(response, isAllowed, signal);
    if (!error) return;
    this.#tokens.end?.(stream, error);
    throw error;
  }

  /**
   * Reports that the origin refused a request; resolves when there is another token to repeat it with.
   *
   * @throws GatecastError why there is none.
   */
  async rejected(stream: string, request: AuthorizedRequest, options: GetOptions = {}): Promise<void> {
    if (request.version !== null) await this.#tokens.rejected(stream, request.version, options);
  }

  /**
   * Reports that the origin refused a request, and authorizes the same one again.
   *
   * @throws GatecastError why there is no other token.
   */
  async replace(
    url: string,
    stream: string,
    refused: AuthorizedRequest,
    options: GetOptions = {},
  ): Promise<AuthorizedRequest> {
    await this.rejected(stream, refused, options);
    return this.authorize(url, stream, options);
  }

  /**
   * Reports that the origin accepted a request.
   *
   * @param answer - if it contains a renewed token, that one is used from now on.
   */
  accepted(stream: string, request: AuthorizedRequest, answer?: OriginAnswer): void {
    const { version } = request;
    if (version === null) return;
    this.#accepting.add(originOf(request.url));
    this.#tokens.accepted(stream, version);
    if (!answer || !this.isAllowed(answer.url)) return;
    const { url, headers } = answer;
    if (
      url !== request.url ||
      [CAT_HEADER, ...Object.keys(request.headers)].some((name) => headers.has(name))
    )
      void this.#adopt(stream, request, answer, version);
  }

  /** Without the code for it, the backend renews the token. */
  async #adopt(stream: string, request: AuthorizedRequest, answer: OriginAnswer, version: number) {
    const renewedToken = await renewedPart({ tries: 1 }).catch(() => null);
    if (renewedToken === null) return;
    this.#tokens.adopt?.(stream, version, (old, context) =>
      renewedToken(this.#placement, old, request, answer, context),
    );
  }

  /**
   * Reports that the response to a request cannot be read: `fetch` threw a `TypeError`. If a refusal may be the reason, the token
   * is renewed.
   *
   * @returns the same request with the new token; `null` if there is none, or no reason to suspect the token.
   */
  async replaceUnreadable(
    url: string,
    stream: string,
    { version }: AuthorizedRequest,
    options: GetOptions = {},
  ): Promise<AuthorizedRequest | null> {
    const origin = originOf(url);
    const { location, navigator } = globalThis as Partial<typeof globalThis>;
    if (version === null || origin === null || origin === location?.origin) return null;
    if (navigator?.onLine === false) return null;
    try {
      // Loaded when it is needed, which is rarely.
      const renewHidden = await hiddenPart({ signal: options.signal, tries: 1 });
      const answer = { stream, version, origin, hasWorked: this.#accepting.has(origin) };
      const isRenewed = await renewHidden(this.#tokens, answer);
      return isRenewed ? await this.authorize(url, stream, options) : null;
    } catch {
      // The failure of the request itself is the one to report.
      options.signal?.throwIfAborted();
      return null;
    }
  }

  /**
   * Replaces our tokens in the address of a response, or in a playlist, by a marker, so that it can be kept or shown.
   * {@link authorize} replaces the marker by the token of its time. Addresses of other origins stay as they are.
   *
   * @param baseUrl - the base of relative addresses in a playlist
   */
  withoutTokens(text: string, baseUrl = text): string {
    if (!this.#needsToken(baseUrl) || replaceSecrets(text, TOKEN_MARKER) === text) return text;
    return text.replace(/[^\s"]+/g, (address) =>
      this.isAllowed(address, baseUrl) ? replaceSecrets(address, TOKEN_MARKER) : address,
    );
  }

  #needsToken(url: string): boolean {
    return this.#placement.kind !== 'none' && this.isAllowed(url);
  }

  #bare(url: string): AuthorizedRequest {
    const placement = this.#placement;
    const credentials = placement.kind === 'none' && this.isAllowed(url) ? placement.credentials : undefined;
    return { url, headers: {}, credentials, redirect: 'follow', version: null };
  }

  #place(given: string, token: Token): AuthorizedRequest {
    const url = withOrigin(given);
    const placement = this.#placement;
    if (isParted(token.value)) return this.#placeParts(given, url, token, token.value);
    const credentials = placement.kind === 'cookie' ? 'include' : undefined;
    const redirect = placement.kind !== 'header' || staysBehind(placement.name) ? 'follow' : 'manual';
    // A page, playlist or redirect may have put one of our tokens there already.
    const known = placement.kind === 'path' ? this.withoutTokens(url) : url;
    const bare = markOwnToken(placement, known, token.value);
    if (bare === null) return this.#bare(given);
    const prove = this.#tokens.prove?.(token.value);
    return {
      ...placeToken(placement, bare, token.value),
      credentials,
      redirect,
      prove,
      version: token.version,
    };
  }

  #placeParts(given: string, url: string, { stream, version }: Token, value: PartedToken): AuthorizedRequest {
    const isEntry = this.#entries.has(given);
    const { parts, entry } = partsOfRequest(value, url, isEntry, (address) => this.isAllowed(address));
    const hasPath = parts.some(({ path }) => path !== undefined);
    const target = { placement: this.#placement, stream, isEntry };
    const placed = placeParts(target, hasPath ? this.withoutTokens(url) : url, parts);
    if (placed === null) return this.#bare(given);
    const { withCookie, headers } = placed;
    const base = entry === undefined ? undefined : this.#baseOf(given, entry);
    return {
      url: placed.url,
      ...(base !== undefined && { base }),
      headers,
      credentials: withCookie ? 'include' : undefined,
      redirect: Object.keys(headers).every(staysBehind) ? 'follow' : 'manual',
      prove: this.#tokens.prove?.(value),
      version,
    };
  }

  /** An engine reloads a media playlist at the address of its response, which is then that of the entry. */
  #baseOf(given: string, entry: string): string | undefined {
    const [[base], [path]] = [splitPath(entry), splitPath(given)];
    if (base === path) return undefined;
    const bare = this.withoutTokens(base);
    if (this.#entries.size > this.#given.size + MAX_BASES) this.#entries = new Set(this.#given);
    if (this.#given.has(given)) this.#entries.add(bare);
    return bare;
  }
}

/** Authorization is the only header that browsers drop on a redirect to another origin (Fetch standard, HTTP-redirect fetch). */
function staysBehind(headerName: string): boolean {
  return /^authorization$/i.test(headerName);
}
