import {
  RequestBudget,
  isAccessEnd,
  moveTokenManager,
  proveRequests,
  secretOf,
  sharedTokenManager,
  systemClock,
  type AnsweredMedia,
  type AuthorizerOptions,
  type Cancel,
  type GatecastError,
  type GetOptions,
  type ProveRequests,
  type RenewToken,
  type Token,
  type TokenEvent,
  type TokenLease,
  type TokenManager,
  type TokenManagerOptions,
  type TokenPurpose,
  type TokenStatus,
  type TokenValue,
} from '@gatecast/token';
import type { EventLog } from './event-log.js';
import { SecureTokenFailedEvent, SecureTokenRefreshedEvent } from './secure-events.js';
import { ignoresCookies, isOnlyOtherFunction, tokenSourceOf, type TokenSettings } from './token-settings.js';

/** The raw tokens, only for engines and publishers whose client signs its own requests, or that place them otherwise. */
export interface StreamTokens extends Pick<AuthorizerOptions['tokens'], 'renew' | 'adopt' | 'end' | 'prove'> {
  /** @throws GatecastError when no token is available; or the signal's reason. */
  get(stream: string, options?: GetOptions): Promise<Token>;
  /** The current token, if it is valid now. */
  peek(stream: string): Token | null;
  /** Fetches a new token now, and so also renews a session cookie. */
  refresh(stream: string, options?: GetOptions): Promise<Token>;
  /** Reports that the origin refused the token of this version. Resolves with a new one. @throws GatecastError */
  rejected(stream: string, version: number, options?: GetOptions): Promise<Token>;
  /** Reports that the origin accepted the token of this version, so that its next refusal counts as the first. */
  accepted(stream: string, version: number): void;
  /** Calls `listener` each time a stream gets a new token. */
  onRefreshed(listener: (stream: string) => void): Cancel;
  /** The server's time, in milliseconds since the epoch. Times in tokens use the same clock. */
  now(): number;
  /** The longest time before the end of a token at which it is renewed, in milliseconds. */
  readonly leadMs: number;
}

export interface TokenSessionOptions {
  host: EventTarget;
  log: EventLog;
  purpose: TokenPurpose;
  settings: TokenSettings;
  streams: Iterable<string>;
  /** Called with the playlists of a token response, and with the media that come after it. */
  onPlaylists?: (playlists: Readonly<Record<string, string>>, media: readonly AnsweredMedia[]) => void;
  onRefreshed?: (stream: string, reason: string) => void;
  /**
   * Called when the backend or the origin has ended the access to a stream.
   *
   * @param isLast - does it leave no stream that may still play?
   */
  onEnded?: (error: GatecastError, isLast: boolean, stream: string) => void;
  /** Called when a token request has failed and the stream has no valid token. */
  onMissing?: (error: GatecastError) => void;
}

/**
 * The tokens of one element: refreshes those of its streams and dispatches token events on the element. The object
 * stays the same when the page changes the token source.
 */
export class TokenSession implements StreamTokens {
  readonly #options: TokenSessionOptions;
  readonly #listeners = new Set<(stream: string) => void>();
  #settings: TokenSettings;
  #manager: TokenManager;
  #lease: TokenLease;
  #hasWarned = false;
  /** For the first start, and for new functions after a failure: a page may pass another one each time that it shows the error. */
  readonly #newStarts = new RequestBudget();

