import { decodeJwt } from 'jose';
import type {
  BroadcastOptions,
  PreviewOptions,
  RtcUserEvent,
} from '@gatecast/webcaster/internal/publisher/nanostream/rtc-user';
import { rtcUserFaults } from './rtc-user-faults.js';

export interface VendorError {
  readonly code: number;
  readonly message: string;
}

/** Real milliseconds until the double's next event. */
const STEP_MS = 10;

/**
 * What the doubles of all builds share. They send no media.
 *
 * - Names of events and their order, codes of errors: documentation only (5.16), except where a build says more.
 * - `BroadcastStatus` goes on after `StartBroadcastSuccess`: documentation only (5.16).
 * - A preview needs a video element in the document, not in a shadow tree: documentation only (5.0.6 to 5.16).
 */
export abstract class RtcUserBase {
  /** The newest instance, for tests that act as the server. */
  static last: RtcUserBase | null = null;
  /** Milliseconds between two reports of `enableStats`, whatever the client asks for. */
  static reportMs = 1000;

  /** Names of the calls. Tokens are replaced by `token 1` and so on; the same token has the same number. */
  readonly calls: string[] = [];
  /** Calls that got a token although they need none. */
  readonly leaks: string[] = [];
  /** The server of the newest sign-in. */
  server: string | null = null;
  /** What was muted, by the name that the client was given. */
  readonly muted: Record<string, boolean> = {};
  /** The media that would be sent: the page's, or that of the preview. */
  media: MediaStream | null = null;
  isSignedIn = false;
  isOnAir = false;
  protected hasDevices = false;
  readonly #listeners = new Map<string, ((event?: RtcUserEvent) => void)[]>();
  readonly #tokens: string[] = [];
  #ownMedia: MediaStream | null = null;
  #stream: string | null = null;
  #pending = 0;
  #broadcast = 0;
  #reports: ReturnType<typeof setInterval> | undefined;
  #isSilent = false;

  constructor() {
    RtcUserBase.last = this;
  }

  /** Is an event about to be fired? */
  get isBusy(): boolean {
    return this.#pending > 0;
  }

  /** Media that the client opened itself. */
  get ownMedia(): MediaStream | null {
    return this.#ownMedia;
  }

  on(name: string, listener: (event?: RtcUserEvent) => void): void {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
  }

