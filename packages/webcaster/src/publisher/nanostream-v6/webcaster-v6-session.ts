import { settlesWithin, startDeadline } from '@gatecast/token';
import type { TrackKind } from '../../capture/capture-request.js';
import type { OpenRequest, PublisherContext, PublisherSession } from '../publisher.js';
import { isExpectedToSend } from '../expected-media.js';
import { mediaStopped } from '../publisher-errors.js';
import { saysMediaIsSent, SentMediaReports } from './sent-media-reports.js';
import type { WebcasterV6 } from './webcaster-v6.js';
import { vendorConnectionLost, webcasterV6Error } from './webcaster-v6-errors.js';

/** For `setup()` and the vendor's offer and answer. */
const REQUEST_LIMIT_MS = 10_000;
/** From the response to the media connection. */
const CONNECT_LIMIT_MS = 10_000;
/** ICE often recovers by itself. After this time a new instance is faster. */
const RECOVERY_LIMIT_MS = 3000;
/** For two reports of the client, which come about every 10 s. */
const REPORT_LIMIT_MS = 25_000;
const TEARDOWN_LIMIT_MS = 3000;

/** One instance of the vendor's client, from its start to its end. */
export class WebcasterV6Session implements PublisherSession {
  readonly #context: PublisherContext;
  readonly #request: OpenRequest;
  readonly #webcaster: WebcasterV6;
  readonly #tracks: readonly MediaStreamTrack[];
  readonly #reports = new SentMediaReports();
  readonly #onMediaStopped: () => void;
  #connection: RTCPeerConnectionState = 'new';
  /** What the last report says; `null` without one. */
  #isMediaSent: boolean | null = null;
  #starting: Promise<void> = Promise.resolve();
  #isStarting = false;
  #isOpen = false;
  #isClosed = false;
  #onChange: (() => void) | null = null;

  /** @param onMediaStopped - called when reports say that nothing is sent over an established connection. */
  constructor(
    context: PublisherContext,
    request: OpenRequest,
    webcaster: WebcasterV6,
    onMediaStopped: () => void,
  ) {
    this.#context = context;
    this.#request = request;
    this.#webcaster = webcaster;
    this.#onMediaStopped = onMediaStopped;
    this.#tracks = request.media?.getTracks() ?? [];
    webcaster.onConnectionStateChange = (state) => this.#follow(state);
    webcaster.onMetrics = (metrics) => this.#read(saysMediaIsSent(metrics));
    webcaster.onError = (error) => {
      if (this.#isOpen) this.#context.log('vendor-error', { error: webcasterV6Error(error) });
    };
  }

  get #isMediaExpected(): boolean {
    return this.#tracks.some(isExpectedToSend);
  }

