import type { PlayerSource } from '@gatecast/player';
import type { EmbedConfig, FrameWindow } from '@gatecast/player/embed';
import { openEmbed } from '@gatecast/player/embed';
import type { GatecastError, TokenFunction } from '@gatecast/token';
import { FakeClock } from '../../../support/fake-clock.js';

export const HOST = 'https://www.example.com';
export const MEDIA = 'https://media.example.com';

/** The members of the player that an embed page uses. */
class FakePlayer extends EventTarget {
  readonly calls: string[] = [];
  tokenSource: TokenFunction | null = null;
  tokenUrl = '';
  tokenCredentials: RequestCredentials = 'same-origin';
  src = '';
  source: PlayerSource | null = null;
  stream = '';
  paused = true;
  ended = false;
  muted = false;
  volume = 1;
  currentTime = 0;
  duration = Infinity;
  readyState = 0;
  playError: Error | null = null;

  async play(): Promise<void> {
    if (this.playError) throw this.playError;
    this.paused = false;
    this.dispatchEvent(new Event('play'));
  }

  pause(): void {
    this.paused = true;
    this.dispatchEvent(new Event('pause'));
  }

  async refreshToken(stream?: string): Promise<void> {
    this.calls.push(`refresh ${String(stream)}`);
  }
}

export interface FrameOptions {
  readonly config?: Partial<EmbedConfig> & Readonly<Record<string, unknown>>;
  readonly search?: string;
  readonly origin?: string;
  readonly ancestorOrigins?: readonly string[] | undefined;
  readonly isTop?: boolean;
  readonly isNested?: boolean;
}

/** An embed page in a window that a test makes up. */
export class FakeFrame {
  readonly player = new FakePlayer();
  readonly time = new FakeClock();
  readonly parent = {};
  readonly closed: (GatecastError | null)[] = [];
  readonly end = new AbortController();
  readonly #window = new EventTarget();
  #ports: MessagePort[] = [];

  constructor({ config = {}, search = '?src=/live/a.m3u8', origin = MEDIA, ...options }: FrameOptions = {}) {
    const ancestorOrigins = 'ancestorOrigins' in options ? options.ancestorOrigins : [HOST];
    const window = this.#window;
    const parent = options.isTop ? window : this.parent;
    const frame: FrameWindow = {
      ...{ self: window, parent, top: options.isNested ? {} : parent, origin },
      location: { href: `${MEDIA}/gatecast-embed.html${search}`, search, ancestorOrigins },
      addEventListener: (type, listener, listening) => {
        window.addEventListener(type, (event) => listener(event as MessageEvent), listening);
      },
    };
    openEmbed(
      this.player,
      { allowedParents: [HOST], allowedSources: ['/live/'], ...config },
      {
        window: frame,
        clock: this.time.clock,
        signal: this.end.signal,
        onClosed: (error) => this.closed.push(error),
      },
    );
  }

  /** Posts a message to the frame, as a window does. */
  post(data: unknown, ports: readonly MessagePort[], origin = HOST, source: unknown = this.parent): void {
    this.#ports.push(...ports);
    this.#window.dispatchEvent(Object.assign(new Event('message'), { data, ports, origin, source }));
  }

  /** Ends the embed and its ports, which would keep the process alive. */
  close(): void {
    this.end.abort();
    for (const port of this.#ports) port.close();
  }
}

/** The port of a page around the frame, and what came through it. */
export class HostPort {
  readonly messages: Record<string, unknown>[] = [];
  readonly #port: MessagePort;
  #wake: () => void = () => undefined;

  constructor(frame: FakeFrame, message: Record<string, unknown> = {}, origin = HOST, source?: unknown) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }) => {
      this.messages.push(data as Record<string, unknown>);
      this.#wake();
    };
    frame.end.signal.addEventListener('abort', () => port1.close());
    frame.post({ gatecast: 'embed', type: 'connect', version: 1, ...message }, [port2], origin, source);
  }

  send(message: unknown): void {
    this.#port.postMessage(message);
  }

  /** Waits for the next message of a type that `after` others of it precede. */
  async next(type: string, after = 0): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.messages.filter((message) => message['type'] === type)[after];
      if (found) return found;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
