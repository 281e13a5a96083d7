import { BlockedByPolicy, EventLog } from '@gatecast/element';
import { systemClock } from '@gatecast/token';
import type { MuteChange } from '../capture/capture.js';
import { readCaptureRequest } from '../capture/capture-request.js';
import { PublisherSlot } from '../publisher/publisher-slot.js';
import { ActiveBroadcast } from './active-broadcast.js';
import { BroadcastMedia } from './broadcast-media.js';
import type { BroadcastReason } from './broadcast-events.js';
import type { BroadcastHost } from './broadcast-host.js';
import { readSettings } from './broadcast-settings.js';
import { ValueWarnings, requireKnownValues } from './check-options.js';
import { BroadcastStatus } from './broadcast-status.js';
import { BroadcastTokens } from './broadcast-tokens.js';
import { CaptureControl } from './capture-control.js';
import { concernsOf } from './changed-options.js';
import { CheckSlot } from './check-slot.js';
import { Countdown } from './countdown.js';
import { diagnosticsPart } from './diagnostics-part.js';
import { RecordingControl } from './recording-control.js';
import { SharedStart } from './shared-start.js';

export interface BroadcasterOptions {
  readonly host: BroadcastHost;
  /** Shows `media` at once, not with the next update. */
  readonly onMediaChanged: () => void;
}

/** Runs the element's preview and broadcast with its capture, its token and its publisher. */
export class Broadcaster {
  readonly status: BroadcastStatus;
  readonly media: BroadcastMedia;
  readonly capture: CaptureControl;
  readonly active: ActiveBroadcast;
  readonly checks: CheckSlot;
  readonly countdown: Countdown;
  readonly recording: RecordingControl;
  readonly #host: BroadcastHost;
  readonly #log = new EventLog();
  readonly #policy = new BlockedByPolicy();
  readonly #valueWarnings = new ValueWarnings();
  readonly #tokens: BroadcastTokens;
  readonly #publisher: PublisherSlot;
  readonly #life = new AbortController();
  /** Aborts when the current preview or broadcast ends. */
  #run = new AbortController();
  readonly #starting = new SharedStart();
  /** Has the page or the user asked for the preview? A check closes what it has opened for itself. */
  #wantsPreview = false;

