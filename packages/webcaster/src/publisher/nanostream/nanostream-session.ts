import { delay } from '@gatecast/token';
import type { MuteChange } from '../../capture/capture.js';
import type { TrackKind } from '../../capture/capture-request.js';
import { isSubstitute } from '../../capture/substitute.js';
import type { OpenRequest, PublisherContext, PublisherSession } from '../publisher.js';
import { connectionLost, mediaStopped } from '../publisher-errors.js';
import type { RtcUserClient } from './rtc-user-client.js';
import { rtcUserError } from './rtc-user-errors.js';
import { isBroadcasting, isReconnecting } from './rtc-user-events.js';
import { SentMedia } from './sent-media.js';

/** The vendor's client reconnects by itself. After this time a new sign-in is faster. */
const RECONNECT_LIMIT_MS = 15_000;

export interface NanostreamSessionOptions {
  readonly client: RtcUserClient;
  readonly clock: PublisherContext['clock'];
  readonly request: OpenRequest;
  /** Tracks that the vendor's client opened itself, instead of the element's; `null` if it sends the element's. */
  readonly vendorTracks: () => readonly MediaStreamTrack[] | null;
  /** Called when reports say that nothing is sent over an established connection. */
  readonly onMediaStopped: () => void;
  /** Gets whether the sign-in is still valid. */
  readonly onClosed: (isSignedIn: boolean) => void;
}

/** One broadcast of the vendor's Webcaster v5, from the moment media flows. */
export class NanostreamSession implements PublisherSession {
  readonly #options: NanostreamSessionOptions;
  readonly #tracks: ReadonlySet<MediaStreamTrack>;
  readonly #stops: (() => void)[];
  #isHealthy = true;
  #isLost = false;
  #isClosed = false;
  #isMediaStopped = false;
  #onChange: (() => void) | null = null;

  constructor(options: NanostreamSessionOptions) {
    this.#options = options;
    const { client, request } = options;
    this.#tracks = new Set(request.media?.getTracks());
    const sentMedia = new SentMedia(() => options.vendorTracks() ?? [...this.#tracks]);
    this.#stops = [
      client.listen('BroadcastStatus', (event) => {
        if (isReconnecting(event)) {
          this.#isHealthy = false;
          request.onInterrupted();
        } else if (isBroadcasting(event)) {
          this.#isHealthy = true;
          this.#onChange?.();
        }
      }),
      client.listen('BroadcastError', (event) => {
        this.#isLost = true;
        this.#isHealthy = false;
        this.#onChange?.();
        const error = rtcUserError(event, 'continue the broadcast');
        request.onLost(connectionLost('The vendor’s client lost the broadcast.', error));
      }),
      client.listen('ReceivedWebRTCStats', (event) => {
        // A lost connection is reported elsewhere.
        if (!this.#isHealthy || !sentMedia.add(event)) return;
        this.#isMediaStopped = true;
        options.onMediaStopped();
        request.onInterrupted('media-stopped');
      }),
      client.listen('MuteDeviceError', (event) =>
        client.note('vendor-call-failed', 'muteDevice', rtcUserError(event, 'mute a device')),
      ),
    ];
  }

  /** Waits for the vendor's own reconnect. If media has stopped, only a new broadcast can help. */
  async restart(signal: AbortSignal): Promise<void> {
    if (this.#isMediaStopped) throw mediaStopped();
    const wait = new AbortController();
    const end = () => wait.abort();
    signal.addEventListener('abort', end, { once: true });
    this.#onChange = end;
    if (!this.#isHealthy && !this.#isLost) {
      await delay(this.#options.clock, RECONNECT_LIMIT_MS, wait.signal).catch(() => undefined);
    }
    this.#onChange = null;
    signal.removeEventListener('abort', end);
    if (this.#isHealthy) return;
    this.#isLost = true;
    throw connectionLost('The vendor’s client did not reconnect.');
  }

  replaceTrack(kind: TrackKind, track: MediaStreamTrack | null): Promise<boolean> {
    // A client that opens devices itself cannot send it. A new broadcast would fail for want of the device.
    if (this.#options.vendorTracks() && isSubstitute(track)) {
      this.#options.client.note('vendor-call-missing', 'setMediaStream');
      return Promise.resolve(true);
    }
    const isSent = track ? this.#tracks.has(track) : ![...this.#tracks].some((each) => each.kind === kind);
    return Promise.resolve(isSent);
  }

  /** The element mutes its own tracks. This mutes what the vendor's client opened itself. */
  setMuted(muted: Readonly<Required<MuteChange>>): void {
    const { client, vendorTracks } = this.#options;
    const isAudioDone =
      client.attempt('muteDevice', { kind: 'audioinput', mute: muted.audio }) ||
      client.attempt('muteAudio', muted.audio);
    const isVideoDone =
      client.attempt('muteDevice', { kind: 'videoinput', mute: muted.video }) ||
      client.attempt('muteVideo', muted.video);
    const tracks = vendorTracks();
    for (const track of tracks ?? []) track.enabled = !muted[track.kind as TrackKind];
    const isUnreachable = tracks !== null && tracks.length === 0;
    if (isUnreachable && !(isAudioDone && isVideoDone)) client.note('vendor-call-missing', 'mute');
  }

  getStats(): Promise<null> {
    return Promise.resolve(null);
  }

  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    this.#options.client.attempt('stopBroadcast');
    this.#options.onClosed(!this.#isLost);
    return Promise.resolve();
  }
}