  /**
   * Resolves when the media connection is established.
   *
   * @param isReportNeeded - waits for a report that media is sent, too.
   * @throws what the vendor's client throws; GatecastError `connection-lost`, `media-stopped`
   */
  async start(isReportNeeded: boolean): Promise<void> {
    await this.#whenAnswered();
    const isOver = () => this.#connection === 'failed' || this.#connection === 'closed';
    const isDecided = await this.#holds(() => this.#connection === 'connected' || isOver(), CONNECT_LIMIT_MS);
    if (!isDecided)
      throw tooSlow('The media connection to the vendor’s server took longer than', CONNECT_LIMIT_MS);
    // Without any report, the connection has to be enough.
    if (isReportNeeded) await this.#holds(() => this.#isMediaSent === true || isOver(), REPORT_LIMIT_MS);
    // ICE often recovers by itself, also at the end of a wait.
    await this.#holds(() => this.#connection !== 'disconnected', RECOVERY_LIMIT_MS);
    if (this.#connection !== 'connected')
      throw vendorConnectionLost('The media connection to the vendor’s server failed.');
    if (isReportNeeded && this.#isMediaSent === false && this.#isMediaExpected) throw mediaStopped();
    this.#isOpen = true;
  }

  /**
   * Waits for ICE to recover by itself, because the vendor's own `recover()` would send the old token. If nothing is
   * sent over an established connection, only a new instance can help.
   */
  async restart(signal: AbortSignal): Promise<void> {
    if (this.#connection === 'connected') throw mediaStopped();
    const isConnected = await this.#holds(() => this.#connection === 'connected', RECOVERY_LIMIT_MS, signal);
    if (!isConnected) throw vendorConnectionLost('The connection did not recover.');
  }

  replaceTrack(kind: TrackKind, track: MediaStreamTrack | null): Promise<boolean> {
    const isSent = track ? this.#tracks.includes(track) : !this.#tracks.some((each) => each.kind === kind);
    return Promise.resolve(isSent);
  }

  getStats(): Promise<null> {
    return Promise.resolve(null);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const ignore = () => undefined;
    Object.assign(this.#webcaster, { onConnectionStateChange: ignore, onMetrics: ignore, onError: ignore });
    if (this.#isStarting) {
      // A session that the server makes only now would keep the stream reserved.
      const endAgain = () => this.#end();
      this.#starting.then(endAgain, endAgain);
    }
    await settlesWithin(this.#end(), this.#context.clock, TEARDOWN_LIMIT_MS);
  }

  /** Waits for offer and answer. */
  async #whenAnswered(): Promise<void> {
    this.#isStarting = true;
    this.#starting = this.#setUpAndStart();
    const outcome: { failure?: { readonly cause: unknown } } = {};
    this.#starting
      .catch((cause: unknown) => {
        outcome.failure = { cause };
      })
      .finally(() => {
        this.#isStarting = false;
        this.#onChange?.();
      });
    const isAnswered = await this.#holds(() => !this.#isStarting, REQUEST_LIMIT_MS);
    if (!isAnswered) throw tooSlow('The vendor’s client did not start within', REQUEST_LIMIT_MS);
    if (outcome.failure) throw outcome.failure.cause;
  }

  async #setUpAndStart(): Promise<void> {
    await this.#webcaster.setup();
    // Nobody would stop the broadcast of an instance that was closed during this time.
    if (!this.#isClosed) await this.#webcaster.startBroadcast();
  }

  async #end(): Promise<void> {
    try {
      // Also after a failed start; otherwise the vendor's server keeps the stream reserved.
      await this.#webcaster.stopBroadcast();
    } catch {
      this.#context.log('vendor-stop-failed');
    }
    try {
      // `false` keeps the media, which belongs to the element and is used by the next instance.
      await this.#webcaster.dispose(false);
    } catch {
      this.#context.log('vendor-dispose-failed');
    }
  }

  #follow(state: RTCPeerConnectionState): void {
    this.#connection = state;
    this.#onChange?.();
    if (!this.#isOpen) return;
    if (state === 'disconnected') this.#request.onInterrupted();
    if (state === 'failed' || state === 'closed') {
      this.#request.onLost(vendorConnectionLost('The connection to the vendor’s server was lost.'));
    }
  }

  #read(isMediaSent: boolean | null): void {
    if (isMediaSent !== null) this.#isMediaSent = isMediaSent;
    this.#onChange?.();
    // A lost connection is reported elsewhere.
    const counts = this.#isMediaExpected && this.#isOpen && this.#connection === 'connected';
    if (!this.#reports.add(counts ? isMediaSent : null)) return;
    this.#onMediaStopped();
    this.#request.onInterrupted('media-stopped');
  }

  /** Waits until a condition holds; `false` if it does not in time. @throws the signal's reason */
  #holds(
    condition: () => boolean,
    limitMs: number,
    signal: AbortSignal = this.#request.signal,
  ): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const deadline = startDeadline(this.#context.clock, limitMs, signal);
      const end = () => {
        this.#onChange = null;
        deadline.signal.removeEventListener('abort', giveUp);
        deadline.end();
      };
      const giveUp = () => {
        end();
        if (deadline.isOver) resolve(false);
        else reject(signal.reason as Error);
      };
      const look = () => {
        if (!condition()) return;
        end();
        resolve(true);
      };
      this.#onChange = look;
      deadline.signal.addEventListener('abort', giveUp, { once: true });
      if (deadline.signal.aborted) giveUp();
      else look();
    });
  }
}

function tooSlow(what: string, limitMs: number): Error {
  return vendorConnectionLost(`${what} ${String(limitMs / 1000)} s.`);
}
