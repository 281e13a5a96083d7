import { ContractDifference } from '../expectation.js';
import { pause, waitFor } from '../wait-for.js';

/** The members of the vendor's player that the list uses, with unchecked values: any of them may be wrong. */
export interface NanoPlayerClient {
  readonly version: string;
  setup(config: object): Promise<object>;
  updateSource(source: object): Promise<object>;
  play(): void;
  pause(): void;
  mute(): void;
  unmute(): void;
  setVolume(volume: number): void;
  destroy(): void;
}

/** Members of our double, for what the real client does by itself. */
export interface DoubleCommands {
  adaptTo(index: number): void;
}

export interface SeenEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface SeenConnection {
  readonly stream: string;
  readonly fields: readonly string[];
}

export interface BenchOptions {
  readonly Client: new (elementId: string) => NanoPlayerClient;
  /** Origin of the demo's backend, whose fake services issue tokens. */
  readonly backendOrigin: string;
  /** `ws:` origin of the double of the vendor's servers. */
  readonly vendorOrigin: string;
}

/** The script looks at its host within this time. */
const hostMs = 300;
/** The API key of the demo's fake services. */
const apiKey = 'demo-api-key';
let lastHost = 0;

/** One player in a page for one expectation. */
export class NanoPlayerBench {
  readonly events: SeenEvent[] = [];
  readonly host = document.createElement('div');
  readonly player: NanoPlayerClient;
  readonly #options: BenchOptions;
  #setUpAtMs = -Infinity;

  constructor(options: BenchOptions, place: Node = document.body) {
    this.#options = options;
    this.host.id = `vendor-host-${++lastHost}`;
    this.host.style.cssText = 'width:320px;height:180px';
    place.appendChild(this.host);
    this.player = new options.Client(this.host.id);
  }

  get command(): DoubleCommands {
    return this.player as NanoPlayerClient & DoubleCommands;
  }

  /** A source of the demo's streams, each with a fresh token. */
  async source({
    streams = ['demo-low'],
    server = {},
    security,
    ...more
  }: SourceOptions = {}): Promise<object> {
    const entries = await Promise.all(
      streams.map(async (streamname, index) => ({
        index,
        h5live: {
          server: { websocket: `${this.#options.vendorOrigin}/h5live/stream.mp4`, ...server },
          rtmp: { url: 'rtmp://play.example/play', streamname },
          security: security ?? { jwtoken: await this.#token(streamname) },
        },
      })),
    );
    return { entries, ...more };
  }

  /** Sets the player up, muted. Listens to every event of the list below. */
  async setup(source: object, playback: object = {}): Promise<object> {
    this.#setUpAtMs = performance.now();
    return this.player.setup({
      source,
      playback: { autoplay: true, muted: true, ...playback },
      events: this.listeners(),
    });
  }

  listeners(): object {
    return Object.fromEntries(
      eventNames.map((name) => [
        `on${name}`,
        ({ data }: { data: SeenEvent['data'] }) => void this.events.push({ name, data }),
      ]),
    );
  }

  /** Sets up and waits until it plays. */
  async play(source?: object, playback: object = {}): Promise<void> {
    await this.setup(source ?? (await this.source()), playback);
    await this.event('Play');
  }

  /** Waits for an event, with those that have come since `from`. */
  async event(
    name: string,
    from = 0,
    test: (data: SeenEvent['data']) => boolean = () => true,
  ): Promise<SeenEvent['data']> {
    const found = (): SeenEvent | undefined =>
      this.events.slice(from).find((event) => event.name === name && test(event.data));
    await waitFor(() => found() !== undefined, `the event on${name}`);
    return found()?.data ?? {};
  }

  names(from = 0): string[] {
    return this.events.slice(from).map(({ name }) => name);
  }

  async control(request: object): Promise<void> {
    await this.#ask('/control', { method: 'POST', body: JSON.stringify(request) });
  }

  async connections(): Promise<readonly SeenConnection[]> {
    return (await (await this.#ask('/connections')).json()) as SeenConnection[];
  }

  async lookups(): Promise<number> {
    return ((await (await this.#ask('/lookups')).json()) as object[]).length;
  }

  /** Waits for a connection that is to play, which the probe of version 5 is not. */
  async connection(number = 0): Promise<SeenConnection> {
    let found: SeenConnection | undefined;
    await waitFor(async () => {
      found = (await this.connections()).filter(({ fields }) => fields.includes('cid'))[number];
      return found !== undefined;
    }, 'a connection');
    if (!found) throw new ContractDifference('There is no connection.');
    return found;
  }

  /** The script looks at its host shortly after `setup`, so the host stays for that time. */
  async end(): Promise<void> {
    await pause(Math.max(0, this.#setUpAtMs + hostMs - performance.now()));
    this.player.destroy();
    this.host.remove();
    await this.control({ reset: true });
  }

  async #token(stream: string): Promise<string> {
    const body = { streams: [stream], exp: Math.floor(Date.now() / 1000) + 120, user: crypto.randomUUID() };
    const response = await fetch(`${this.#options.backendOrigin}/nanostream/api/v1/splay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'X-BINTU-APIKEY': apiKey },
      body: JSON.stringify(body),
    });
    return ((await response.json()) as { data: { token: string } }).data.token;
  }

  #ask(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.#options.vendorOrigin.replace(/^ws/, 'http') + path, init);
  }
}

export interface SourceOptions {
  readonly streams?: readonly string[];
  /** More members of `h5live.server`. */
  readonly server?: object;
  readonly security?: object;
  readonly startIndex?: number;
  readonly options?: object;
}

const eventNames = [
  'Ready',
  'Loading',
  'Play',
  'Pause',
  'Error',
  'Warning',
  'Destroy',
  'Mute',
  'Unmute',
  'VolumeChange',
  'Stats',
  'ActiveVideoElementChange',
  ...['UpdateSource', 'SwitchStream'].flatMap((name) =>
    ['Init', 'Success', 'Fail', 'Abort'].map((outcome) => name + outcome),
  ),
];
