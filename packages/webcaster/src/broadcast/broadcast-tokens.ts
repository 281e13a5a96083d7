import { TokenSession, type EventLog } from '@gatecast/element';
import {
  Authorizer,
  fetchAuthorized,
  GatecastError,
  noTokenSource,
  systemClock,
  type GetOptions,
  type Token,
  type TokenStatus,
} from '@gatecast/token';
import type { IngestTokens } from '../publisher/publisher.js';
import type { TokenReading } from '../preflight/judge-token.js';
import { isSameTokenSettings, type IngestTokenSettings } from './broadcast-settings.js';

export interface BroadcastTokensOptions {
  host: HTMLElement;
  log: EventLog;
  /** The current settings. @throws GatecastError `settings-invalid` */
  settings: () => IngestTokenSettings;
  onRefreshed: () => void;
  /** Called when the backend has ended the access. */
  onEnded: (error: GatecastError) => void;
}

/** A reconnect asks again soon, so it waits only this long for an endpoint that may be back. */
const RECONNECT_WAIT_MS = 3000;

/** State while a token is held. */
interface Held {
  readonly session: TokenSession;
  readonly settings: IngestTokenSettings;
  readonly authorizer: Authorizer;
}

/** The ingest token of one stream: kept fresh from the first preview until the session on the ingest is closed. */
export class BroadcastTokens implements IngestTokens {
  readonly #options: BroadcastTokensOptions;
  #current: Held | null = null;
  /** Number of requests that need the token, although the broadcast may have ended. */
  #pendingWork = 0;
  #isReleaseDue = false;
  /** Has the backend ended the access? Then only a start asks again. */
  #hasEnded = false;

  constructor(options: BroadcastTokensOptions) {
    this.#options = options;
  }

  get states(): TokenStatus[] {
    return this.#current?.session.states ?? [];
  }

