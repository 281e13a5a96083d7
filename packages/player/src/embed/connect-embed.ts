import { startDeadline, systemClock, type Clock, type Deadline, type TokenFunction } from '@gatecast/token';
import {
  EmbedConnectedEvent,
  EmbedErrorEvent,
  EmbedStateEvent,
  EmbedTokenFailedEvent,
  EmbedTokenRefreshedEvent,
  type EmbedEventMap,
} from './embed-events.js';
import {
  EMBED_VERSION,
  type ConnectMessage,
  type EmbedCommand,
  type EmbedProblem,
  type EmbedSource,
  type EmbedState,
  type FrameMessage,
  type HostMessage,
} from './embed-messages.js';
import { noResponse, notConnected, otherVersion } from './host-problems.js';
import { HostTokens } from './host-tokens.js';
import { readFrameMessage } from './read-messages.js';

export interface ConnectEmbedOptions {
  /** Origin of the embed page, such as `https://media.example.com`. Only a frame of this origin gets tokens. */
  readonly origin: string;
  /**
   * Fetches tokens, as the property `tokenSource` of the player. It runs in this page, with its session.
   * @defaultValue none: the embed page has a token endpoint of its own
   */
  readonly tokenSource?: TokenFunction;
  /**
   * Streams whose tokens the frame may ask for. Tokens are always for playback.
   * @defaultValue the streams that this page names: in the address of the iframe and with `load()`
   */
  readonly streams?: readonly string[] | ((stream: string) => boolean);
  /** Ends the connection, as `close()` does. */
  readonly signal?: AbortSignal;
  /** After a load of the iframe without a connection for this time, there is an `embed-error`, in milliseconds. @defaultValue 10,000 */
  readonly connectTimeoutMs?: number;
  /** Time of the page, for tests. @defaultValue the system's clock */
  readonly clock?: Clock;
}

interface Wait {
  readonly resolve: () => void;
  readonly reject: (error: DOMException) => void;
}

const CONNECT_LIMIT_MS = 10_000;

/**
 * Connects a page to the embed page in one of its iframes. Call it when the iframe is in the page, before or after it has loaded; after
 * each load of the iframe it connects again. Nothing is sent to a frame of another origin.
 *
 * @example
 * ```ts
 * const embed = connectEmbed(iframe, {
 *   origin: 'https://media.example.com',
 *   tokenSource: tokenEndpoint({ url: '/api/tokens', batch: true }),
 * });
 * ```
 * @throws TypeError for an origin that is none.
 */
export function connectEmbed(iframe: HTMLIFrameElement, options: ConnectEmbedOptions): EmbedConnection {
  return new EmbedConnection(iframe, options);
}

/**
 * The connection of a page to an embed page.
 *
 * Events: `embed-connected`, `embed-state`, `embed-token-refreshed`, `embed-token-failed`, `embed-error`.
 */
export class EmbedConnection extends EventTarget {
  readonly #iframe: HTMLIFrameElement;
  readonly #options: ConnectEmbedOptions;
  readonly #end = new AbortController();
  readonly #waits = new Map<number, Wait>();
  readonly #tokens: HostTokens;
  #port: MessagePort | null = null;
  #window: Window | null = null;
  #wait: Deadline | null = null;
  #lastId = 0;
  #state: EmbedState | null = null;
  #isConnected = false;