  constructor(options: TokenSessionOptions) {
    this.#options = options;
    this.#settings = options.settings;
    [this.#manager, this.#lease] = this.#open(options.settings, options.streams);
    this.#newStarts.spend(systemClock.now());
  }

  get(stream: string, options?: GetOptions): Promise<Token> {
    return this.#manager.get(stream, options);
  }

  peek(stream: string): Token | null {
    return this.#manager.peek(stream);
  }

  refresh(stream: string, options?: GetOptions): Promise<Token> {
    return this.#manager.refresh(stream, options);
  }

  rejected(stream: string, version: number, options?: GetOptions): Promise<Token> {
    return this.#manager.rejected(stream, version, options);
  }

  renew(stream: string, version: number, options?: GetOptions): Promise<Token> {
    return this.#manager.renew(stream, version, options);
  }

  accepted(stream: string, version: number): void {
    this.#manager.accepted(stream, version);
  }

  end(stream: string, error: GatecastError): void {
    this.#manager.end(stream, error);
  }

  adopt(stream: string, version: number, renew: RenewToken): void {
    this.#manager.adopt(stream, version, renew);
  }

  onRefreshed(listener: (stream: string) => void): Cancel {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  now(): number {
    return this.#manager.serverClock.now();
  }

  get leadMs(): number {
    return this.#settings.refreshLeadSeconds * 1000;
  }

  /** Adds a proof of possession to the requests with a token, if the element has the attribute `dpop`. */
  prove(value: TokenValue): ProveRequests | undefined {
    const { dpop, tokenUrl, tokenSource } = this.#settings;
    if (!dpop) return undefined;
    const endpoint = (tokenSource ? null : tokenUrl) ?? '';
    return proveRequests({ endpoint, secret: secretOf(value), now: () => this.now() });
  }

  get streams(): ReadonlySet<string> {
    return this.#lease.streams;
  }

  setStreams(streams: Iterable<string>): void {
    this.#lease.setStreams(streams);
  }

  /**
   * Changes the token source. Tokens from the old source are not used any more.
   *
   * A function in place of another one is the same source: a page that renders often may pass a new function each time. It
   * is called from the next request on, and the tokens stay. After a failure it starts again; with the first
   * start, that is 3 times at once and 13 times a minute at most.
   *
   * @param hasFailed - is the element waiting for another attempt of the page? Not after the end of an access: the viewer did not ask
   * for the render that shows it.
   * @returns whether what has failed can be tried again.
   */
  setSettings(settings: TokenSettings, hasFailed: boolean): boolean {
    const before = this.#lease;
    if (isOnlyOtherFunction(this.#settings, settings)) {
      const nowMs = systemClock.now();
      const isNewStart = hasFailed && this.#newStarts.waitMs(nowMs) === 0;
      if (isNewStart) this.#newStarts.spend(nowMs);
      else if (moveTokenManager(this.#manager, this.#managerOptions(settings))) {
        this.#settings = settings;
        return false;
      }
    }
    this.#settings = settings;
    this.#hasWarned = false;
    [this.#manager, this.#lease] = this.#open(settings, before.streams);
    // Released after the new lease starts, so that a manager shared by both keeps its tokens.
    before.release();
    return true;
  }

  /** Uses a token that the page provides. An unusable token is reported as a failure, and a new one is fetched. */
  seed(stream: string, value: TokenValue): void {
    try {
      this.#manager.seed(stream, value);
    } catch (error) {
      this.reportFailure(stream, error as GatecastError);
    }
  }

  /** Uses a token that the page provides, for every stream. */
  seedAll(value: TokenValue): void {
    for (const stream of this.#lease.streams) this.seed(stream, value);
  }

  /** Fetches a new token now for each stream whose token failed. */
  refreshFailed(): void {
    for (const { stream, state } of this.states) {
      // The lease's events report it; the request that needs the token meets the same error again.
      if (state === 'failed') this.#manager.refresh(stream).catch(() => undefined);
    }
  }

  /** Starts to fetch the tokens of all streams, without waiting for them. */
  warmUp(signal: AbortSignal): void {
    for (const stream of this.#lease.streams) {
      // The lease's events report it; the request that needs the token meets the same error again.
      this.#manager.get(stream, { signal }).catch(() => undefined);
    }
  }

  /** State of one stream's token, without the token. */
  status(stream: string): TokenStatus {
    return this.#manager.status(stream);
  }

  /** States of all streams, without any token. */
  get states(): TokenStatus[] {
    return [...this.#lease.streams].map((stream) => this.#manager.status(stream));
  }

  /** Renews no tokens while nothing is loaded. */
  rest(): void {
    this.#lease.rest();
  }

  /** Renews tokens again; one that is due is requested at once. */
  resume(): void {
    this.#lease.resume();
  }

  release(): void {
    this.#lease.release();
  }

  /** Reports a failure that the manager cannot detect, such as a fresh token that the origin refuses. */
  reportFailure(stream: string, error: GatecastError, willRetryInMs: number | null = null): void {
    const { log, host } = this.#options;
    log.add(SecureTokenFailedEvent.type, { stream, error, willRetryInMs });
    host.dispatchEvent(new SecureTokenFailedEvent({ stream, error, willRetryInMs }));
  }

  /** The CDN refuses each request without the cookie, and nothing else shows why. */
  #warnOfLostCookie(stream: string): void {
    if (this.#hasWarned || !ignoresCookies(this.#settings)) return;
    if (!this.status(stream).carriers.includes('cookie')) return;
    this.#hasWarned = true;
    this.#options.log.add('warning', {
      warning: 'The CDN wants a cookie. If the token endpoint sets it, use token-credentials="include".',
    });
  }

  #open(settings: TokenSettings, streams: Iterable<string>): [TokenManager, TokenLease] {
    const manager = sharedTokenManager(this.#managerOptions(settings));
    const leadMs = settings.refreshLeadSeconds * 1000;
    const onEvent = (event: TokenEvent) => {
      this.#onEvent(event);
    };
    return [manager, manager.lease({ streams, leadMs, onEvent })];
  }

  #managerOptions(settings: TokenSettings): TokenManagerOptions {
    return { source: tokenSourceOf(settings), purpose: this.#options.purpose };
  }

  #onEvent(event: TokenEvent): void {
    const { log, host, onRefreshed, onEnded, onMissing, onPlaylists } = this.#options;
    switch (event.type) {
      case 'refreshed':
        log.add(SecureTokenRefreshedEvent.type, { ...event });
        this.#warnOfLostCookie(event.stream);
        host.dispatchEvent(new SecureTokenRefreshedEvent(event));
        for (const listener of [...this.#listeners]) listener(event.stream);
        onRefreshed?.(event.stream, event.reason);
        break;
      case 'failed':
        this.reportFailure(event.stream, event.error, event.willRetryInMs);
        if (isAccessEnd(event.error.code))
          onEnded?.(
            event.error,
            this.states.every(({ state }) => state === 'failed'),
            event.stream,
          );
        else if (this.peek(event.stream) === null) onMissing?.(event.error);
        break;
      case 'playlists':
        onPlaylists?.(event.playlists, event.media);
    }
  }
}
