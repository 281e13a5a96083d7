import {
  customSource,
  endpointSource,
  noSource,
  sharedTokenManager,
  type Cancel,
  type GatecastError,
  type GetOptions,
  type Token,
  type TokenEvent,
  type TokenFunction,
  type TokenLease,
  type TokenManager,
  type TokenPurpose,
  type TokenSource,
  type TokenStatus,
  type TokenValue,
} from '@gatecast/token';
import type { EventLog } from './event-log.js';
import { SecureTokenFailedEvent, SecureTokenRefreshedEvent } from './secure-events.js';

/** Where an element's tokens come from, as its attributes and properties say. */
export interface TokenSettings {
  /** Absolute URL of the token endpoint, if any. */
  tokenUrl: string | null;
  tokenCredentials: RequestCredentials;
  /** Wins over `tokenUrl`. */
  tokenSource: TokenFunction | null;
  /** Seconds, as in the attribute `refresh-lead`. */
  refreshLeadSeconds: number;
}

/** The tokens themselves, for engines and publishers whose client signs its own requests. They go nowhere else. */
export interface StreamTokens {
  /** @throws GatecastError why there is none; or the signal's reason. */
  get(stream: string, options?: GetOptions): Promise<Token>;
  /** The current token, if it is valid now. */
  peek(stream: string): Token | null;
  /** Asks for another token now, and for what comes with one, such as a session cookie. */
  refresh(stream: string, options?: GetOptions): Promise<Token>;
  /** The origin refused the token of this version: resolves when there is another. @throws GatecastError */
  rejected(stream: string, version: number, options?: GetOptions): Promise<Token>;
  /** The origin accepted the token of this version, so its next refusal counts as the first one. */
  accepted(stream: string, version: number): void;
  /** Calls back each time a stream has another token. */
  onRefreshed(listener: (stream: string) => void): Cancel;
  /** Milliseconds since the epoch by the server's clock, as a token's times are. */
  now(): number;
}

export interface TokenSessionOptions {
  host: EventTarget;
  log: EventLog;
  purpose: TokenPurpose;
  settings: TokenSettings;
  streams: Iterable<string>;
  onPlaylists?: (playlists: Readonly<Record<string, string>>) => void;
  onRefreshed?: (stream: string) => void;
}

/**
 * All tokens of one element: keeps those of its streams fresh, and dispatches what happens to them as events of the
 * element. It stays the same object when the page changes where tokens come from.
 */
export class TokenSession implements StreamTokens {
  readonly #options: TokenSessionOptions;
  readonly #listeners = new Set<(stream: string) => void>();
  #manager: TokenManager;
  #lease: TokenLease;

  constructor(options: TokenSessionOptions) {
    this.#options = options;
    [this.#manager, this.#lease] = this.#open(options.settings, options.streams);
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

  accepted(stream: string, version: number): void {
    this.#manager.accepted(stream, version);
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

  get streams(): ReadonlySet<string> {
    return this.#lease.streams;
  }

  setStreams(streams: Iterable<string>): void {
    this.#lease.setStreams(streams);
  }

  /** Gets tokens from another place from now on; those of the old place are used no more. */
  setSettings(settings: TokenSettings): void {
    const before = this.#lease;
    [this.#manager, this.#lease] = this.#open(settings, before.streams);
    // Released after the new lease began, so that a manager which both share forgets nothing.
    before.release();
  }

  /** Takes a token that the page brought. One that cannot be used is reported as a failure, and another asked for. */
  seed(stream: string, value: TokenValue): void {
    try {
      this.#manager.seed(stream, value);
    } catch (error) {
      this.reportFailure(stream, error as GatecastError);
    }
  }

  /** Takes a token that the page brought, for every stream. */
  seedAll(value: TokenValue): void {
    for (const stream of this.#lease.streams) this.seed(stream, value);
  }

  /** Asks for another token now, for each stream whose token failed. */
  refreshFailed(): void {
    for (const { stream, state } of this.states) {
      // The lease's events report it; the request that needs the token meets the same error again.
      if (state === 'failed') this.#manager.refresh(stream).catch(() => undefined);
    }
  }

  /** Begins to fetch the tokens of all streams, without waiting for them. */
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

  release(): void {
    this.#lease.release();
  }

  /** Reports a failure that the manager does not know of, such as a fresh token that the origin refuses too. */
  reportFailure(stream: string, error: GatecastError, willRetryInMs: number | null = null): void {
    const { log, host } = this.#options;
    log.add(SecureTokenFailedEvent.type, { stream, error, willRetryInMs });
    host.dispatchEvent(new SecureTokenFailedEvent({ stream, error, willRetryInMs }));
  }

  #open(settings: TokenSettings, streams: Iterable<string>): [TokenManager, TokenLease] {
    const manager = sharedTokenManager({ source: tokenSourceOf(settings), purpose: this.#options.purpose });
    const leadMs = settings.refreshLeadSeconds * 1000;
    const onEvent = (event: TokenEvent) => {
      this.#onEvent(event);
    };
    return [manager, manager.lease({ streams, leadMs, onEvent })];
  }

  #onEvent(event: TokenEvent): void {
    const { log, host, onRefreshed, onPlaylists } = this.#options;
    switch (event.type) {
      case 'refreshed':
        log.add(SecureTokenRefreshedEvent.type, { ...event });
        host.dispatchEvent(new SecureTokenRefreshedEvent(event));
        for (const listener of [...this.#listeners]) listener(event.stream);
        onRefreshed?.(event.stream);
        break;
      case 'failed':
        this.reportFailure(event.stream, event.error, event.willRetryInMs);
        break;
      case 'playlists':
        onPlaylists?.(event.playlists);
    }
  }
}

function tokenSourceOf({ tokenSource, tokenUrl, tokenCredentials }: TokenSettings): TokenSource {
  if (tokenSource) return customSource(tokenSource);
  if (tokenUrl !== null) return endpointSource({ url: tokenUrl, credentials: tokenCredentials });
  return noSource();
}