  emit(name: string, event?: RtcUserEvent): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(event);
  }

  /** The current connection stays established, but nothing is sent over it. */
  stopMedia(): void {
    this.#isSilent = true;
  }

  /** The server ends the broadcast. */
  kill(): void {
    this.endBroadcast();
    this.fail('BroadcastError', { code: 5002, message: 'Broadcast failed' });
  }

  /**
   * Fires `ReceivedWebRTCStats` during a broadcast. The place of the results is that of the vendor's example:
   * documentation only (5.16).
   */
  enableStats(enable: boolean): void {
    this.record('enableStats');
    clearInterval(this.#reports);
    if (enable) this.#reports = setInterval(() => this.#report(), RtcUserBase.reportMs);
  }

  /** Ends what would outlive a test. */
  dispose(): void {
    clearInterval(this.#reports);
  }

  /** Fires an error event in the shape of the build. */
  abstract fail(name: string, error: VendorError): void;

  /** Fires `BroadcastStatus` in the shape of the build. */
  abstract status(message: string): void;

  protected record(name: string, args: unknown = [], token?: string): void {
    if (token !== undefined && !this.#tokens.includes(token)) this.#tokens.push(token);
    const text = JSON.stringify(args);
    if (this.#tokens.some((each) => text.includes(each))) this.leaks.push(name);
    const number = token === undefined ? '' : ` token ${String(this.#tokens.indexOf(token) + 1)}`;
    this.calls.push(`${name}${number}`);
    if (rtcUserFaults.throwing.includes(name)) throw new TypeError(`${name} is out of order`);
  }

  protected later(work: () => void): void {
    this.#pending += 1;
    setTimeout(() => {
      this.#pending -= 1;
      work();
    }, STEP_MS);
  }

  /** Connects to the server and checks the token. */
  protected connect(server: string, jwt: string): VendorError | null {
    this.server = server;
    const { protocol } = new URL(server, location.href);
    if (rtcUserFaults.isUnreachable || !/^(?:wss?|https?):$/.test(protocol)) {
      return { code: 3000, message: 'WebSocket connection failed' };
    }
    if (this.isSignedIn) return { code: 4000, message: 'Already signed in' };
    if (rtcUserFaults.failedSignIns > 0) {
      rtcUserFaults.failedSignIns -= 1;
      return { code: 4000, message: 'Sign in failed' };
    }
    const refusal = judge(jwt);
    if (refusal) return refusal;
    this.isSignedIn = true;
    this.#stream = streamOf(jwt);
    return null;
  }

  protected listDevices(): void {
    void navigator.mediaDevices.enumerateDevices().then((devices) => {
      this.hasDevices = true;
      const list = (kind: MediaDeviceKind) =>
        devices.filter((each) => each.kind === kind).map(({ label }, index) => ({ id: label, index }));
      this.emit('ReceivedDeviceList', {
        data: { devices: { audiodevices: list('audioinput'), videodevices: list('videoinput') } },
      });
    });
  }

  protected openDevices({ videoDeviceConfig, audioDeviceConfig, elementId }: PreviewOptions): void {
    const video = document.getElementById(elementId);
    if (!(video instanceof HTMLVideoElement)) {
      this.later(() => this.fail('StartPreviewError', { code: 1004, message: 'No such element' }));
      return;
    }
    const kinds = { video: videoDeviceConfig.device !== false, audio: audioDeviceConfig.device !== false };
    navigator.mediaDevices.getUserMedia(kinds).then(
      (stream) => {
        this.#ownMedia = stream;
        this.media = stream;
        video.srcObject = stream;
        this.emit('StartPreviewSuccess', { data: { stream } });
      },
      (error: unknown) => {
        const message = error instanceof DOMException ? error.name : 'GetMediaError';
        this.fail('StartPreviewError', { code: 6005, message });
      },
    );
  }

  protected closeDevices(): void {
    for (const track of this.#ownMedia?.getTracks() ?? []) track.stop();
    this.#ownMedia = null;
    this.later(() => this.emit('StopPreviewSuccess'));
  }

  protected broadcast(jwt: BroadcastOptions['jwt']): void {
    const number = (this.#broadcast += 1);
    this.later(() => {
      const error = this.#refuse(jwt);
      if (error) this.fail('StartBroadcastError', error);
      else this.#goOnAir(number);
    });
  }

  protected endBroadcast(): void {
    this.#broadcast += 1;
    this.isOnAir = false;
  }

  #refuse(jwt: string): VendorError | null {
    if (!this.isSignedIn) return { code: 4001, message: 'Not signed in' };
    if (!this.media) return { code: 6002, message: 'There is no media stream' };
    if (rtcUserFaults.refusesBroadcasts) return { code: 5001, message: 'Broadcast failed to start' };
    return judge(jwt, this.#stream);
  }

  #report(): void {
    if (!this.isOnAir) return;
    const results = this.#isSilent
      ? { audioBitrate: 0, videoBitrate: 0 }
      : { audioBitrate: 64, videoBitrate: 800 };
    this.emit('ReceivedWebRTCStats', { data: { results } });
  }

  #goOnAir(number: number): void {
    this.isOnAir = true;
    this.#isSilent = false;
    this.emit('StartBroadcastSuccess');
    const statuses = rtcUserFaults.isIceBlocked
      ? ['signalling']
      : ['signalling', 'connected', 'broadcasting'];
    const next = () => {
      const message = statuses.shift();
      if (message === undefined || number !== this.#broadcast) return;
      this.status(message);
      if (statuses.length > 0) this.later(next);
    };
    this.later(next);
  }
}

function streamOf(jwt: string): string | null {
  const { sub, streamname } = decodeJwt<{ streamname?: string }>(jwt);
  return streamname ?? sub ?? null;
}

function judge(jwt: string, stream?: string | null): VendorError | null {
  const { exp = 0 } = decodeJwt(jwt);
  if (rtcUserFaults.refusals > 0 || exp * 1000 <= Date.now()) {
    rtcUserFaults.refusals = Math.max(0, rtcUserFaults.refusals - 1);
    return { code: 103003, message: 'JWT verification failed' };
  }
  if (stream && streamOf(jwt) !== stream) return { code: 103004, message: 'JWT is for another stream' };
  return null;
}
