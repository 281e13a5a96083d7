import { EventLog, SecureErrorEvent } from '@gatecast/element';
import { systemClock, type Clock, type GatecastError } from '@gatecast/token';
import {
  SecureBroadcastStateEvent,
  SecureBroadcastStatsEvent,
  SecureDevicesChangedEvent,
} from './broadcast-events.js';
import type { BroadcastReason } from './broadcast-events.js';
import { isOnAir, nextState, type BroadcastMove, type BroadcastState } from './broadcast-state.js';
import { Capture } from '../capture/capture.js';
import { readWish, type TrackKind } from '../capture/capture-request.js';
import { DeviceList } from '../capture/device-list.js';
import type { Publisher } from '../publisher/publisher.js';
import { PublisherSlot } from '../publisher/publisher-slot.js';
import type { BroadcastStats } from '../stats/broadcast-stats.js';
import type { BroadcastDevices, CaptureKind, MuteChange } from '../element/webcaster-options.js';
import type { WebcasterOptions } from '../element/webcaster-options.js';
import { readSettings } from './broadcast-settings.js';
import { BroadcastTokens } from './broadcast-tokens.js';
import { LiveSession } from './live-session.js';
import { pollStats } from './stats-poll.js';
import { toGatecastError } from './unforeseen-error.js';

/** The element, as far as a broadcaster needs it. */
export interface BroadcasterHost extends HTMLElement, WebcasterOptions {
  requestUpdate(): void;
}

export interface BroadcasterOptions {
  readonly host: BroadcasterHost;
  /** Shows `media` now, not with the next update. */
  readonly onMediaChanged: () => void;
}

const CAPTURE_OPTIONS = ['capture', 'video', 'audio', 'resolution', 'framerate', 'mediaStream'];
const ENCODING_OPTIONS = ['videoBitrate', 'audioBitrate', 'framerate'];

/** What the element does once it does something: capture, tokens, publisher and the broadcast's states, in one place. */
export class Broadcaster {
  readonly #host: BroadcasterHost;
  readonly #clock: Clock = systemClock;
  readonly #log = new EventLog();
  readonly #tokens: BroadcastTokens;
  readonly #devices: DeviceList;
  readonly #capture: Capture;
  readonly #publisher: PublisherSlot;
  readonly #life = new AbortController();
  #state: BroadcastState = 'idle';
  /** The broadcast, or the preview, that is under way. */
  #run = new AbortController();
  #onAir: LiveSession | null = null;
  #starting: Promise<void> | null = null;
  #kindBeforeScreen: CaptureKind | null = null;
  #liveSinceMs: number | null = null;
  #stats: BroadcastStats | null = null;
  #error: GatecastError | null = null;

