import { streamNameOf } from '@gatecast/contract';
import {
  Authorizer,
  customSource,
  endpointSource,
  noSource,
  proveRequests,
  secretOf,
  sharedTokenManager,
  systemClock,
  GatecastError,
  type AuthorizerOptions,
  type Clock,
  type GetOptions,
  type ProveRequests,
  type Token,
  type TokenEvent,
  type TokenManager,
  type TokenSource,
  type TokenStatus,
  type TokenValue,
} from '@gatecast/token';
import { ActiveStreams } from './active-streams.js';
import { checkOptions, type CheckedOptions } from './check-options.js';
import type { StreamRequest, TokenOptions } from './token-options.js';

/** What a page can do with the tokens of a player. */
export interface TokenControl {
  /** State of each stream's token that is in use, never a token. */
  readonly states: readonly TokenStatus[];
  /** Requests new tokens now. @throws GatecastError why there is none. */
  refresh(): Promise<void>;
  /** Adds no tokens from now on. No timer, listener or request is left. */
  release(): void;
}

/** What tests replace. */
export interface SessionContext {
  readonly clock?: Clock;
  readonly fetch?: typeof globalThis.fetch;
  readonly random?: () => number;
}

type Tokens = AuthorizerOptions['tokens'];

/** The tokens of one player. */
export class TokenSession implements TokenControl, Tokens {
  readonly clock: Clock;
  /** For requests with a token, if it is not the page's own. */
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly #options: TokenOptions;
  readonly #checked: CheckedOptions;
  readonly #manager: TokenManager;
  readonly #active: ActiveStreams;
  readonly #life = new AbortController();
  #source = '';
  #authorizer: Authorizer;

  /** @throws GatecastError `option-invalid`; TypeError for a placement that does not exist. */
  constructor(options: TokenOptions, context: SessionContext = {}) {
    const { clock = systemClock, fetch, random } = context;
    this.clock = clock;
    this.fetch = fetch;
    this.#options = options;
    this.#checked = checkOptions(options);
    const source = tokenSourceOf(options, this.#checked, context);
    this.#manager = sharedTokenManager({ source, purpose: 'playback', clock, ...(random && { random }) });
    this.#active = new ActiveStreams(this.#manager, clock, {
      leadMs: this.#checked.leadMs,
      onEvent: (event) => {
        this.#tell(event);
      },
    });
    this.#authorizer = this.#newAuthorizer();
    const { signal } = options;
    if (signal?.aborted) this.release();
    signal?.addEventListener('abort', () => this.release(), { once: true, signal: this.signal });
  }

  /** Aborts when the session ends. */
  get signal(): AbortSignal {
    return this.#life.signal;
  }

  get placement(): CheckedOptions['placement'] {
    return this.#checked.placement;
  }

  /** Adds tokens to requests of the current source. */
  get authorizer(): Authorizer {
    return this.#authorizer;
  }

  /** Names the address that the page has given the player: its origin may receive tokens. */
  open(source: string): void {
    if (source === this.#source) return;
    this.#source = source;
    this.#authorizer = this.#newAuthorizer();
  }

  /** The stream whose token a request needs. */
  streamOf(request: StreamRequest): string {
    const { stream } = this.#options;
    if (typeof stream === 'function') return stream(request);
    return stream ?? streamNameOf(this.#source || request.playlist).replace(/\.mpd$/i, '');
  }

  get states(): TokenStatus[] {
    return this.#active.names.map((stream) => this.#manager.status(stream));
  }

  async refresh(): Promise<void> {
    await Promise.all(this.#active.names.map((stream) => this.#manager.refresh(stream)));
  }

  release(): void {
    this.#active.release();
    this.#life.abort(new DOMException('The tokens were released.', 'AbortError'));
  }

  /** Reports a failure that the manager cannot detect: an origin refuses a new token. */
  report(stream: string, error: unknown): void {
    if (!(error instanceof GatecastError) || error.code !== 'token-rejected' || this.signal.aborted) return;
    this.#fail(stream, error);
  }

  async get(stream: string, options?: GetOptions): Promise<Token> {
    this.#use(stream);
    return this.#manager.get(stream, options);
  }

  peek(stream: string): Token | null {
    this.#use(stream);
    return this.#manager.peek(stream);
  }

  async rejected(stream: string, version: number, options?: GetOptions): Promise<Token> {
    this.#use(stream);
    return this.#manager.rejected(stream, version, options);
  }

  accepted(stream: string, version: number): void {
    this.#manager.accepted(stream, version);
  }

  async renew(stream: string, version: number, options?: GetOptions): Promise<Token> {
    this.#use(stream);
    return this.#manager.renew(stream, version, options);
  }

  adopt(stream: string, version: number, renew: (value: TokenValue) => TokenValue | null): void {
    this.#manager.adopt(stream, version, renew);
  }

  /** The server's time, in milliseconds since the epoch. */
  now(): number {
    return this.#manager.serverClock.now();
  }

  prove(value: TokenValue): ProveRequests | undefined {
    if (!this.#options.dpop) return undefined;
    const endpoint = (this.#options.tokenSource ? null : this.#checked.tokenUrl) ?? '';
    return proveRequests({ endpoint, secret: secretOf(value), now: () => this.now() });
  }

  #use(stream: string): void {
    this.signal.throwIfAborted();
    if (!this.#active.use(stream)) return;
    const { token } = this.#options;
    if (!token || this.#manager.status(stream).state !== 'none') return;
    try {
      this.#manager.seed(stream, token);
    } catch (error) {
      // Another one is requested.
      if (error instanceof GatecastError) this.#fail(stream, error);
    }
  }

  #fail(stream: string, error: GatecastError): void {
    try {
      this.#options.onTokenFailed?.({ stream, error, willRetryInMs: null });
    } catch (fault) {
      // The page's own fault does not end the request.
      reportError(fault);
    }
  }

  #newAuthorizer(): Authorizer {
    const { placement, origins } = this.#checked;
    return new Authorizer({
      tokens: this,
      placement,
      origins: this.#source ? [this.#source, ...origins] : origins,
    });
  }

  #tell(event: TokenEvent): void {
    const { onTokenRefreshed, onTokenFailed } = this.#options;
    if (event.type === 'refreshed') onTokenRefreshed?.(event);
    else if (event.type === 'failed') onTokenFailed?.(event);
  }
}

function tokenSourceOf(
  { tokenSource, credentials, dpop }: TokenOptions,
  { tokenUrl }: CheckedOptions,
  { clock, fetch }: SessionContext,
): TokenSource {
  if (tokenSource) return customSource(tokenSource, { ...(clock && { clock }) });
  if (tokenUrl === null) return noSource();
  return endpointSource({
    url: tokenUrl,
    dpop,
    ...(credentials && { credentials }),
    ...(clock && { clock }),
    ...(fetch && { fetch }),
  });
}
