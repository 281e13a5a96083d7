import { delay } from '@gatecast/token';
import type { MuteChange } from '../../capture/capture.js';
import type { TrackKind } from '../../capture/capture-request.js';
import type { OpenRequest, PublisherContext, PublisherSession } from '../publisher.js';
import { connectionLost } from '../publisher-errors.js';
import type { RtcUserClient } from './rtc-user-client.js';
import { rtcUserError } from './rtc-user-errors.js';

/** The vendor's client reconnects by itself. After this time a new sign-in is faster. */
const RECONNECT_LIMIT_MS = 15_000;

/** One broadcast of the vendor's Webcaster v5. */
export class NanostreamSession implements PublisherSession {
  readonly #client: RtcUserClient;
  readonly #context: PublisherContext;
  readonly #tracks: ReadonlySet<MediaStreamTrack>;
  readonly #onClosed: (isSignedIn: boolean) => void;
  readonly #stops: (() => void)[];
  #isHealthy = true;
  #isLost = false;
  #isClosed = false;
  #onChange: (() => void) | null = null;

  /** @param onClosed - gets whether the sign-in is still valid. */
  constructor(
    client: RtcUserClient,
    context: PublisherContext,
    request: OpenRequest,
    onClosed: (isSignedIn: boolean) => void,
  ) {
    this.#client = client;
    this.#context = context;
    this.#tracks = new Set(request.media?.getTracks());
    this.#onClosed = onClosed;
    this.#stops = [
      client.listen('BroadcastStatus', (event) => {
        const message = event.message ?? event.data?.message ?? '';
        this.#isHealthy = !message.startsWith('reconnecting');
        if (this.#isHealthy) this.#onChange?.();
        else request.onInterrupted();
      }),
      client.listen('BroadcastError', (event) => {
        this.#isLost = true;
        this.#isHealthy = false;
        this.#onChange?.();
        const error = rtcUserError(event, 'continue the broadcast');
        request.onLost(connectionLost('The vendor’s client lost the broadcast.', error));
      }),
    ];
  }

  /** Waits for the vendor's own reconnect. */
  async restart(signal: AbortSignal): Promise<void> {
    const wait = new AbortController();
    const end = () => wait.abort();
    signal.addEventListener('abort', end, { once: true });
    this.#onChange = end;
    if (!this.#isHealthy && !this.#isLost) {
      await delay(this.#context.clock, RECONNECT_LIMIT_MS, wait.signal).catch(() => undefined);
    }
    this.#onChange = null;
    signal.removeEventListener('abort', end);
    if (this.#isHealthy) return;
    this.#isLost = true;
    throw connectionLost('The vendor’s client did not reconnect.');
  }

  replaceTrack(kind: TrackKind, track: MediaStreamTrack | null): Promise<boolean> {
    const isSent = track ? this.#tracks.has(track) : ![...this.#tracks].some((each) => each.kind === kind);
    return Promise.resolve(isSent);
  }

  setMuted(muted: Readonly<Required<MuteChange>>): void {
    this.#client.user.muteDevice({ kind: 'audio', mute: muted.audio });
    this.#client.user.muteDevice({ kind: 'video', mute: muted.video });
  }

  getStats(): Promise<null> {
    return Promise.resolve(null);
  }

  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    this.#client.user.stopBroadcast();
    this.#onClosed(!this.#isLost);
    return Promise.resolve();
  }
}
