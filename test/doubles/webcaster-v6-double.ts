import type {
  WebcasterV6,
  WebcasterV6Config,
} from '@gatecast/webcaster/internal/publisher/nanostream-v6/webcaster-v6';

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

class VendorError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * A double of the vendor's Webcaster v6, for tests. It copies the observed behaviour of the real client (6.2.3): strict
 * configuration, one token per instance, an HTTP status only in the error message. It sends real media.
 *
 * The demo's ingest is a WHIP server, so `#send` translates each request.
 */
export class WebcasterV6Double implements WebcasterV6 {
  static readonly instances: WebcasterV6Double[] = [];

  onConnectionStateChange: ((state: string) => void) | null = null;
  onError: ((error: unknown) => void) | null = null;
  /** Every call, in order. */
  readonly calls: string[] = [];
  readonly #config: WebcasterV6Config;
  #peer: RTCPeerConnection | null = null;
  #location: string | null = null;
  #mustStop = false;

  constructor(config: WebcasterV6Config) {
    const unknown = Object.keys(config).filter((key) => !KNOWN_KEYS.has(key));
    if (unknown.length > 0) throw new VendorError(7000, `Unrecognized key(s): ${unknown.join(', ')}`);
    this.#config = config;
    WebcasterV6Double.instances.push(this);
  }

  get tokenTail(): string {
    return this.#config.auth.token.slice(-6);
  }

  get media(): MediaStream | null {
    return this.#config.inputCfg.mediaStream;
  }

  setup(): Promise<void> {
    this.calls.push('setup');
    return Promise.resolve();
  }

  async startBroadcast(): Promise<void> {
    this.calls.push('startBroadcast');
    if (this.#mustStop) throw new VendorError(10001, 'Broadcast is running');
    this.#mustStop = true;
    const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    this.#peer = peer;
    peer.addEventListener('connectionstatechange', () =>
      this.onConnectionStateChange?.(peer.connectionState),
    );
    for (const track of this.media?.getTracks() ?? []) peer.addTransceiver(track, { direction: 'sendonly' });
    await peer.setLocalDescription();
    await whenGathered(peer);
    let response: Response;
    try {
      response = await this.#send('POST', this.#config.serverUrl, peer.localDescription?.sdp);
    } catch {
      throw new VendorError(11001, 'Request failed');
    }
    if (response.status >= 500) throw new VendorError(10003, `Server error ${String(response.status)}`);
    if (!response.ok) throw new VendorError(11001, `Request failed with status ${String(response.status)}`);
    this.#location = new URL(response.headers.get('Location') ?? '', response.url).href;
    await peer.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  }

  async stopBroadcast(): Promise<void> {
    this.calls.push('stopBroadcast');
    this.#mustStop = false;
    this.#peer?.close();
    if (this.#location) await this.#send('DELETE', this.#location);
    this.#location = null;
  }

  dispose(withMediaStream: boolean): Promise<void> {
    this.calls.push(`dispose(${String(withMediaStream)})`);
    this.#peer?.close();
    if (withMediaStream) for (const track of this.media?.getTracks() ?? []) track.stop();
    return Promise.resolve();
  }

  /**
   * The vendor's client sends the offer as text/plain to `?stream_name=`, and DELETE without a token. The demo's ingest
   * needs the stream in the path, application/sdp, and a token in each request.
   */
  #send(method: string, url: string, body?: string): Promise<Response> {
    return fetch(method === 'POST' ? `${url}/${this.#config.streamName}` : url, {
      method,
      headers: { Authorization: `Bearer ${this.#config.auth.token}`, 'Content-Type': 'application/sdp' },
      ...(body !== undefined && { body }),
    });
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
    Reflect.deleteProperty(globalThis, 'WebcasterApiV6');
  };
}
