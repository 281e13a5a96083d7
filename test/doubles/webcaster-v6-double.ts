import type {
  WebcasterV6,
  WebcasterV6Config,
  WebcasterV6Metrics,
} from '@gatecast/webcaster/internal/publisher/nanostream-v6/webcaster-v6';
import { BitrateReader } from './webcaster-v6-bitrates.js';

/** The keys of the configuration [public declarations of 6.2.0]. */
const KNOWN_KEYS = new Set([
  'serverUrl',
  'ingestUrl',
  'streamName',
  'auth',
  'inputCfg',
  'metrics',
  'previewVideoElId',
  'reconnect',
]);

/** Codes of `ErrorCodes` [documentation of 6.2.0]. 7000, 10003 and 11001 were also seen in 6.2.3. */
const CODES = {
  streamExists: 2001,
  setupNotCalled: 4001,
  alreadyBroadcasting: 5002,
  validation: 7000,
  serverFailed: 10003,
  requestFailed: 11001,
} as const;

class VendorError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** What the page sends to the telemetry host [6.2.3]. The other fields of the real message are left out. */
export interface TelemetryMessage {
  readonly origin: string;
  readonly path: string;
  readonly referrer: string;
  readonly metrics: WebcasterV6Metrics;
}

/**
 * A double of the vendor's Webcaster v6, for tests. It sends real media to an ingest that speaks the vendor's HTTP (see
 * `webcaster-v6-ingest.ts`). Where its behaviour comes from:
 *
 * - One object as configuration, unknown keys refused with 7000 [6.2.3].
 * - Callbacks are members that the page assigns [6.2.3]. They are declared as methods and called without a check
 *   [declarations of 6.2.0], so a callback that is not a function throws here.
 * - `startBroadcast()` resolves when the answer is set, before ICE connects [6.2.3].
 * - `onConnectionStateChange` gets the state of the peer connection: `connected` when ICE and DTLS are done [6.2.3]. The
 *   other states, with `new`, are those of the declared type [declarations of 6.2.0].
 * - POST with `stream_name` and `stream_url`, a bearer token, `text/plain` and the whole SDP; the answer has an absolute
 *   `Location`; DELETE carries no token [6.2.3].
 * - 401, 403, 404 and an unreachable server are 11001, with the status in the message only; 5xx is 10003 [6.2.3].
 * - After a failed start, `stopBroadcast()` comes before the next one [6.2.3]; the code 5002 for that is documented only.
 * - Telemetry to the vendor's host every 10 s: origin, path and referrer of the page, no token [6.2.3]. What the real
 *   client does when the request is blocked was not observed; the double goes on.
 * - `onMetrics` on an interval, from `startBroadcast()` on, values may be undefined [documentation]. The length of the
 *   interval is not documented; the double uses that of the telemetry. A unit of bitrates is not documented either.
 * - `dispose(false)` keeps the tracks of the page's stream [6.2.3].
 */
export class WebcasterV6Double implements WebcasterV6 {
  static readonly instances: WebcasterV6Double[] = [];
  /** Where telemetry goes, and how often. `.invalid` names never resolve, so tests send nothing by default. */
  static telemetryUrl = 'https://telemetry.invalid/';
  static intervalMs = 10_000;

