import { placeToken, type Placement } from './placement.js';
import type { GetOptions, TokenManager } from '../manager/token-manager.js';

/** A request as it goes out. Only for the network: its URL and headers may hold a token. */
export interface AuthorizedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `include` when cookies carry the token, else left to the caller. */
  readonly credentials: RequestCredentials | undefined;
  /** `manual` where a redirect would take the token along to whatever origin it leads to. */
  readonly redirect: RequestRedirect;
  /** Names the token that was used, for {@link Authorizer.rejected}; `null` when the request carries none. */
  readonly version: number | null;
}

export interface AuthorizerOptions {
  tokens: Pick<TokenManager, 'get' | 'peek' | 'rejected' | 'accepted'>;
  placement: Placement;
  /** Origins that may receive the token, or URLs of them. No other ever does. */
  origins: Iterable<string>;
}

/**
 * Knows where a token goes and to whom. Engines and publishers ask it before each request and tell it what came of
 * it; they never hold a token.
 */
export class Authorizer {
  readonly #tokens: AuthorizerOptions['tokens'];
  readonly #placement: Placement;
  readonly #origins: ReadonlySet<string>;

  constructor({ tokens, placement, origins }: AuthorizerOptions) {
    this.#tokens = tokens;
    this.#placement = placement;
    this.#origins = new Set(Array.from(origins, (origin) => originOf(origin) ?? origin));
  }

  /** May this URL receive the token? */
  isAllowed(url: string): boolean {
    const origin = originOf(url);
    return origin !== null && this.#origins.has(origin);
  }

  /**
   * Gives a request its token; waits for one, for a bounded time, when none is fresh.
   *
   * @throws GatecastError why there is no token; or the signal's reason.
   */
  async authorize(url: string, stream: string, options: GetOptions = {}): Promise<AuthorizedRequest> {
    if (!this.#needsToken(url)) return this.#bare(url);
    return this.#place(url, await this.#tokens.get(stream, options));
  }

  /** The same without waiting; `null` when there is no fresh token. */
  authorizeNow(url: string, stream: string): AuthorizedRequest | null {
    if (!this.#needsToken(url)) return this.#bare(url);
    const token = this.#tokens.peek(stream);
    return token && this.#place(url, token);
  }

  /**
   * Is this status the origin's word that the token of a request will not do?
   */
  isRefusal(status: number, request: AuthorizedRequest): boolean {
    return request.version !== null && (status === 401 || status === 403);
  }

  /**
   * Tells that the origin refused a request; resolves when another token is there and the request may be repeated.
   *
   * @throws GatecastError why it need not be repeated.
   */
  async rejected(stream: string, request: AuthorizedRequest, options: GetOptions = {}): Promise<void> {
    if (request.version !== null) await this.#tokens.rejected(stream, request.version, options);
  }

  /**
   * Reports that the origin refused a request, and authorizes the same one again.
   *
   * @throws GatecastError why it need not be repeated.
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

  /** Tells that the origin took a request. */
  accepted(stream: string, request: AuthorizedRequest): void {
    if (request.version !== null) this.#tokens.accepted(stream, request.version);
  }

  #needsToken(url: string): boolean {
    return this.#placement.kind !== 'none' && this.isAllowed(url);
  }

  #bare(url: string): AuthorizedRequest {
    return { url, headers: {}, credentials: undefined, redirect: 'follow', version: null };
  }

  #place(url: string, token: Awaited<ReturnType<TokenManager['get']>>): AuthorizedRequest {
    const placement = this.#placement;
    const credentials = placement.kind === 'cookie' ? 'include' : undefined;
    // Of all headers browsers drop Authorization alone on the way to another origin (fetch standard, HTTP-redirect fetch).
    const staysBehind = placement.kind !== 'header' || /^authorization$/i.test(placement.name);
    const redirect = staysBehind ? 'follow' : 'manual';
    return { ...placeToken(placement, url, token.value), credentials, redirect, version: token.version };
  }
}

/** The origin that a URL is fetched from; `null` for what is not, or comes from no server. */
function originOf(url: string): string | null {
  try {
    const { origin, protocol } = new URL(url);
    // A blob has the origin of its page but is read from memory, and a token in its URL would break it.
    return origin === 'null' || protocol === 'blob:' ? null : origin;
  } catch {
    return null;
  }
}