  constructor({ host, onMediaChanged }: BroadcasterOptions) {
    this.#host = host;
    const { signal } = this.#life;
    this.#tokens = new BroadcastTokens({ host, log: this.#log, onRefreshed: () => this.#onTokenRefreshed() });
    this.#devices = new DeviceList(() => this.#onDevicesChanged(), signal);
    void this.#devices.read();
    this.#capture = new Capture({
      // WebKitGTK hangs for good when the tracks of a stream end while a video element plays it.
      onClosing: onMediaChanged,
      onTrackChanged: (kind, track) => {
        this.#onAir?.replaceTrack(kind, track).catch((error: unknown) => this.#notice(error));
        host.requestUpdate();
      },
      onTrackEnded: (kind) => this.#onTrackEnded(kind),
    });
    this.#publisher = new PublisherSlot({
      host,
      tokens: this.#tokens,
      clock: this.#clock,
      target: () => readSettings(host, document.baseURI).target,
      wish: () => readWish(host),
      note: (type, details) => this.#log.add(type, details),
    });
    // The page may be frozen or gone a moment later: devices are freed and the farewell is sent now.
    addEventListener('pagehide', () => void this.#end('page-left', false), { signal });
  }

  get state(): BroadcastState {
    return this.#state;
  }

  get devices(): BroadcastDevices {
    return this.#devices.devices;
  }

  get media(): MediaStream | null {
    return this.#capture.isOpen ? this.#capture.media : null;
  }

  get isPreviewing(): boolean {
    return this.#capture.isOpen;
  }

  get muted(): Readonly<Required<MuteChange>> {
    return this.#capture.muted;
  }

  /** Client time of the broadcast's first connection; `null` when not on air. */
  get liveSinceMs(): number | null {
    return this.#liveSinceMs;
  }

  get stats(): BroadcastStats | null {
    return this.#stats;
  }

  /** What went wrong last and has not been got over yet. */
  get error(): GatecastError | null {
    return this.#error;
  }

  async startPreview(): Promise<void> {
    const { signal } = this.#run;
    try {
      this.#holdTokensIfPossible(signal);
      await this.#openCapture(signal);
    } catch (error) {
      throw isOnAir(this.#state) ? this.#notice(error) : this.#fail(error, signal);
    }
    this.#move('show', 'requested');
  }

  /** One start at a time: whoever asks again waits for the same one. */
  startBroadcast(): Promise<void> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async signIn(): Promise<void> {
    const { signal } = this.#run;
    try {
      this.#holdTokens();
      const publisher = await this.#publisher.get(this.#host.publisher);
      if (publisher.signIn) await publisher.signIn(signal);
      else await this.#tokens.get(signal);
    } catch (error) {
      throw isOnAir(this.#state) ? this.#notice(error) : this.#fail(error, signal);
    }
  }

  /** Ends the preview, unless it is on air. */
  stopPreview(): void {
    if (isOnAir(this.#state)) return;
    this.#abortRun();
    this.#capture.close();
    this.#releaseTokensIfIdle();
    this.#move('release', 'requested');
    this.#host.requestUpdate();
  }

  async stopBroadcast(keepPreview: boolean): Promise<void> {
    if (this.#state === 'idle' || this.#state === 'preview' || this.#state === 'stopped') return;
    await this.#end('requested', keepPreview);
  }

  async signOut(): Promise<void> {
    await this.#end('requested', false);
    const publisher = await this.#publisher.made();
    await publisher?.signOut?.();
    this.#releaseTokensIfIdle();
    this.#move('release', 'requested');
  }

  setMuted(change: MuteChange): void {
    this.#capture.setMuted(change);
    this.#onAir?.session?.setMuted?.(this.muted);
    this.#host.requestUpdate();
  }

  /** Brings devices in line with the element's options; what was open stays open when that fails. */
  async applyCapture(): Promise<void> {
    if (!this.#capture.isOpen) return;
    await this.#openCapture(this.#run.signal);
    if (this.#state !== 'failed') this.#error = null;
  }

  refreshToken(): Promise<unknown> {
    this.#holdTokens();
    return this.#tokens.refresh();
  }

  optionsChanged(names: ReadonlySet<PropertyKey>): void {
    if (CAPTURE_OPTIONS.some((name) => names.has(name))) {
      this.applyCapture().catch((error: unknown) => this.#notice(error));
    }
    if (ENCODING_OPTIONS.some((name) => names.has(name))) {
      this.#onAir?.session?.updateEncoding?.().catch((error: unknown) => this.#notice(error));
    }
    if (this.isPreviewing || isOnAir(this.#state)) this.#holdTokensIfPossible(this.#run.signal);
  }

  async diagnostics(): Promise<Record<string, unknown>> {
    const { describeBroadcast } = await import('./diagnostics.js');
    return describeBroadcast({
      host: this.#host,
      state: this.#state,
      liveSinceMs: this.#liveSinceMs,
      devices: this.devices,
      media: this.media,
      tokens: this.#tokens.states,
      stats: this.#stats,
      error: this.#error,
      log: this.#log,
    });
  }

  /** Ends everything; resolves when nothing is left pending. */
  async dispose(): Promise<void> {
    this.#life.abort();
    await this.#end('removed', false);
    this.#publisher.dispose();
  }

  async #start(): Promise<void> {
    if (!this.#move('start', 'requested')) return;
    const { signal } = this.#run;
    try {
      this.#holdTokens();
      this.#tokens.warmUp(signal);
      const loading = this.#publisher.get(this.#host.publisher);
      // Both at once; a failure of either is met below.
      loading.catch(() => undefined);
      await this.#openCapture(signal);
      const publisher = await loading;
      signal.throwIfAborted();
      const onAir = this.#createOnAir(publisher);
      this.#onAir = onAir;
      await onAir.start();
    } catch (error) {
      throw this.#fail(error, signal);
    }
  }

  #createOnAir(publisher: Publisher): LiveSession {
    const { signal } = this.#run;
    const onAir: LiveSession = new LiveSession({
      publisher,
      media: this.media,
      clock: this.#clock,
      random: Math.random,
      reconnectForMs: () => this.#host.reconnectFor * 1000,
      prepareReconnect: (runSignal) => this.#tokens.retryNow(runSignal),
      onLive: (reason) => {
        onAir.session?.setMuted?.(this.muted);
        if (this.#liveSinceMs === null) {
          this.#liveSinceMs = Date.now();
          this.#pollStats(signal);
        }
        this.#move('connect', reason);
      },
      onInterrupted: (reason) => this.#move('interrupt', reason),
      onFailed: (error) => this.#fail(error, signal),
      note: (type, details) => this.#log.add(type, details),
    });
    return onAir;
  }

  #pollStats(signal: AbortSignal): void {
    void pollStats({
      clock: this.#clock,
      signal,
      getReport: () => this.#onAir?.session?.getStats() ?? Promise.resolve(null),
      onStats: (stats) => {
        this.#stats = stats;
        this.#host.dispatchEvent(new SecureBroadcastStatsEvent(stats));
        this.#host.requestUpdate();
      },
    });
  }

  #end(reason: BroadcastReason, keepPreview: boolean): Promise<void> {
    this.#abortRun();
    const farewell = this.#leaveAir();
    if (!keepPreview) this.#capture.close();
    this.#error = null;
    this.#move('stop', reason);
    if (keepPreview && this.isPreviewing) this.#move('show', reason);
    else if (!keepPreview && this.#state === 'preview') this.#move('release', reason);
    this.#host.requestUpdate();
    return farewell;
  }

  /** The farewell needs a token, so tokens are let go after it. */
  async #leaveAir(): Promise<void> {
    const onAir = this.#onAir;
    this.#onAir = null;
    this.#liveSinceMs = null;
    this.#stats = null;
    await onAir?.stop();
    this.#releaseTokensIfIdle();
  }

  #abortRun(): void {
    this.#run.abort(new DOMException('It was stopped.', 'AbortError'));
    this.#run = new AbortController();
    this.#starting = null;
  }

  /** Puts a failure where it belongs; gives back what the caller is to be told. */
  #fail(cause: unknown, signal: AbortSignal): Error {
    if (signal.aborted) return signal.reason as Error;
    const error = toGatecastError(cause);
    this.#error = error;
    void this.#leaveAir();
    this.#move('fail', error.code);
    this.#log.add(SecureErrorEvent.type, { error });
    this.#host.dispatchEvent(new SecureErrorEvent(error));
    return error;
  }

  /** Something went wrong that what is running survives. */
  #notice(cause: unknown): Error {
    const error = toGatecastError(cause);
    if (cause instanceof DOMException && cause.name === 'AbortError') return cause;
    this.#error = error;
    this.#log.add('notice', { error });
    this.#host.requestUpdate();
    return error;
  }

  #move(move: BroadcastMove, reason: BroadcastReason): boolean {
    const previous = this.#state;
    const state = nextState(previous, move);
    if (state === null || state === previous) return false;
    this.#state = state;
    if (state !== 'failed') this.#error = null;
    this.#log.add(SecureBroadcastStateEvent.type, { state, previous, reason });
    this.#host.requestUpdate();
    this.#host.dispatchEvent(new SecureBroadcastStateEvent({ state, previous, reason }));
    return true;
  }

  async #openCapture(signal: AbortSignal): Promise<void> {
    const wish = readWish(this.#host);
    await this.#capture.open(wish, signal);
    if (wish.kind !== 'screen') this.#kindBeforeScreen = wish.kind;
    this.#host.requestUpdate();
    // Labels and ids come with the first permission.
    void this.#devices.read();
  }

  #onTrackEnded(kind: TrackKind): void {
    this.#log.add('track-ended', { kind });
    if (kind === 'video' && this.#host.capture === 'screen') {
      // "Stop sharing" in the browser's own bar: back to what was there before, or that was all.
      if (this.#kindBeforeScreen) this.#host.capture = this.#kindBeforeScreen;
      else if (isOnAir(this.#state)) void this.#end('capture-ended', false);
      else this.stopPreview();
      return;
    }
    this.applyCapture().catch((error: unknown) => this.#notice(error));
  }

  #onDevicesChanged(): void {
    this.#host.dispatchEvent(new SecureDevicesChangedEvent());
    this.#host.requestUpdate();
    // A device that had been unplugged may be back.
    if (this.#error?.code === 'device-not-found' && this.isPreviewing) {
      this.applyCapture().catch((error: unknown) => this.#notice(error));
    }
  }

  #onTokenRefreshed(): void {
    if (isOnAir(this.#state)) return;
    const { signal } = this.#run;
    this.#publisher
      .made()
      .then((publisher) => publisher?.renewSignIn?.(signal))
      .catch((error: unknown) => this.#notice(error));
  }

  #holdTokens(): void {
    this.#tokens.hold(readSettings(this.#host, document.baseURI).tokens);
  }

  /** A preview needs neither an endpoint nor a token, but has one at hand when it can. */
  #holdTokensIfPossible(signal: AbortSignal): void {
    try {
      this.#holdTokens();
    } catch {
      return;
    }
    this.#tokens.warmUp(signal);
  }

  #releaseTokensIfIdle(): void {
    if (!this.isPreviewing && !isOnAir(this.#state) && !this.#onAir) this.#tokens.release();
  }
}