  onConnectionStateChange: (state: RTCPeerConnectionState) => void = () => undefined;
  onError: (error: unknown) => void = () => undefined;
  onMetrics: (metrics: WebcasterV6Metrics) => void = () => undefined;
  /** Every call, in order. */
  readonly calls: string[] = [];
  readonly #config: WebcasterV6Config;
  #isSetUp = false;
  #peer: RTCPeerConnection | null = null;
  #location: string | null = null;
  #mustStop = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(config: WebcasterV6Config) {
    const unknown = Object.keys(config).filter((key) => !KNOWN_KEYS.has(key));
    if (unknown.length > 0)
      throw new VendorError(CODES.validation, `Unrecognized key(s): ${unknown.join(', ')}`);
    this.#config = config;
    WebcasterV6Double.instances.push(this);
  }

  get tokenTail(): string {
    return this.#config.auth.token.slice(-6);
  }

  get media(): MediaStream | null {
    return this.#config.inputCfg.mediaStream;
  }

  /** Does it still have a connection or a timer? */
  get isActive(): boolean {
    return this.#timer !== undefined || (this.#peer !== null && this.#peer.connectionState !== 'closed');
  }

  setup(): Promise<void> {
    this.calls.push('setup');
    if (this.#isSetUp) return Promise.reject(new VendorError(CODES.streamExists, 'MediaStream exists'));
    this.#isSetUp = true;
    return Promise.resolve();
  }

  async startBroadcast(): Promise<void> {
    this.calls.push('startBroadcast');
    this.#requireSetup();
    if (this.#mustStop) throw new VendorError(CODES.alreadyBroadcasting, 'Peer connection exists');
    this.#mustStop = true;
    const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    this.#peer = peer;
    peer.addEventListener('connectionstatechange', () => this.onConnectionStateChange(peer.connectionState));
    this.onConnectionStateChange(peer.connectionState);
    for (const track of this.media?.getTracks() ?? []) peer.addTransceiver(track, { direction: 'sendonly' });
    this.#startMetrics(peer);
    await peer.setLocalDescription();
    await whenGathered(peer);
    await peer.setRemoteDescription({
      type: 'answer',
      sdp: await this.#post(peer.localDescription?.sdp ?? ''),
    });
  }

  async stopBroadcast(): Promise<void> {
    this.calls.push('stopBroadcast');
    this.#requireSetup();
    this.#mustStop = false;
    this.#end();
    const location = this.#location;
    this.#location = null;
    if (location) await fetch(location, { method: 'DELETE' });
  }

  async dispose(withMediaStream = false): Promise<void> {
    this.calls.push(`dispose(${String(withMediaStream)})`);
    this.#requireSetup();
    this.#isSetUp = false;
    this.#end();
    if (withMediaStream) for (const track of this.media?.getTracks() ?? []) track.stop();
    await Promise.resolve();
  }

  async #post(offer: string): Promise<string> {
    const { serverUrl, streamName, ingestUrl = '', auth } = this.#config;
    const url = new URL(serverUrl);
    url.searchParams.set('stream_name', streamName);
    url.searchParams.set('stream_url', ingestUrl);
    let response: Response;
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: { Authorization: `Bearer ${auth.token}`, 'Content-Type': 'text/plain' },
        body: offer,
      });
    } catch {
      throw new VendorError(CODES.requestFailed, 'Request failed');
    }
    const { status } = response;
    if (status >= 500) throw new VendorError(CODES.serverFailed, `Server error ${String(status)}`);
    if (!response.ok)
      throw new VendorError(CODES.requestFailed, `Request failed with status ${String(status)}`);
    this.#location = response.headers.get('Location');
    return response.text();
  }

  #startMetrics(peer: RTCPeerConnection): void {
    const bitrates = new BitrateReader(peer);
    this.#timer = setInterval(() => {
      void bitrates.read().then(({ audio, video }) => {
        if (this.#timer === undefined) return;
        const metrics: WebcasterV6Metrics = {
          rtcstats: { audio: { bitrate: { value: audio } }, video: { bitrate: { value: video } } },
        };
        this.onMetrics(metrics);
        this.#sendTelemetry(metrics);
      });
    }, WebcasterV6Double.intervalMs);
  }

  #sendTelemetry(metrics: WebcasterV6Metrics): void {
    const { origin, pathname } = location;
    const message: TelemetryMessage = { origin, path: pathname, referrer: document.referrer, metrics };
    const body = JSON.stringify(message);
    fetch(WebcasterV6Double.telemetryUrl, { method: 'POST', body }).catch(() => undefined);
  }

  #end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#peer?.close();
  }

  #requireSetup(): void {
    if (!this.#isSetUp) throw new VendorError(CODES.setupNotCalled, 'setup was not called');
  }
}

function whenGathered(peer: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (peer.iceGatheringState === 'complete') resolve();
    };
    peer.addEventListener('icegatheringstatechange', look);
    look();
  });
}

/** Defines the double as a global, like the vendor's script. */
export function installWebcasterV6(): () => void {
  Object.assign(globalThis, { WebcasterApiV6: { Webcaster: WebcasterV6Double } });
  return () => {
    WebcasterV6Double.instances.length = 0;
    WebcasterV6Double.telemetryUrl = 'https://telemetry.invalid/';
    WebcasterV6Double.intervalMs = 10_000;
    Reflect.deleteProperty(globalThis, 'WebcasterApiV6');
  };
}
