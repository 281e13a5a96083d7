import type { EventLog } from '@gatecast/element';
import type { Clock, GatecastError } from '@gatecast/token';
import { Capture, type MuteChange } from '../capture/capture.js';
import {
  originOf,
  readCaptureRequest,
  TRACK_KINDS,
  type CaptureKind,
  type CaptureRequest,
  type SourceKind,
  type TrackKind,
} from '../capture/capture-request.js';
import { DeviceList, type BroadcastDevices } from '../capture/device-list.js';
import type { SourceLoss } from '../capture/source-watch.js';
import { createSilence, type Substitute } from '../capture/substitute.js';
import { picturePart } from '../composition/composition-part.js';
import type { BroadcastMedia } from './broadcast-media.js';
import { SecureCaptureChangedEvent, SecureDevicesChangedEvent } from './broadcast-events.js';
import { requireKnownValues } from './check-options.js';
import type { BroadcastHost } from './broadcast-host.js';
import type { BroadcastStatus } from './broadcast-status.js';
import { LostSources } from './lost-sources.js';
import { createHostSlate, PictureControl } from './picture-control.js';
import { PictureLoading } from './picture-loading.js';

export interface CaptureControlOptions {
  readonly host: BroadcastHost;
  readonly clock: Clock;
  readonly log: EventLog;
  readonly status: BroadcastStatus;
  readonly media: BroadcastMedia;
  /** Aborts when the element is removed. */
  readonly life: AbortSignal;
  /** The signal of the current preview or broadcast. */
  readonly runSignal: () => AbortSignal;
  /** Called before all tracks are stopped. `media` is already `null`. */
  readonly onClosing: () => void;
  readonly onTrackChanged: (kind: TrackKind, track: MediaStreamTrack | null) => void;
  /** Called when what the options ask for is captured: a screen keeps another quality than a camera. */
  readonly onCaptured: () => void;
  /** The user stopped sharing the screen, and no other capture was open before. */
  readonly onScreenEnded: () => void;
}

/** Applies the element's options and changes of the connected devices to the capture. */
export class CaptureControl {
  readonly #options: CaptureControlOptions;
  readonly #capture: Capture;
  readonly #devices: DeviceList;
  readonly #lost: LostSources;
  readonly #picture: PictureControl;
  readonly #loading: PictureLoading;
  /** Calls of `open` in progress. */
  #opening = 0;
  #kindBeforeScreen: CaptureKind | null = null;