  /** Use `connectEmbed`. */
  constructor(iframe: HTMLIFrameElement, options: ConnectEmbedOptions) {
    super();
    const { origin, signal } = options;
    // Not even a path: what is compared is the origin of the frame.
    if (!URL.canParse(origin) || new URL(origin).origin !== origin || origin === 'null')
      throw new TypeError(
        'The option "origin" of connectEmbed must be an origin, such as "https://media.example.com".',
      );
    this.#iframe = iframe;
    this.#options = options;
    this.#tokens = new HostTokens({
      iframe,
      tokenSource: options.tokenSource,
      streams: options.streams,
      send: (message) => this.#send(message),
      report: (problem) => this.#report(problem),
    });
    iframe.addEventListener('load', () => this.#open(), { signal: this.#end.signal });
    signal?.addEventListener('abort', () => this.close(), { once: true, signal: this.#end.signal });
    if (signal?.aborted) this.close();
    else if (!this.#isOwnDocument()) this.#open();
  }

  override addEventListener<K extends keyof EmbedEventMap>(
    type: K,
    listener: (event: EmbedEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
  }

  /** State of the player in the frame; `null` before it is connected. */
  get state(): EmbedState | null {
    return this.#state;
  }

  /** Has the frame accepted this page? */
  get isConnected(): boolean {
    if (this.#isConnected && this.#isGone()) this.#leave();
    return this.#isConnected;
  }

  /** @throws DOMException as `play()` of a `<video>`, such as `NotAllowedError`. */
  play(): Promise<void> {
    return this.#command({ name: 'play' });
  }

  pause(): Promise<void> {
    return this.#command({ name: 'pause' });
  }

  setMuted(muted: boolean): Promise<void> {
    return this.#command({ name: 'set-muted', muted });
  }

  /** Lets the player request a new token now, for one stream or all. After a refusal, playback goes on with it. */
  refreshToken(stream?: string): Promise<void> {
    return this.#command({ name: 'refresh-token', stream });
  }

  /**
   * Plays another stream.
   *
   * @param source - its HLS address, its WHEP address or both; `allowedSources` of the embed page allows each.
   * @throws DOMException with the name `source-origin-not-allowed`; the old stream plays on.
   */
  load(source: EmbedSource): Promise<void> {
    if (this.isConnected) this.#tokens.allow(source);
    const { src, whep, stream } = source;
    return this.#command({ name: 'load', src, whep, stream });
  }

  /** Ends the connection. The player keeps its last token until it ends. */
  close(): void {
    this.#end.abort();
    this.#leave();
  }

  /** An iframe that has not loaded yet has an empty document of this page's origin, unless both have the same origin. */
  #isOwnDocument(): boolean {
    const { contentDocument, contentWindow } = this.#iframe;
    return contentWindow === null || contentDocument?.URL === 'about:blank';
  }

  #open(): void {
    this.#leave();
    const { contentWindow } = this.#iframe;
    if (!contentWindow || this.#isOwnDocument()) return;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#window = contentWindow;
    port1.onmessage = ({ data }) => this.#onMessage(readFrameMessage(data));
    port1.addEventListener('close', () => {
      if (this.#port === port1) this.#leave();
    });
    this.#startWait();
    const perStream = this.#options.tokenSource?.perStream === true;
    const message: ConnectMessage = { gatecast: 'embed', type: 'connect', version: EMBED_VERSION, perStream };
    // Browsers deliver it only to a document of this origin.
    contentWindow.postMessage(message, this.#options.origin, [port2]);
  }

  /** Without a response, only this page knows of it: the frame cannot tell a stranger why it refuses. */
  #startWait(): void {
    const { clock = systemClock, connectTimeoutMs = CONNECT_LIMIT_MS } = this.#options;
    const wait = (this.#wait = startDeadline(clock, connectTimeoutMs));
    wait.signal.addEventListener('abort', () => this.#report(noResponse(connectTimeoutMs)), { once: true });
  }

  /** Has the iframe left the page, also for a moment? */
  #isGone(): boolean {
    return !this.#iframe.isConnected || this.#iframe.contentWindow !== this.#window;
  }

  #leave(): void {
    this.#wait?.end();
    this.#port?.close();
    this.#port = null;
    this.#window = null;
    this.#isConnected = false;
    this.#state = null;
    this.#tokens.end();
    for (const { reject } of this.#waits.values()) reject(notConnected());
    this.#waits.clear();
  }

  #report(problem: EmbedProblem): void {
    this.dispatchEvent(new EmbedErrorEvent(problem));
  }

  #send(message: HostMessage): void {
    this.#port?.postMessage(message);
  }

  #command(command: EmbedCommand): Promise<void> {
    if (!this.isConnected) return Promise.reject(notConnected());
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#waits.set(id, { resolve, reject });
      this.#send({ type: 'command', id, command });
    });
  }

  #onMessage(message: FrameMessage | null): void {
    switch (message?.type) {
      case undefined:
        return;
      case 'connected':
        this.#wait?.end();
        this.#isConnected = true;
        this.dispatchEvent(new EmbedConnectedEvent());
        return;
      case 'disconnected':
        this.#leave();
        return;
      case 'version-refused':
        this.#wait?.end();
        this.#report(otherVersion(message.version));
        return;
      case 'token-request':
        void this.#tokens.answer(message);
        return;
      case 'token-cancel':
        this.#tokens.cancel(message.id);
        return;
      case 'result':
        this.#settle(message);
        return;
      case 'state':
        this.#state = message.state;
        this.dispatchEvent(new EmbedStateEvent(message.state));
        return;
      case 'token-refreshed':
        this.dispatchEvent(new EmbedTokenRefreshedEvent(message.stream, message.reason, message.expiresAtMs));
        return;
      case 'token-failed':
        this.dispatchEvent(new EmbedTokenFailedEvent(message.stream, message.problem, message.willRetryInMs));
        return;
      case 'error':
        this.#report(message.problem);
        return;
    }
  }

  #settle({ id, problem }: Extract<FrameMessage, { type: 'result' }>): void {
    const wait = this.#waits.get(id);
    this.#waits.delete(id);
    if (problem) wait?.reject(new DOMException(`${problem.message} ${problem.hint}`.trim(), problem.code));
    else wait?.resolve();
  }
}
