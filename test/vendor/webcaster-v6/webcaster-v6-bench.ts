import { pause } from '../wait-for.js';

/** The members of the vendor's Webcaster v6 that the list uses. */
export interface WebcasterV6Client {
  onConnectionStateChange: (state: string) => void;
  onError: (error: unknown) => void;
  setup(): Promise<unknown>;
  startBroadcast(): Promise<unknown>;
  stopBroadcast(): Promise<unknown>;
  dispose(withMediaStream?: boolean): Promise<unknown>;
}

export interface WebcasterV6BenchOptions {
  readonly Client: new (config: object) => WebcasterV6Client;
  readonly backendOrigin: string;
  /** Origin of the WHIP relay, which also has an ingest with the HTTP of the vendor. */
  readonly relayOrigin: string;
}

export interface SeenRequest {
  readonly method: string;
  readonly stream: string;
  readonly hasToken: boolean;
  readonly status: number;
}

/** Path of the ingest with the vendor's HTTP at the relay. */
const ingestPath = '/webcaster-v6';
let count = 0;

/** One camera and stream name for an expectation, and clients for them. */
export class WebcasterV6Bench {
  readonly stream = `vendor-${Date.now().toString(36)}-${++count}`;
  readonly #options: WebcasterV6BenchOptions;
  readonly #clients: WebcasterV6Client[] = [];
  #media: MediaStream | null = null;

  constructor(options: WebcasterV6BenchOptions) {
    this.#options = options;
  }

  /** A client of the local ingest, with a fresh token. @param more - replaces members of the configuration */
  async client(more: object = {}): Promise<WebcasterV6Client> {
    this.#media ??= await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    const client = new this.#options.Client({
      serverUrl: this.#options.relayOrigin + ingestPath,
      ingestUrl: 'rtmp://ingest.example/live',
      streamName: this.stream,
      auth: { token: await this.#token() },
      inputCfg: { mediaStream: this.#media, broadcastCfg: { maxVideoBitrateBps: 600_000 } },
      reconnect: false,
      ...more,
    });
    this.#clients.push(client);
    return client;
  }

  /** A server that refuses every request with a status. */
  refusal(status: number): { serverUrl: string } {
    return { serverUrl: `${this.#options.relayOrigin}/status-${status}/${this.stream}` };
  }

  /** States of the tracks of the page's own media. */
  trackStates(): string[] {
    return (this.#media?.getTracks() ?? []).map(({ readyState }) => readyState);
  }

  /** The requests of this stream, oldest first. */
  async requests(): Promise<readonly SeenRequest[]> {
    const response = await fetch(`${this.#options.relayOrigin}/seen`);
    const { requests } = (await response.json()) as { requests: SeenRequest[] };
    return requests.filter(({ stream }) => stream === this.stream);
  }

  /** Stops everything; a client that was not set up refuses that. */
  async end(): Promise<void> {
    for (const client of this.#clients) {
      await client.stopBroadcast().catch(() => undefined);
      await client.dispose(false).catch(() => undefined);
    }
    for (const track of this.#media?.getTracks() ?? []) track.stop();
    await pause(0);
  }

  async #token(): Promise<string> {
    const response = await fetch(`${this.#options.backendOrigin}/api/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ purpose: 'ingest', streams: [this.stream], reason: 'initial' }),
    });
    const { tokens } = (await response.json()) as { tokens: readonly { token: string }[] };
    return tokens[0]?.token ?? '';
  }
}