  /** Starts to hold the token of the current settings. @throws GatecastError `settings-invalid` */
  hold(): void {
    this.#isReleaseDue = false;
    const settings = this.#options.settings();
    const before = this.#current;
    const isSame = before !== null && isSameTokenSettings(before.settings, settings);
    const session = before?.session ?? this.#open(settings);
    let isNewToken = settings.token !== before?.settings.token;
    if (before && !isSame) {
      const isNewSource = session.setSettings(settings, this.#hasFailed(session, before.settings.stream));
      session.setStreams([settings.stream]);
      // A page that renders often may pass a new function each time, with the token of its start.
      isNewToken ||= isNewSource || settings.stream !== before.settings.stream;
    }
    if (settings.token !== null && isNewToken) session.seed(settings.stream, settings.token);
    const { placement, origins } = settings;
    const authorizer = isSame ? before.authorizer : new Authorizer({ tokens: session, placement, origins });
    this.#current = { session, settings, authorizer };
  }

  /** For a preview, which needs no endpoint and no token: prefetches the token if the settings allow it. */
  holdIfPossible(signal: AbortSignal): void {
    try {
      this.hold();
    } catch {
      return;
    }
    this.warmUp(signal);
  }

  /**
   * For what the viewer or the page starts: holds the token, and requests it ahead of its first use, also after a final error.
   *
   * @throws GatecastError `settings-invalid`
   */
  begin(signal: AbortSignal): void {
    this.hold();
    this.#current?.session.refreshFailed();
    this.warmUp(signal);
  }

  /** Fetches the token ahead of its first use. */
  warmUp(signal: AbortSignal): void {
    this.#current?.session.warmUp(signal);
  }

  /** Releases the token, as soon as no request needs it. */
  release(): void {
    this.#isReleaseDue = this.#pendingWork > 0;
    if (this.#isReleaseDue) return;
    this.#current?.session.release();
    this.#current = null;
  }

  get(signal?: AbortSignal): Promise<Token> {
    const { session, settings } = this.#held();
    return session.get(settings.stream, { signal });
  }

  /**
   * Gets a token for a broadcast that lost its connection: a request that waits for its next attempt, or was given up, is
   * made now.
   *
   * @throws GatecastError why there is none yet.
   */
  async retryNow(signal: AbortSignal): Promise<void> {
    const { session, settings } = this.#held();
    const { stream } = settings;
    if (session.peek(stream)) return;
    const options = { signal, maxWaitMs: RECONNECT_WAIT_MS };
    const { state } = session.status(stream);
    const isWaiting = state === 'retrying' || state === 'failed';
    await (isWaiting ? session.refresh(stream, options) : session.get(stream, options));
  }

  /**
   * Gets a token as a start does, and says what is known of it; `null` if this ingest needs none.
   *
   * @throws GatecastError why there is none.
   */
  async read(signal: AbortSignal): Promise<TokenReading | null> {
    this.begin(signal);
    const { session, settings } = this.#held();
    const { placement, tokenSource, tokenUrl, token } = settings;
    if (placement.kind === 'none' && !tokenSource && tokenUrl === null && token === null) return null;
    const { expiresAtMs } = await session.get(settings.stream, { signal });
    const nowMs = session.now();
    return { expiresAtMs, nowMs, clockOffsetMs: nowMs - systemClock.now() };
  }

  rejected(token: Token, signal?: AbortSignal): Promise<Token> {
    const { session, settings } = this.#held();
    return session.rejected(settings.stream, token.version, { signal });
  }

  accepted(token: Token): void {
    const { session, settings } = this.#held();
    session.accepted(settings.stream, token.version);
  }

  refresh(options?: GetOptions): Promise<Token> {
    const { session, settings } = this.#held();
    return session.refresh(settings.stream, options);
  }

  /** The error of a start: if the ingest refused it and no token was sent, a source of tokens is what is missing. */
  explain(error: unknown): unknown {
    const { tokenSource, tokenUrl, token, placement } = this.#current?.settings ?? {};
    const isOpen = placement?.kind === 'none' && !tokenSource && tokenUrl === null && token === null;
    if (!isOpen || !(error instanceof GatecastError) || error.code !== 'ingest-refused') return error;
    return error.status === 401 || error.status === 403 ? noTokenSource(error) : error;
  }

  withoutTokens(url: string): string {
    return this.#held().authorizer.withoutTokens(url);
  }

  isAllowedOrigin(url: string): boolean {
    return this.#held().authorizer.isAllowed(url);
  }

  ready(url: string, signal: AbortSignal): Promise<unknown> {
    const { settings, authorizer } = this.#held();
    return authorizer.authorize(url, settings.stream, { signal });
  }

  keepUntil(work: Promise<unknown>): void {
    this.#pendingWork += 1;
    const end = () => {
      this.#pendingWork -= 1;
      if (this.#isReleaseDue) this.release();
    };
    work.then(end, end);
  }

  fetch(url: string, init: RequestInit, fetch?: typeof globalThis.fetch): Promise<Response> {
    const { settings, authorizer } = this.#held();
    return fetchAuthorized({ authorizer, url, stream: settings.stream, init, fetch });
  }

  /** Is another attempt up to the page? After an end of the access it is up to the viewer. */
  #hasFailed(session: TokenSession, stream: string): boolean {
    return !this.#hasEnded && session.status(stream).state === 'failed';
  }

  #open(settings: IngestTokenSettings): TokenSession {
    const { host, log, onRefreshed, onEnded } = this.#options;
    return new TokenSession({
      host,
      log,
      purpose: 'ingest',
      settings,
      streams: [settings.stream],
      onRefreshed: () => {
        this.#hasEnded = false;
        onRefreshed();
      },
      onEnded: (error) => {
        this.#hasEnded = true;
        onEnded(error);
      },
    });
  }

  #held(): Held {
    if (!this.#current) throw new DOMException('The broadcast has ended.', 'AbortError');
    return this.#current;
  }
}
