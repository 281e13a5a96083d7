import {
  GatecastError,
  startDeadline,
  systemClock,
  type Clock,
  type Deadline,
  type TokenFunction,
} from '@gatecast/token';
import { EMBED_VERSION, type ConnectMessage, type EmbedSource, type FrameMessage } from './embed-messages.js';
import { allowedSource, readSettings, type EmbedConfig, type EmbedSettings } from './embed-settings.js';
import { readEmbedSource } from './embed-source.js';
import { problemOf, reportPlayer, runCommand, type EmbedPlayer } from './frame-player.js';
import { FrameTokens } from './frame-tokens.js';
import { narrowTokens } from './narrow-tokens.js';
import { readConnect, readHostMessage } from './read-messages.js';

/** What the frame needs of its window. */
export interface FrameWindow {
  readonly self: unknown;
  readonly parent: unknown;
  readonly top: unknown;
  /** `"null"` in a sandbox. */
  readonly origin: string;
  readonly location: {
    readonly href: string;
    readonly search: string;
    /** Origins of the windows around the frame, the nearest first. Not in all browsers. */
    readonly ancestorOrigins?: ArrayLike<string> | undefined;
  };
  addEventListener(
    type: 'message',
    listener: (event: MessageEvent) => void,
    options?: { signal: AbortSignal },
  ): void;
}

export interface OpenEmbedOptions {
  /** Called with the reason if the page stays closed, and with `null` when the player has a stream. */
  readonly onClosed?: (error: GatecastError | null) => void;
  /** Ends the embed: its listeners, its alarm and its connection. */
  readonly signal?: AbortSignal;
  /** Longest wait for the page around the frame, in milliseconds. @defaultValue 10,000 */
  readonly connectTimeoutMs?: number;
  /** @defaultValue the page's own window */
  readonly window?: FrameWindow;
  /** @defaultValue the page's own clock */
  readonly clock?: Clock;
}

const CONNECT_LIMIT_MS = 10_000;
/**
 * What the list of origins has for a sandboxed page, and for one whose iframe has referrerpolicy="no-referrer" or "same-origin".
 *
 * @see https://github.com/whatwg/html/pull/11560
 */
const HIDDEN_ORIGIN = 'null';
/** Origins of pages that are not allowed, of which errors are reported. */
const STRANGER_LIMIT = 3;

/**
 * Makes a page with a `<secure-player>` an embed page: it plays only within pages of the allowed origins, which hand it tokens and
 * control it with `connectEmbed`. Without such a page, nothing is loaded and no token is requested.
 *
 * The fields `src`, `whep` and `stream` of its address name what to play, as far as `allowedSources` allows it.
 *
 * @param config - a configuration of this page itself, or its JSON. It is checked.
 */
export function openEmbed(
  player: EmbedPlayer,
  config: EmbedConfig | string,
  options: OpenEmbedOptions = {},
): void {
  const frame = options.window ?? globalThis.window;
  try {
    const settings = readSettings(config, frame.location.href);
    requireFrame(frame, settings.parents);
    new OpenFrame(player, settings, frame, options);
  } catch (error) {
    if (!(error instanceof GatecastError)) throw error;
    options.onClosed?.(error);
  }
}

/** @throws GatecastError `option-invalid` for a window that no page may open. */
function requireFrame(
  { self, parent, top, origin, location }: FrameWindow,
  parents: ReadonlySet<string>,
): void {
  if (parent === self)
    throw closed('The embed page is not in a frame.', 'Put it into an iframe of an allowed page.');
  if (origin === 'null')
    throw closed(
      'The frame of the embed page has no origin.',
      'Write sandbox="allow-scripts allow-same-origin" on the iframe, or no sandbox.',
    );
  if (parents.size === 0)
    throw closed('The embed page allows no page around it.', 'Add an origin to allowedParents.');
  const { ancestorOrigins } = location;
  const around = Array.from(ancestorOrigins ?? []);
  // Without the list, a page that is not directly around the frame cannot be known.
  if (!ancestorOrigins && parent !== top)
    throw closed(
      'The embed page is in a frame within a frame.',
      'This browser does not show which pages are around it. Put the frame into the page itself.',
    );
  if (around.includes(HIDDEN_ORIGIN) && parent !== top)
    throw closed(
      'The browser does not show the origin of a page around the embed page.',
      'Write referrerpolicy="strict-origin-when-cross-origin" on all iframes around it, and no sandbox.',
    );
  if (!around.every((each) => parents.has(each) || each === HIDDEN_ORIGIN))
    throw closed(
      'A page around the embed page is not allowed.',
      'Add the origins of all pages around it to allowedParents.',
    );
}

/** Does the browser say which pages are around the frame? Otherwise, only a message of the page shows its origin. */
function areParentsKnown({ location: { ancestorOrigins } }: FrameWindow): boolean {
  return ancestorOrigins !== undefined && !Array.from(ancestorOrigins).includes(HIDDEN_ORIGIN);
}

function closed(message: string, hint: string): GatecastError {
  return new GatecastError('option-invalid', message, { hint });
}

