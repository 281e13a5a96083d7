import type { TokenFunction } from '@gatecast/token';
import { answerTokens, tokenMessage } from './answer-tokens.js';
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
  type EmbedState,
  type FrameMessage,
  type HostMessage,
} from './embed-messages.js';
import { readFrameMessage } from './read-messages.js';

export interface ConnectEmbedOptions {
  /** Origin of the embed page, such as `https://media.example.com`. Only a frame of this origin gets tokens. */
  readonly origin: string;
  /**
   * Fetches tokens, as the property `tokenSource` of the player. It runs in this page, with its session.
   * @defaultValue none: the embed page has a token endpoint of its own
   */
  readonly tokenSource?: TokenFunction;
  /** Ends the connection, as `close()` does. */
  readonly signal?: AbortSignal;
}

interface Wait {
  readonly resolve: () => void;
  readonly reject: (error: DOMException) => void;
}

/** Token requests of one frame at a time. A player has one for all streams, or one for each. */
const REQUEST_LIMIT = 64;

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
  readonly #requests = new Map<number, AbortController>();
  #port: MessagePort | null = null;
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
   * @param src - an address that `allowedSources` of the embed page allows.
   * @throws DOMException with the name `source-origin-not-allowed`; the old stream plays on.
   */
  load(source: { readonly src: string; readonly stream?: string }): Promise<void> {
    return this.#command({ name: 'load', src: source.src, stream: source.stream });
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
    port1.onmessage = ({ data }) => this.#onMessage(readFrameMessage(data));
    const perStream = this.#options.tokenSource?.perStream === true;
    const message: ConnectMessage = { gatecast: 'embed', type: 'connect', version: EMBED_VERSION, perStream };
    // Browsers deliver it only to a document of this origin.
    contentWindow.postMessage(message, this.#options.origin, [port2]);
  }

  #leave(): void {
    this.#port?.close();
    this.#port = null;
    this.#isConnected = false;
    this.#state = null;
    for (const request of this.#requests.values()) request.abort();
    this.#requests.clear();
    for (const { reject } of this.#waits.values()) reject(notConnected());
    this.#waits.clear();
  }

  #send(message: HostMessage): void {
    this.#port?.postMessage(message);
  }

  #command(command: EmbedCommand): Promise<void> {
    if (!this.#isConnected) return Promise.reject(notConnected());
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
        this.#isConnected = true;
        this.dispatchEvent(new EmbedConnectedEvent());
        return;
      case 'version-refused':
        this.dispatchEvent(new EmbedErrorEvent(otherVersion(message.version)));
        return;
      case 'token-request':
        void this.#answer(message);
        return;
      case 'token-cancel':
        this.#requests.get(message.id)?.abort();
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
        this.dispatchEvent(new EmbedErrorEvent(message.problem));
        return;
    }
  }

  #settle({ id, problem }: Extract<FrameMessage, { type: 'result' }>): void {
    const wait = this.#waits.get(id);
    this.#waits.delete(id);
    if (problem) wait?.reject(new DOMException(`${problem.message} ${problem.hint}`.trim(), problem.code));
    else wait?.resolve();
  }

  async #answer({
    id,
    purpose,
    streams,
    reason,
  }: Extract<FrameMessage, { type: 'token-request' }>): Promise<void> {
    const { tokenSource } = this.#options;
    if (!tokenSource || this.#requests.size >= REQUEST_LIMIT || this.#requests.has(id)) {
      this.#send(tokenMessage(id, tokenSource ? 429 : 0, ''));
      return;
    }
    const request = new AbortController();
    this.#requests.set(id, request);
    const message = await answerTokens(tokenSource, id, { purpose, streams, reason }, request.signal);
    // After a new load of the frame, the id can be that of another request.
    if (this.#requests.get(id) === request) this.#requests.delete(id);
    if (message) this.#send(message);
  }
}

function notConnected(): DOMException {
  return new DOMException(
    'The embed page is not connected. Wait for embed-connected; its allowedParents must name this page.',
    'InvalidStateError',
  );
}

function otherVersion(version: number) {
  return {
    code: 'option-invalid',
    message: `The embed page has version ${String(version)} of the messages, this page has ${String(EMBED_VERSION)}.`,
    hint: 'Use gatecast-embed.html and the code of this page from one release.',
    retryable: false,
    status: null,
  };
}
