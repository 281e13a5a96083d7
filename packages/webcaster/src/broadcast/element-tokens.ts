import { TokenSession, type EventLog } from '@gatecast/element';
import {
  Authorizer,
  fetchAuthorized,
  type GetOptions,
  type Token,
  type TokenManager,
  type TokenStatus,
} from '@gatecast/token';
import type { IngestTokens } from '../publisher/publisher.js';
import { isSameTokenSettings, type IngestTokenSettings } from './broadcast-settings.js';

export interface ElementTokensOptions {
  host: HTMLElement;
  log: EventLog;
  onRefreshed: () => void;
}

/** A reconnect asks again soon, so that it finds a token endpoint that is back. */
const HURRIED_WAIT_MS = 3000;

/** The element's ingest token: renewed ahead of its end from the first preview to the last farewell. */
export class ElementTokens implements IngestTokens {
  readonly #options: ElementTokensOptions;
  #session: TokenSession | null = null;
  #authorizer: Authorizer | null = null;
  #settings: IngestTokenSettings | null = null;

  constructor(options: ElementTokensOptions) {
    this.#options = options;
  }

  get states(): TokenStatus[] {
    return this.#session?.states ?? [];
  }

  /** Holds the token of these settings from now on. */
  hold(settings: IngestTokenSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    if (!this.#session || !before || !isSameTokenSettings(before, settings)) this.#renewSession(settings);
    else if (settings.token !== null && settings.token !== before.token) {
      this.#session.seed(settings.stream, settings.token);
    }
  }

  /** Fetches the token ahead of its first use. */
  warmUp(signal: AbortSignal): void {
    this.#session?.warmUp(signal);
  }

  release(): void {
    this.#session?.release();
    this.#session = null;
    this.#settings = null;
    this.#authorizer = null;
  }

  get(signal?: AbortSignal): Promise<Token> {
    const { manager, stream } = this.#held();
    return manager.get(stream, { signal });
  }

  /**
   * A token for somebody who is off the air: a request that waits for its next try is made now.
   *
   * @throws GatecastError why there is none yet.
   */
  async hurry(signal: AbortSignal): Promise<void> {
    const { manager, stream } = this.#held();
    if (manager.peek(stream)) return;
    const options = { signal, maxWaitMs: HURRIED_WAIT_MS };
    const isWaiting = manager.status(stream).state === 'retrying';
    await (isWaiting ? manager.refresh(stream, options) : manager.get(stream, options));
  }

  rejected(token: Token, signal?: AbortSignal): Promise<Token> {
    const { manager, stream } = this.#held();
    return manager.rejected(stream, token.version, { signal });
  }

  accepted(token: Token): void {
    const { manager, stream } = this.#held();
    manager.accepted(stream, token.version);
  }

  refresh(options?: GetOptions): Promise<Token> {
    const { manager, stream } = this.#held();
    return manager.refresh(stream, options);
  }

  isAllowedOrigin(url: string): boolean {
    return this.#held().authorizer.isAllowed(url);
  }

  fetch(url: string, init: RequestInit, fetch?: typeof globalThis.fetch): Promise<Response> {
    const { stream, authorizer } = this.#held();
    return fetchAuthorized({ authorizer, url, stream, init, fetch });
  }

  #renewSession(settings: IngestTokenSettings): void {
    const before = this.#session;
    const { host, log, onRefreshed } = this.#options;
    const session = new TokenSession({
      host,
      log,
      purpose: 'ingest',
      settings,
      streams: [settings.stream],
      onRefreshed,
    });
    if (settings.token !== null) session.seed(settings.stream, settings.token);
    this.#session = session;
    this.#authorizer = new Authorizer({
      tokens: session.manager,
      placement: settings.placement,
      origins: settings.origins,
    });
    // The old lease ends after the new one began, so that a manager both share forgets nothing.
    before?.release();
  }

  #held(): { manager: TokenManager; stream: string; authorizer: Authorizer } {
    if (!this.#session || !this.#settings || !this.#authorizer) {
      throw new DOMException('The broadcast has ended.', 'AbortError');
    }
    return { manager: this.#session.manager, stream: this.#settings.stream, authorizer: this.#authorizer };
  }
}