/** An embed page within an iframe. */
class OpenFrame {
  readonly #player: EmbedPlayer;
  readonly #settings: EmbedSettings;
  readonly #window: FrameWindow;
  readonly #options: OpenEmbedOptions;
  readonly #tokens: FrameTokens;
  readonly #wait: Deadline;
  readonly #strangers = new Set<string>();
  #connection: AbortController | null = null;
  /** Why the player is hidden. */
  #closedBy: GatecastError | null = null;
  #source: TokenFunction | null = null;
  #isStarted = false;

  constructor(player: EmbedPlayer, settings: EmbedSettings, window: FrameWindow, options: OpenEmbedOptions) {
    const { signal, clock = systemClock, connectTimeoutMs = CONNECT_LIMIT_MS } = options;
    this.#player = player;
    this.#settings = settings;
    this.#window = window;
    this.#options = options;
    this.#tokens = new FrameTokens(clock, (body, streams) =>
      narrowTokens(body, streams, settings, window.location.href),
    );
    this.#wait = startDeadline(clock, connectTimeoutMs, signal);
    this.#wait.signal.addEventListener('abort', () => this.#onOver(), { once: true });
    window.addEventListener('message', (event) => this.#onMessage(event), signal && { signal });
    signal?.addEventListener('abort', () => this.#leave(), { once: true });
    // All pages around it are known and allowed, and it asks for tokens itself.
    if (settings.tokenUrl && areParentsKnown(window)) this.#start();
  }

  #onOver(): void {
    if (!this.#wait.isOver || this.#isStarted) return;
    this.#report(
      new GatecastError('token-source-missing', 'No allowed page around the player has connected.', {
        hint: 'Call connectEmbed(iframe, { origin, tokenSource }) in it, with the origin of the embed page, and check allowedParents.',
      }),
    );
  }

  #onMessage({ source, origin, data, ports }: MessageEvent): void {
    const connect = source === this.#window.parent ? readConnect(data) : null;
    const [port] = ports;
    if (!connect || !port || ports.length !== 1) return;
    // The page gets no response: it may not even know that this is an embed page.
    if (!this.#settings.parents.has(origin)) {
      // Each one once, and few: any page can send messages.
      if (this.#strangers.has(origin) || this.#strangers.size >= STRANGER_LIMIT) return;
      this.#strangers.add(origin);
      if (!this.#isStarted)
        this.#report(
          closed(
            `The page around the player, ${origin}, is not allowed.`,
            'Add its origin to allowedParents.',
          ),
        );
      return;
    }
    this.#connect(port, connect);
  }

  #connect(port: MessagePort, { version, perStream = false }: ConnectMessage): void {
    const send = (message: FrameMessage) => port.postMessage(message);
    if (version !== EMBED_VERSION) {
      send({ type: 'version-refused', version: EMBED_VERSION });
      port.close();
      return;
    }
    this.#leave();
    const connection = (this.#connection = new AbortController());
    const end = () => {
      send({ type: 'disconnected' });
      port.close();
    };
    connection.signal.addEventListener('abort', end, { once: true });
    port.onmessage = ({ data }) => void this.#onPortMessage(data, send);
    send({ type: 'connected', version });
    this.#tokens.connect(send);
    // The same function, so that a page that connects again does not start the player again.
    if (this.#source?.perStream !== perStream) this.#source = this.#tokens.source(perStream);
    if (this.#player.tokenSource) this.#player.tokenSource = this.#source;
    reportPlayer(this.#player, send, connection.signal);
    // Also what was wrong before this page has connected.
    if (this.#isStarted && this.#closedBy) send({ type: 'error', problem: problemOf(this.#closedBy) });
    this.#start(send);
  }

  async #onPortMessage(data: unknown, send: (message: FrameMessage) => void): Promise<void> {
    const message = readHostMessage(data);
    if (message?.type === 'token-response') this.#tokens.take(message);
    if (message?.type !== 'command') return;
    const problem = await runCommand(this.#player, message.command, this.#load);
    send({ type: 'result', id: message.id, problem });
  }

  /** Plays what the address of the frame names, once. */
  #start(send?: (message: FrameMessage) => void): void {
    this.#wait.end();
    if (this.#isStarted) return;
    this.#isStarted = true;
    const source = readEmbedSource(new URLSearchParams(this.#window.location.search));
    try {
      if (source) this.#load(source);
      else this.#report(null);
    } catch (error) {
      send?.({ type: 'error', problem: problemOf(error) });
      if (error instanceof GatecastError) this.#report(error);
    }
  }

  #report(error: GatecastError | null): void {
    this.#closedBy = error;
    this.#options.onClosed?.(error);
  }

  /** The player gets tokens together with an allowed address: without one, it would ask the token response for it. */
  readonly #load = ({ src, whep, stream }: EmbedSource): void => {
    const player = this.#player;
    const { tokenUrl, tokenCredentials } = this.#settings;
    const allow = (address: string) => allowedSource(address, this.#settings, this.#window.location.href);
    const hls = src === undefined ? undefined : allow(src);
    const entry = whep ? { whep: allow(whep), ...(hls && { hls }), stream } : null;
    if (tokenUrl) {
      player.tokenCredentials = tokenCredentials;
      player.tokenUrl = tokenUrl;
    } else player.tokenSource = this.#source;
    player.stream = stream ?? '';
    player.source = entry && { entries: [entry] };
    player.src = hls ?? '';
    this.#report(null);
  };

  #leave(): void {
    this.#connection?.abort();
    this.#connection = null;
    this.#tokens.connect(null);
  }
}