  constructor(options: CaptureControlOptions) {
    this.#options = options;
    const { host, clock, log, media, status, life } = options;
    this.#devices = new DeviceList(
      () => this.#onDevicesChanged(),
      () => this.#lost.lookAgain(),
      life,
    );
    void this.#devices.read();
    this.#capture = new Capture(clock, {
      onClosing: options.onClosing,
      onTrackChanged: (kind, track) => {
        options.onTrackChanged(kind, track);
        host.requestUpdate();
      },
      onSourceChanged: (kind, isOpen) => this.#lost.reset(kind, isOpen),
      onSourceLost: (kind, loss) => this.#onSourceLost(kind, loss),
      onSourceBack: (kind) => {
        if (kind !== 'screen') this.#lost.back(kind);
      },
      composerFor: (request) => this.#picture.composerFor(request),
      onGap: (kind) => {
        if (host.deviceLoss !== 'none') this.#substitute(kind, true);
      },
    });
    this.#picture = new PictureControl(options);
    this.#loading = new PictureLoading({
      log,
      load: picturePart,
      onLoaded: (signal) => this.#composeNow(signal),
      onFailing: (error) => status.warn(error),
      onError: (error) => status.warn(error),
      onEnd: () => {
        this.#stopUnused();
        host.requestUpdate();
      },
    });
    this.#lost = new LostSources({
      clock,
      random: Math.random,
      media,
      deviceLoss: () => host.deviceLoss,
      deviceOf: (kind) => this.#capture.deviceOf(kind),
      listDevices: async (kind) => {
        await this.#devices.read();
        return this.#devices.devices[kind];
      },
      reopen: (kind, deviceId, signal) => this.#capture.reopen(kind, deviceId, signal),
      substitute: (kind, isNeeded) => this.#substitute(kind, isNeeded),
      log: (type, details) => log.add(type, details),
    });
  }

  get isOpen(): boolean {
    return this.#capture.isOpen;
  }

  /** What is captured; `null` when nothing is open. */
  get media(): MediaStream | null {
    return this.#capture.isOpen ? this.#capture.media : null;
  }

  /** What is captured, as it was asked for; `null` when nothing is open. */
  get request(): CaptureRequest | null {
    return this.#capture.request;
  }

  /** Is a picture drawn in the page, instead of the camera or screen as it is? */
  get isComposed(): boolean {
    return this.#capture.composer !== null;
  }

  /** Do viewers get the slate of `show-slate`? */
  get isSlateShown(): boolean {
    return this.isComposed && this.#picture.isSlateShown;
  }

  /** The loss of a camera or microphone that lasts; `null` without one. */
  get lostError(): GatecastError | null {
    return this.#lost.error;
  }

  get devices(): BroadcastDevices {
    return this.#devices.devices;
  }

  get muted(): Readonly<Required<MuteChange>> {
    return this.#capture.muted;
  }

  setMuted(change: MuteChange): void {
    this.#capture.setMuted(change);
  }

  /**
   * Opens the capture that the element's options describe.
   *
   * @throws GatecastError why it failed; what was open stays open.
   */
  async open(signal: AbortSignal): Promise<void> {
    const { host, onCaptured } = this.#options;
    const isFirst = !this.#capture.isOpen;
    requireKnownValues(host, ['capture', 'audio-mode', ...(isFirst ? ['layout'] : [])]);
    const request = readCaptureRequest(host);
    this.#opening += 1;
    try {
      const preparing = this.#prepare(request, signal, isFirst);
      preparing.catch(() => undefined);
      await this.#capture.open(request, signal, preparing);
      await preparing;
      this.#capture.compose(this.#picture.composerFor(this.#capture.request));
    } finally {
      this.#opening -= 1;
      this.#stopUnused();
    }
    if (!request.kind.includes('screen')) this.#kindBeforeScreen = request.kind;
    onCaptured();
    host.requestUpdate();
    // Labels and ids come with the first permission.
    void this.#devices.read();
  }

  /**
   * Switches an open capture to the element's options.
   *
   * @throws GatecastError why it failed; what was open stays open.
   */
  async apply(): Promise<void> {
    const { status, runSignal } = this.#options;
    if (!this.#capture.isOpen) return;
    await this.open(runSignal());
    if (status.state !== 'failed') status.clearError();
  }

  /** Does the same for changes that no caller waits for. A failure is reported as a warning. */
  applyOrWarn(): void {
    this.apply().catch((error: unknown) => this.#options.status.warn(error));
  }

  /**
   * Draws the picture as the element's options say, without a change of the devices: at once, also while a dialog of the
   * browser is open. A failure is reported as a warning; a slate that is wanted is shown nevertheless.
   */
  drawOptions(): void {
    const { request } = this.#capture;
    const { host, status } = this.#options;
    if (!request) return;
    try {
      this.#picture.update(request);
      this.#capture.compose(this.#picture.composerFor(request));
      requireKnownValues(host, ['layout']);
    } catch (error) {
      status.warn(error);
    }
    if (this.#picture.isMissingFor(request)) this.#loading.start();
    else {
      this.#stopUnused();
      if (this.#picture.problem) status.warn(this.#picture.problem);
    }
    host.requestUpdate();
  }

  close(): void {
    this.#capture.close();
    this.#loading.stop();
    this.#picture.stop();
    for (const kind of TRACK_KINDS) this.#lost.reset(kind, false);
  }

  /** @throws GatecastError why the picture cannot be drawn; at a start, also why an option is invalid. */
  async #prepare(request: CaptureRequest, signal: AbortSignal, isFirst: boolean): Promise<void> {
    await this.#picture.prepare(request, signal);
    if (isFirst && this.#picture.problem) throw this.#picture.problem;
  }

  async #composeNow(signal: AbortSignal): Promise<void> {
    const { status } = this.#options;
    const { request } = this.#capture;
    if (!request) return;
    await this.#picture.prepare(request, signal);
    this.#capture.compose(this.#picture.composerFor(this.#capture.request));
    if (this.#picture.problem) status.warn(this.#picture.problem);
    // Its notice is over.
    else if (status.error?.code === 'publisher-load-failed' && status.state !== 'failed') status.clearError();
  }

  #stopUnused(): void {
    const { request } = this.#capture;
    if (!request || !this.#picture.isMissingFor(request)) this.#loading.stop();
    this.#picture.stopUnused(this.#capture.composer, this.#opening > 0);
  }

  #onSourceLost(kind: SourceKind, loss: SourceLoss): void {
    const { host, log, onScreenEnded } = this.#options;
    const { request } = this.#capture;
    const isScreen = request !== null && originOf(request, kind) === 'screen';
    if (!isScreen) {
      if (kind !== 'screen') this.#lost.lose(kind, loss);
      return;
    }
    // A window that is minimised gives no frames.
    if (loss === 'muted') return;
    log.add('screen-ended');
    // The browser's own "Stop sharing": the camera beside it goes on, or the capture from before the screen comes back.
    const next = kind === 'screen' && host.video !== 'none' ? 'camera' : this.#kindBeforeScreen;
    if (next === null) {
      onScreenEnded();
      return;
    }
    const previous = host.capture;
    host.capture = next;
    host.dispatchEvent(new SecureCaptureChangedEvent({ capture: next, previous }));
  }

  #substitute(kind: TrackKind, isNeeded: boolean): void {
    try {
      const substitute = isNeeded ? this.#createSubstitute(kind) : null;
      this.#capture.substitute(kind, substitute);
    } catch (cause) {
      // The broadcast goes on as with device-loss="none".
      const reason = cause instanceof Error ? cause.name : undefined;
      this.#options.log.add('substitute-failed', { kind, reason });
    }
  }

  #createSubstitute(kind: TrackKind): Substitute {
    if (kind === 'audio') return createSilence();
    const { host, log } = this.#options;
    return createHostSlate(this.#options, readCaptureRequest(host), () => log.add('slate-image-failed'));
  }

  #onDevicesChanged(): void {
    const { host, status } = this.#options;
    host.dispatchEvent(new SecureDevicesChangedEvent());
    host.requestUpdate();
    // A device that was disconnected may be connected again.
    if (status.error?.code === 'device-not-found') this.applyOrWarn();
  }
}
