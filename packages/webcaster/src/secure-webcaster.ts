import { applyStyles, onRemoved } from '@gatecast/element';
import { html, type PropertyValues, type TemplateResult } from 'lit';
import type { MediaStatus } from './broadcast/broadcast-events.js';
import type { BroadcastState } from './broadcast/broadcast-state.js';
import type { Broadcaster } from './broadcast/broadcaster.js';
import { broadcasterPart } from './broadcast/broadcaster-part.js';
import type { MuteChange } from './capture/capture.js';
import type { DeviceChange, TrackKind } from './capture/capture-request.js';
import type { BroadcastDevices } from './capture/device-list.js';
import type { RecordingOptions, RecordingStatus } from './composition/chunk-recorder.js';
import { ControlsSlot } from './controls/controls-slot.js';
import { shellStyles } from './element/shell-styles.js';
import { WebcasterElement } from './element/webcaster-element.js';
import type { CheckReport } from './preflight/check-report.js';
import type { BroadcastStats } from './stats/broadcast-stats.js';

/**
 * Shows a camera, a screen or the page's own media, and broadcasts it with tokens from your backend.
 *
 * The class itself is small: capture, publishers and controls load when they are first needed.
 *
 * @fires secure-broadcast-state - `state` changed; `previous` and `reason` give the state before and the cause
 * @fires secure-broadcast-media - `mediaStatus` changed: a camera or microphone was lost, is back, or is refused
 * @fires secure-broadcast-stats - once a second while live
 * @fires secure-sending-changed - the network or this device takes less than the settings allow, or all of it again
 * @fires secure-broadcast-on-air - `isOnAir` changed: the server receives the broadcast, or no longer does
 * @fires secure-broadcast-check - `check()` goes on: a step is done, all are done, or it was ended
 * @fires secure-broadcast-countdown - another second of the countdown
 * @fires secure-devices-changed - `devices` changed
 * @fires secure-capture-changed - the user ended the screen with the browser's own button, so `capture` changed
 * @fires secure-recording - a recording began, has grown (once a second), or ended
 * @fires secure-token-refreshed - a token arrived; the event does not carry it
 * @fires secure-token-failed - a token request failed
 * @fires secure-error - the preview or broadcast ended with an error
 * @slot preview - replaces the preview, for a vendor's client that needs an element in the page
 * @csspart preview - the preview's video element
 * @cssprop --webcaster-background - colour around the video
 * @cssprop --webcaster-aspect-ratio - aspect ratio of the element, 16 / 9 by default
 * @cssprop --webcaster-object-fit - how the video fills the element
 * @cssprop --webcaster-preview-transform - `scaleX(-1)` mirrors the preview, but not what is sent
 */
export class SecureWebcaster extends WebcasterElement {
  #loading: Promise<Broadcaster> | null = null;
  #broadcaster: Broadcaster | null = null;
  /** Aborts when the element is removed from the page. */
  #life = new AbortController();
  readonly #controls = new ControlsSlot(this, () => this.#load());
  #lastState: BroadcastState = 'idle';

  /** `live` while media flows: the media connection is established and, as far as the publisher knows, media is sent. */
  get state(): BroadcastState {
    return this.#broadcaster?.status.state ?? this.#lastState;
  }

  /** Cameras and microphones. The list is complete after the preview has started. */
  get devices(): BroadcastDevices {
    return this.#broadcaster?.capture.devices ?? { video: [], audio: [] };
  }

  /**
   * What becomes of sound and video: `off`, `on`, `lost` (the device is gone or held back), `replaced` (another device took
   * over) or `refused` (by the ingest, with `allow-partial`).
   */
  get mediaStatus(): Readonly<Record<TrackKind, MediaStatus>> {
    return this.#broadcaster?.media.status ?? { audio: 'off', video: 'off' };
  }

  /** State, bytes and duration of the recording that runs, or of the last one; `null` before the first. */
  get recording(): RecordingStatus | null {
    return this.#broadcaster?.recording.status ?? null;
  }

  /**
   * Does the server receive the broadcast, in its own word? `null` when it is not known: the server sends no events, and
   * `status-url` is not set or not reachable. `state` is about this side of the connection only.
   */
  get isOnAir(): boolean | null {
    return this.#broadcaster?.active.onAir.isOnAir ?? null;
  }

  /** Whole seconds until the connection opens; `null` when no countdown runs. */
  get countdownRemaining(): number | null {
    return this.#broadcaster?.countdown.remaining ?? null;
  }

  /** What is muted. `setMuted()` changes it. */
  get muted(): Readonly<Required<MuteChange>> {
    return this.#broadcaster?.capture.muted ?? { audio: false, video: false };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // The browser pauses a video that moves in the document.
    const video = this.renderRoot.querySelector('video');
    if (video?.srcObject) void video.play().catch(() => undefined);
    if (this.hasUpdated && this.controls) void this.#controls.show();
  }

  /** Moved to the document of an iframe or of a picture-in-picture window. */
  adoptedCallback(): void {
    // Svelte moves elements from a template's document before they have been shown.
    if (this.shadowRoot) applyStyles(this.shadowRoot);
  }

  protected override createRenderRoot(): ShadowRoot {
    const root = super.createRenderRoot() as ShadowRoot;
    // Not in `styles`: lit can set those only in the document in which it was loaded.
    applyStyles(root, [shellStyles]);
    return root;
  }

  protected override updated(changed: PropertyValues): void {
    this.#showMedia();
    this.#broadcaster?.optionsChanged(new Set(changed.keys()));
    if (!changed.has('controls')) return;
    if (this.controls) void this.#controls.show();
    else this.#controls.hide();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    onRemoved(this, () => this.#tearDown());
  }

