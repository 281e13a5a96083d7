import type { EventLog } from '@gatecast/element';
import { Capture, type MuteChange } from '../capture/capture.js';
import { readCaptureRequest, type CaptureKind, type TrackKind } from '../capture/capture-request.js';
import { DeviceList, type BroadcastDevices } from '../capture/device-list.js';
import { SecureDevicesChangedEvent } from './broadcast-events.js';
import type { BroadcastHost } from './broadcast-host.js';
import type { BroadcastStatus } from './broadcast-status.js';

export interface CaptureControlOptions {
  readonly host: BroadcastHost;
  readonly log: EventLog;
  readonly status: BroadcastStatus;
  /** Aborts when the element is removed. */
  readonly life: AbortSignal;
  /** The signal of the current preview or broadcast. */
  readonly runSignal: () => AbortSignal;
  /** Called before all tracks are stopped. `media` is already `null`. */
  readonly onClosing: () => void;
  readonly onTrackChanged: (kind: TrackKind, track: MediaStreamTrack | null) => void;
  /** The user stopped sharing the screen, and no other capture was open before. */
  readonly onScreenEnded: () => void;
}

/** Applies the element's options and changes of the connected devices to the capture. */
export class CaptureControl {
  readonly #options: CaptureControlOptions;
  readonly #capture: Capture;
  readonly #devices: DeviceList;
  #kindBeforeScreen: CaptureKind | null = null;

  constructor(options: CaptureControlOptions) {
    this.#options = options;
    this.#devices = new DeviceList(() => this.#onDevicesChanged(), options.life);
    void this.#devices.read();
    this.#capture = new Capture({
      onClosing: options.onClosing,
      onTrackChanged: (kind, track) => {
        options.onTrackChanged(kind, track);
        options.host.requestUpdate();
      },
      onTrackEnded: (kind) => this.#onTrackEnded(kind),
    });
  }

  get isOpen(): boolean {
    return this.#capture.isOpen;
  }

  /** What is captured; `null` when nothing is open. */
  get media(): MediaStream | null {
    return this.#capture.isOpen ? this.#capture.media : null;
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
    const { host } = this.#options;
    const request = readCaptureRequest(host);
    await this.#capture.open(request, signal);
    if (request.kind !== 'screen') this.#kindBeforeScreen = request.kind;
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

  close(): void {
    this.#capture.close();
  }

  #onTrackEnded(kind: TrackKind): void {
    const { host, log, onScreenEnded } = this.#options;
    log.add('track-ended', { kind });
    if (kind !== 'video' || host.capture !== 'screen') this.applyOrWarn();
    // The browser's own "Stop sharing": the capture from before the screen comes back.
    else if (this.#kindBeforeScreen) host.capture = this.#kindBeforeScreen;
    else onScreenEnded();
  }

  #onDevicesChanged(): void {
    const { host, status } = this.#options;
    host.dispatchEvent(new SecureDevicesChangedEvent());
    host.requestUpdate();
    // A device that was disconnected may be connected again.
    if (status.error?.code === 'device-not-found') this.applyOrWarn();
  }
}