  constructor({ host, onMediaChanged }: BroadcasterOptions) {
    this.#host = host;
    this.#policy.start(host.ownerDocument);
    this.#valueWarnings.update(host);
    const log = this.#log;
    const clock = systemClock;
    this.countdown = new Countdown(host, clock);
    const status = (this.status = new BroadcastStatus(host, log, this.#policy));
    const media = (this.media = new BroadcastMedia(host, log));
    this.#tokens = new BroadcastTokens({
      host,
      log,
      settings: () => readSettings(host, document.baseURI).tokens,
      onRefreshed: () => this.#onTokenRefreshed(),
      onEnded: (error) => {
        if (!this.countdown.fail(error)) this.active.endAccess(error, this.#run.signal);
      },
    });
    this.capture = new CaptureControl({
      host,
      clock,
      log,
      status,
      media,
      life: this.#life.signal,
      runSignal: () => this.#run.signal,
      // WebKitGTK hangs for good when the tracks of a stream end while a video element plays it.
      onClosing: onMediaChanged,
      onTrackChanged: (kind, track) => {
        this.active.replaceTrack(kind, track);
        this.recording.setTrack(kind, track);
      },
      onCaptured: () => this.active.updateEncoding(),
      onScreenEnded: () => {
        if (status.isBroadcasting) void this.#end('capture-ended', false);
        else this.stopPreview();
      },
    });
    this.active = new ActiveBroadcast({
      host,
      clock,
      log,
      status,
      media,
      capture: this.capture,
      tokens: this.#tokens,
      statusUrl: () => readSettings(host, document.baseURI).statusUrl,
      prepareReconnect: (signal) => this.#tokens.retryNow(signal),
      onFailed: (error, signal) => this.#fail(error, signal),
    });
    this.recording = new RecordingControl({
      host,
      clock,
      log,
      media: () => this.capture.media,
      runSignal: () => this.#run.signal,
    });
    this.#publisher = new PublisherSlot({
      host,
      clock,
      tokens: this.#tokens,
      target: () => readSettings(host, document.baseURI, this.capture.request).target,
      captureRequest: () => readCaptureRequest(host),
      log: (type, details) => log.add(type, details),
    });
    this.checks = new CheckSlot({
      host,
      clock,
      capture: this.capture,
      tokens: this.#tokens,
      settings: () => readSettings(host, document.baseURI),
      // Not the check's own signal: a start that ends the check goes on with what it opens.
      openCapture: () => this.capture.open(this.#run.signal),
      loadPublisher: () => this.#publisher.get(host.publisher),
      isBroadcasting: () => status.isBroadcasting,
      wantsPreview: () => this.#wantsPreview,
      onClosed: () => this.#releaseTokensIfIdle(),
    });
    // The page may be frozen or gone after this event: devices are released and the session is deleted now.
    addEventListener('pagehide', () => void this.#end('page-left', false), { signal: this.#life.signal });
  }

  async startPreview(): Promise<void> {
    const { signal } = this.#run;
    this.#wantsPreview = true;
    try {
      this.#tokens.holdIfPossible(signal);
      await this.capture.open(signal);
      // The screen may have ended before the camera was there.
      signal.throwIfAborted();
    } catch (error) {
      this.#wantsPreview = false;
      throw this.#failUnlessBroadcasting(error, signal);
    }
    this.status.move('show', 'requested');
  }

  /** Starts a broadcast. All calls during a start wait for the same one. */
  startBroadcast(): Promise<void> {
    this.checks.cancel('The broadcast starts.');
    return this.#starting.join(() => this.#start());
  }

  async signIn(): Promise<void> {
    const { signal } = this.#run;
    try {
      requireKnownValues(this.#host);
      this.#tokens.begin(signal);
      const publisher = await this.#publisher.get(this.#host.publisher);
      if (publisher.signIn) await publisher.signIn(signal);
      else await this.#tokens.get(signal);
    } catch (error) {
      throw this.#failUnlessBroadcasting(error, signal);
    }
  }

  /** Ends the preview, unless it is being broadcast. */
  stopPreview(): void {
    if (this.status.isBroadcasting) return;
    this.#abortRun();
    this.#wantsPreview = false;
    this.recording.end();
    this.capture.close();
    this.#releaseTokensIfIdle();
    this.status.move('release', 'requested');
    this.#host.requestUpdate();
  }

  async stopBroadcast(keepPreview: boolean): Promise<void> {
    if (this.status.state === 'idle' || this.status.state === 'preview' || this.status.state === 'stopped')
      return;
    await this.#end('requested', keepPreview);
  }

  async signOut(): Promise<void> {
    await this.#end('requested', false);
    await (await this.#publisher.current())?.signOut?.();
    this.#releaseTokensIfIdle();
    this.status.move('release', 'requested');
  }

  setMuted(change: MuteChange): void {
    this.capture.setMuted(change);
    this.active.session?.setMuted?.(this.capture.muted);
    this.checks.outdate('The settings have changed.');
    this.#host.requestUpdate();
  }

  refreshToken(): Promise<unknown> {
    this.#tokens.hold();
    return this.#tokens.refresh();
  }

  optionsChanged(names: ReadonlySet<PropertyKey>): void {
    this.#valueWarnings.update(this.#host);
    const concerns = concernsOf(names);
    if (concerns.check) this.checks.outdate('The settings have changed.');
    // First: the slate must not wait for a device.
    if (concerns.picture) this.capture.drawOptions();
    if (concerns.capture) this.capture.applyOrWarn();
    if (concerns.encoding) this.active.updateEncoding();
    if (this.capture.isOpen || this.status.isBroadcasting) this.#tokens.holdIfPossible(this.#run.signal);
  }

  async diagnostics(): Promise<Record<string, unknown>> {
    const request = { signal: this.#life.signal, tries: 3, log: this.#log };
    const describeBroadcast = await diagnosticsPart(request);
    const { status, media, capture, active, checks } = this;
    const facts = { status, media, capture, active, lastCheck: checks.report };
    return describeBroadcast({ ...facts, host: this.#host, tokens: this.#tokens.states, log: this.#log });
  }

  /** Ends the preview and the broadcast. Resolves when no request is pending. */
  async dispose(): Promise<void> {
    this.#life.abort();
    await this.#end('removed', false);
    this.#publisher.dispose();
    this.#policy.stop();
  }

  async #start(): Promise<void> {
    if (!this.status.move('start', this.countdown.seconds > 0 ? 'countdown' : 'requested')) return;
    const { signal } = this.#run;
    try {
      requireKnownValues(this.#host);
      this.#tokens.begin(signal);
      const loading = this.#publisher.get(this.#host.publisher);
      // Both run at the same time. If loading fails, the await below throws.
      loading.catch(() => undefined);
      await this.capture.open(signal);
      const publisher = await loading;
      signal.throwIfAborted();
      const isInTime = await this.countdown.run(signal, () => this.#tokens.read(signal));
      if (!isInTime) void this.#end('countdown-missed', true);
      signal.throwIfAborted();
      await this.active.start(publisher, signal);
    } catch (error) {
      throw this.#fail(this.#tokens.explain(error), signal);
    }
  }

  #end(reason: BroadcastReason, keepPreview: boolean): Promise<void> {
    this.#abortRun();
    if (!keepPreview) this.recording.end();
    const ended = this.#stopActive();
    this.#wantsPreview = keepPreview;
    if (!keepPreview) this.capture.close();
    this.status.clearError();
    this.status.move('stop', reason);
    if (keepPreview && this.capture.isOpen) this.status.move('show', reason);
    else if (!keepPreview && this.status.state === 'preview') this.status.move('release', reason);
    this.#host.requestUpdate();
    return ended;
  }

  /** The request that ends the session carries a token, so the token is released after it. */
  async #stopActive(): Promise<void> {
    await this.active.stop();
    this.#releaseTokensIfIdle();
  }

  #abortRun(): void {
    this.checks.cancel('The preview was stopped.');
    this.#run.abort(new DOMException('The preview or broadcast was stopped.', 'AbortError'));
    this.#run = new AbortController();
    this.#starting.forget();
  }

  /** Ends the broadcast with an error; returns what the caller throws. */
  #fail(cause: unknown, signal: AbortSignal): Error {
    if (signal.aborted) return signal.reason as Error;
    // A recording goes on with the preview: it is the copy for when the network fails.
    void this.#stopActive();
    return this.status.fail(cause);
  }

  #failUnlessBroadcasting(cause: unknown, signal: AbortSignal): Error {
    return this.status.isBroadcasting ? this.status.warn(cause) : this.#fail(cause, signal);
  }

  #onTokenRefreshed(): void {
    this.active.onAir.tokenRefreshed();
    if (this.status.isBroadcasting) return;
    this.#publisher.renewSignIn(this.#run.signal).catch((error: unknown) => this.status.warn(error));
  }

  #releaseTokensIfIdle(): void {
    if (!this.capture.isOpen && !this.status.isBroadcasting && !this.active.exists) this.#tokens.release();
  }
}