  /**
   * Opens camera, microphone or screen and shows them.
   *
   * @throws GatecastError `permission-denied`, `device-not-found`, `device-in-use`, `insecure-page`, …
   */
  async startPreview(): Promise<void> {
    await (await this.#load()).startPreview();
  }

  /** Releases camera, microphone and screen, unless they are being broadcast. */
  async stopPreview(): Promise<void> {
    (await this.#loading)?.stopPreview();
  }

  /**
   * Checks camera, microphone, encoder, token, ingest and, with `upload-test-url`, the upload rate, without going live. It
   * opens what a start opens, for some seconds, and leaves the preview as it was. Parallel calls share one check.
   *
   * @throws DOMException `InvalidStateError` during a broadcast; `AbortError` when the signal, a start or a changed setting ended it.
   */
  async check({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<CheckReport> {
    return (await this.#load()).checks.run(signal);
  }

  /**
   * Signs in to the vendor's server before the broadcast. For WHIP, it fetches the token.
   *
   * @throws GatecastError
   */
  async signIn(): Promise<void> {
    await (await this.#load()).signIn();
  }

  /**
   * Starts the broadcast, after the `countdown`, and the preview if there is none. Resolves when live, so when media flows. A second call waits
   * for the same start.
   *
   * @throws GatecastError why it failed; an AbortError when it was stopped.
   */
  async startBroadcast(): Promise<void> {
    await (await this.#load()).startBroadcast();
  }

  /** Ends the broadcast and releases camera and microphone. With `keepPreview` the preview goes on. */
  async stopBroadcast({ keepPreview = false }: { keepPreview?: boolean } = {}): Promise<void> {
    await (await this.#loading)?.stopBroadcast(keepPreview);
  }

  /** Ends the broadcast, the preview and the vendor's session, and releases the token. */
  async signOut(): Promise<void> {
    await (await this.#loading)?.signOut();
  }

  /** Mutes or unmutes sound and video, without a new connection. Muted video is black. */
  async setMuted(change: MuteChange): Promise<void> {
    (await this.#load()).setMuted(change);
  }

  /**
   * Switches the camera, the microphone, or between camera and screen. A broadcast goes on with the new device.
   *
   * @throws GatecastError why it failed; what was open stays open.
   */
  async switchDevice(change: DeviceChange): Promise<void> {
    const { video, audio, capture } = this;
    Object.assign(this, change);
    try {
      await (await this.#load()).capture.apply();
    } catch (error) {
      Object.assign(this, { video, audio, capture });
      throw error;
    }
  }

  /**
   * Records what is sent, or shown in the preview, until `stopRecording()` or the end of the broadcast. It goes on while the
   * connection is lost.
   *
   * @throws GatecastError `settings-invalid`, `capture-unsupported`, `publisher-load-failed`
   */
  async startRecording(options: RecordingOptions = {}): Promise<void> {
    await (await this.#load()).recording.start(options);
  }

  /**
   * Ends the recording and resolves with it, also after the broadcast has ended it. `null` if there is none, or if
   * `writable` received it. It is kept until the next one begins or the element is removed.
   *
   * @throws GatecastError `media-stopped` if the browser recorded nothing
   */
  async stopRecording(): Promise<Blob | null> {
    return (await this.#loading)?.recording.stop() ?? null;
  }

  /**
   * Requests a new token now, also after a final refusal.
   *
   * @throws GatecastError
   */
  async refreshToken(): Promise<void> {
    await (await this.#load()).refreshToken();
  }

  /** Statistics of the last second; `null` when not live, or if a vendor's client gives none. */
  async stats(): Promise<BroadcastStats | null> {
    return (await this.#loading)?.active.stats ?? null;
  }

  /** Plain JSON for a support ticket, without tokens, signed queries and names of devices. */
  async diagnostics(): Promise<Record<string, unknown>> {
    const broadcaster = await this.#load();
    return broadcaster.diagnostics();
  }

  /** One load for all callers. After a failure the next call loads again. */
  #load(): Promise<Broadcaster> {
    return (this.#loading ??= this.#loadFor(this.#life.signal));
  }

  async #loadFor(signal: AbortSignal): Promise<Broadcaster> {
    try {
      const Broadcaster = await broadcasterPart({ signal, tries: 3 });
      return (this.#broadcaster = new Broadcaster({ host: this, onMediaChanged: () => this.#showMedia() }));
    } catch (cause) {
      // After an abort, a load of the element's next life may be in progress.
      if (!signal.aborted) this.#loading = null;
      throw cause;
    }
  }

  /** Set only when it changes: with a binding the video would flicker. */
  #showMedia(): void {
    const media = this.#broadcaster?.capture.media ?? null;
    const video = this.renderRoot.querySelector('video');
    if (video && video.srcObject !== media) video.srcObject = media;
  }

  #tearDown(): void {
    const broadcaster = this.#broadcaster;
    this.#life.abort();
    this.#life = new AbortController();
    this.#loading = null;
    this.#controls.hide();
    // Disposed before it is cleared, so that the preview releases the media before its tracks end.
    void broadcaster?.dispose();
    this.#broadcaster = null;
    this.#lastState = broadcaster?.status.state ?? this.#lastState;
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    return html`<slot name="preview"
        ><video part="preview" tabindex="-1" playsinline autoplay .muted=${true}></video></slot
      >${this.#controls.render()}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'secure-webcaster': SecureWebcaster;
  }
}
