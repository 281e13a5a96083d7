import type { SecurePlayer } from '@gatecast/player';
import { startLine } from '@gatecast/contract';
import { backendOrigin, requestLog, type LogEntry } from '../../support/backend.js';
import { until } from '../../support/wait.js';

const BUILT = '/.build/gatecast';

export interface FrameSetup {
  /** Attributes of each player. */
  readonly players?: readonly Readonly<Record<string, string>>[];
  /** HTML before the players. */
  readonly head?: string;
  /** HTML inside each player. */
  readonly children?: string;
  /** Number of lines. @defaultValue 1 */
  readonly lines?: number;
  /** HTML in place of the lines. */
  readonly end?: string;
}

/** A page in a frame, with players and the inline line, but without gatecast.js until `define` is called. */
export class StartedFrame {
  readonly frame = document.createElement('iframe');
  /** Of this frame alone: test files share a backend, and its log. */
  readonly #name = `early-start-${crypto.randomUUID()}`;

  /** A token endpoint that only this frame asks. */
  tokenUrl(part = ''): string {
    return `${backendOrigin()}/api/tokens?${this.#name}${part}`;
  }

  /** Token requests of this frame, in order. */
  async requests(part = ''): Promise<LogEntry[]> {
    const entries = await requestLog();
    return entries.filter(({ method, query }) => method === 'POST' && query === `${this.#name}${part}`);
  }

  async open({ players = [{}], head = '', children = '', lines = 1, end }: FrameSetup = {}): Promise<void> {
    const response = await fetch(`${BUILT}/start.json`);
    const { chunks } = (await response.json()) as { chunks: string[] };
    const tags = players.map((attributes) => {
      const all = {
        src: `${backendOrigin()}/live/demo-low.m3u8`,
        'token-url': this.tokenUrl(),
        ...attributes,
      };
      const written = Object.entries(all).map(([name, value]) => `${name}="${value}"`);
      return `<secure-player ${written.join(' ')} muted autoplay>${children}</secure-player>`;
    });
    const line = startLine({ parts: chunks.map((chunk) => `${BUILT}/${chunk}`) });
    this.frame.srcdoc = `<!doctype html><title>Frame</title>${head}${tags.join('')}${end ?? line.repeat(lines)}`;
    const loaded = new Promise((resolve) => {
      this.frame.addEventListener('load', resolve, { once: true });
    });
    document.body.append(this.frame);
    await loaded;
  }

  get view(): Window & typeof globalThis {
    const view = this.frame.contentWindow;
    if (!view) throw new Error('The frame has no window.');
    return view as Window & typeof globalThis;
  }

  get players(): SecurePlayer[] {
    return [...this.view.document.querySelectorAll('secure-player')];
  }

  /** What the line and gatecast.js have started and no element has taken. */
  get started(): readonly unknown[] {
    const started: unknown = Reflect.get(this.view, Symbol.for('gatecast'));
    return Array.isArray(started) ? (started as unknown[]) : [];
  }

  /** Loads gatecast.js. */
  async define(): Promise<void> {
    const script = this.view.document.createElement('script');
    script.type = 'module';
    script.src = `${BUILT}/gatecast.js`;
    this.view.document.head.append(script);
    await this.view.customElements.whenDefined('secure-player');
  }

  /** Resolves when each player has shown its first frame. */
  async played(): Promise<void> {
    await until(() => this.players.every(({ readyState }) => readyState >= 2), 'the first frames');
  }

  remove(): void {
    for (const player of this.players) player.remove();
    this.frame.remove();
  }
}
