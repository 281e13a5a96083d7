import {
  noSource,
  customSource,
  endpointSource,
  sharedTokenManager,
  type GatecastError,
  type TokenFunction,
  type TokenLease,
  type TokenManager,
  type TokenPurpose,
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

export interface TokenSessionOptions {
  host: EventTarget;
  log: EventLog;
  purpose: TokenPurpose;
  settings: TokenSettings;
  streams: Iterable<string>;
  onPlaylists?: (playlists: Readonly<Record<string, string>>) => void;
  onRefreshed?: (stream: string) => void;
  onFailed?: (stream: string, error: GatecastError, willRetryInMs: number | null) => void;
}

/** One element's share of a token manager: its streams stay fresh, and what happens to them becomes its events. */
export class TokenSession {
  readonly manager: TokenManager;
  readonly #lease: TokenLease;
  readonly #options: TokenSessionOptions;

  constructor(options: TokenSessionOptions) {
    this.#options = options;
    const { purpose, settings, streams } = options;
    this.manager = sharedTokenManager({ source: createTokenSource(settings), purpose });
    this.#lease = this.manager.lease({
      streams,
      leadMs: settings.refreshLeadSeconds * 1000,
      onEvent: (event) => {
        switch (event.type) {
          case 'refreshed':
            options.log.add(SecureTokenRefreshedEvent.type, { ...event });
            options.host.dispatchEvent(new SecureTokenRefreshedEvent(event));
            options.onRefreshed?.(event.stream);
            break;
          case 'failed':
            this.tellFailed(event.stream, event.error, event.willRetryInMs);
            break;
          case 'playlists':
            options.onPlaylists?.(event.playlists);
        }
      },
    });
  }

  get streams(): ReadonlySet<string> {
    return this.#lease.streams;
  }

  setStreams(streams: Iterable<string>): void {
    this.#lease.setStreams(streams);
  }

  /** Takes a token that the page brought along. One that cannot be used is told as a failure, and another asked for. */
  seed(stream: string, value: TokenValue): void {
    try {
      this.manager.seed(stream, value);
    } catch (error) {
      this.tellFailed(stream, error as GatecastError);
    }
  }

  /** Begins to fetch the tokens of all streams, without waiting for them. */
  warmUp(signal: AbortSignal): void {
    for (const stream of this.#lease.streams) {
      // Told by the lease's events; whoever needs the token meets the same error again.
      this.manager.get(stream, { signal }).catch(() => undefined);
    }
  }

  /** States of all streams, without any token. */
  get states(): TokenStatus[] {
    return [...this.#lease.streams].map((stream) => this.manager.status(stream));
  }

  release(): void {
    this.#lease.release();
  }

  /** Tells the page of a failure that the manager does not know of. */
  tellFailed(stream: string, error: GatecastError, willRetryInMs: number | null = null): void {
    const { log, host, onFailed } = this.#options;
    log.add(SecureTokenFailedEvent.type, { stream, error, willRetryInMs });
    host.dispatchEvent(new SecureTokenFailedEvent({ stream, error, willRetryInMs }));
    onFailed?.(stream, error, willRetryInMs);
  }
}

function createTokenSource({ tokenSource, tokenUrl, tokenCredentials }: TokenSettings) {
  if (tokenSource) return customSource(tokenSource);
  if (tokenUrl !== null) return endpointSource({ url: tokenUrl, credentials: tokenCredentials });
  return noSource();
}
