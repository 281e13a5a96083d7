import { SecureErrorEvent, onRemoved } from '@gatecast/element';
import { GatecastError, type TokenFunction, type TokenValue } from '@gatecast/token';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { BroadcastState } from './broadcast/broadcast-state.js';
import type { Broadcaster } from './broadcast/broadcaster.js';
import type { BroadcastControls } from './controls/broadcast-controls.js';
import { shellStyles } from './element/shell-styles.js';
import type { BroadcastStats } from './stats/broadcast-stats.js';
import type {
  BroadcastDevices,
  CaptureKind,
  DeviceChange,
  MuteChange,
  PublisherName,
  VideoCodec,
  WebcasterOptions,
} from './element/webcaster-options.js';

/**
 * Shows a camera, a screen or the page's own media and broadcasts it with tokens of the page's backend.
 *
 * The class itself is small: capture, publishers and controls load when they are first needed.
 *
 * @fires secure-broadcast-state - `state` changed; `previous` and `reason` say from what and why
 * @fires secure-broadcast-stats - once a second while live
 * @fires secure-devices-changed - `devices` changed
 * @fires secure-token-refreshed - a token arrived; the event carries none
 * @fires secure-token-failed - a token request failed
 * @fires secure-error - the preview or broadcast ended with an error
 * @slot preview - stands in for the preview; vendors' clients that need an element in the page put theirs here
 * @csspart preview - the preview's video element
 * @cssprop --webcaster-background - colour around the picture
 * @cssprop --webcaster-aspect-ratio - shape of the stage, 16 / 9 unless told
 * @cssprop --webcaster-object-fit - how the picture fills the stage
 * @cssprop --webcaster-preview-transform - `scaleX(-1)` mirrors the preview, not what is sent
 */
export class SecureWebcaster extends LitElement implements WebcasterOptions {
  static override readonly styles = shellStyles;

  /** Way of publishing. Counts from the next start on, like everything that says where to. */
  @property() publisher: PublisherName = 'whip';
  /** WHIP URL, or the vendor's server; `{stream}` stands for the stream's name. */
  @property() endpoint: string | null = null;
  /** Name that tokens are asked for. @defaultValue the last part of the endpoint's path */
  @property() stream: string | null = null;
  @property({ attribute: 'token-url' }) tokenUrl: string | null = null;
  @property({ attribute: 'token-credentials' }) tokenCredentials: RequestCredentials = 'same-origin';
  /** `header`, `header:<Name>`, `query:<name>` or `none`; for WHIP. */
  @property({ attribute: 'token-placement' }) tokenPlacement = 'header';
  /** Space-separated origins beside the endpoint's that may receive the token. */
  @property({ attribute: 'token-origins' }) tokenOrigins = '';
  /** Seconds before expiry at which to refresh, at most a quarter of the token's life. */
  @property({ attribute: 'refresh-lead', type: Number }) refreshLead = 60;
  @property({ type: Boolean }) controls = false;
  @property() capture: CaptureKind = 'camera';
  /** Device id of the camera; `none` for sound only. */
  @property() video = '';
  /** Device id of the microphone; `none` for pictures only. */
  @property() audio = '';
  /** `1280x720`, or `720p` for 16:9. */
  @property() resolution = '1280x720';
  @property({ type: Number }) framerate = 30;
  /** Upper limit in kbps. */
  @property({ attribute: 'video-bitrate', type: Number }) videoBitrate = 2500;
  /** Upper limit in kbps. */
  @property({ attribute: 'audio-bitrate', type: Number }) audioBitrate = 128;
  @property() codec: VideoCodec = 'auto';
  /** Seconds without a connection before a broadcast is given up. */
  @property({ attribute: 'reconnect-for', type: Number }) reconnectFor = 120;
  /** Address of the vendor's script, for vendors' publishers. */
  @property({ attribute: 'publisher-src' }) publisherSrc: string | null = null;
  /** The publisher's own options, passed through: `iceServers` for WHIP, the vendor's configuration otherwise. */
  @property({ attribute: false }) publisherConfig: Readonly<Record<string, unknown>> = {};
  /** The page's own media, which wins over `capture` and is never stopped by the element. */
  @property({ attribute: false }) mediaStream: MediaStream | null = null;
  /** A ready token, used first. */
  @property({ attribute: false }) token: TokenValue | null = null;
  /** Fetches tokens in place of `token-url`. */
  @property({ attribute: false }) tokenSource: TokenFunction | null = null;

  #loading: Promise<Broadcaster> | null = null;
  #broadcaster: Broadcaster | null = null;
  #controls: BroadcastControls | null = null;
  #lastState: BroadcastState = 'idle';

  get state(): BroadcastState {
    return this.#broadcaster?.state ?? this.#lastState;
  }

  /** Cameras and microphones; filled once the preview has started. */
  get devices(): BroadcastDevices {
    return this.#broadcaster?.devices ?? { video: [], audio: [] };
  }

  /** What is muted; `setMuted()` changes it. */
  get muted(): Readonly<Required<MuteChange>> {
    return this.#broadcaster?.muted ?? { audio: false, video: false };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // A video that was moved in the document is paused by the browser.
    const video = this.renderRoot.querySelector('video');
    if (video?.srcObject) void video.play().catch(() => undefined);
    if (this.hasUpdated && this.controls && !this.#controls) void this.#toggleControls();
  }

  protected override updated(changed: PropertyValues): void {
    this.#showMedia();
    this.#broadcaster?.optionsChanged(new Set(changed.keys()));
    if (changed.has('controls')) void this.#toggleControls();
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

  /** Frees camera, microphone and screen, unless they are on air. */
  async stopPreview(): Promise<void> {
    (await this.#loading)?.stopPreview();
  }

  /**
   * Signs in to the vendor's server ahead of the broadcast; for WHIP, gets the token ready.
   *
   * @throws GatecastError
   */
  async signIn(): Promise<void> {
    await (await this.#load()).signIn();
  }

  /**
   * Goes on air; opens the preview first when there is none. Resolves when live; whoever asks twice waits for one start.
   *
   * @throws GatecastError why not; an AbortError when it was stopped meanwhile.
   */
  async startBroadcast(): Promise<void> {
    await (await this.#load()).startBroadcast();
  }

  /** Ends the broadcast and frees camera and microphone, unless they are to be kept for the preview. */
  async stopBroadcast({ keepPreview = false }: { keepPreview?: boolean } = {}): Promise<void> {
    await (await this.#loading)?.stopBroadcast(keepPreview);
  }

  /** Ends broadcast, preview and the vendor's session, and lets the token go. */
  async signOut(): Promise<void> {
    await (await this.#loading)?.signOut();
  }

  /** Silences the microphone or blackens the picture, without a new connection. */
  async setMuted(change: MuteChange): Promise<void> {
    (await this.#load()).setMuted(change);
  }

  /**
   * Switches camera, microphone or between camera and screen; a running broadcast goes on with the new one.
   *
   * @throws GatecastError why not; what was open stays open then.
   */
  async switchDevice(change: DeviceChange): Promise<void> {
    const { video, audio, capture } = this;
    Object.assign(this, change);
    try {
      await (await this.#load()).applyCapture();
    } catch (error) {
      Object.assign(this, { video, audio, capture });
      throw error;
    }
  }

  /**
   * Asks for a new token now, also after a final refusal.
   *
   * @throws GatecastError
   */
  async refreshToken(): Promise<void> {
    await (await this.#load()).refreshToken();
  }

  /** How the broadcast did over the last second; `null` when not live, or where a vendor keeps it to itself. */
  async stats(): Promise<BroadcastStats | null> {
    return (await this.#loading)?.stats ?? null;
  }

  /** Plain JSON for a support ticket; holds no token, no signed query and no device's name. */
  async diagnostics(): Promise<Record<string, unknown>> {
    const broadcaster = await this.#load();
    return broadcaster.diagnostics();
  }

  /** One load for all callers; a failed one is tried again by the next. */
  #load(): Promise<Broadcaster> {
    const loading = (this.#loading ??= import('./broadcast/broadcaster.js').then(
      ({ Broadcaster }) => {
        const broadcaster = new Broadcaster({ host: this, onMediaChanged: () => this.#showMedia() });
        // Removed while the code was on its way: nothing may stay.
        if (this.#loading === loading) this.#broadcaster = broadcaster;
        else void broadcaster.dispose();
        return broadcaster;
      },
      (cause: unknown) => {
        this.#loading = null;
        throw loadError(cause);
      },
    ));
    return loading;
  }

  /** Not by a binding: lit sets an object anew at each render, and the picture would blink each time. */
  #showMedia(): void {
    const media = this.#broadcaster?.media ?? null;
    const video = this.renderRoot.querySelector('video');
    if (video && video.srcObject !== media) video.srcObject = media;
  }

  async #toggleControls(): Promise<void> {
    if (!this.controls) {
      this.#controls?.remove();
      this.#controls = null;
      return;
    }
    try {
      const [{ BroadcastControls }, broadcaster] = await Promise.all([
        import('./controls/broadcast-controls.js'),
        this.#load(),
      ]);
      if (!this.#wantsControls || broadcaster !== this.#broadcaster) return;
      this.#controls?.remove();
      this.#controls = new BroadcastControls(this, broadcaster);
      this.requestUpdate();
    } catch (cause) {
      this.dispatchEvent(new SecureErrorEvent(loadError(cause)));
    }
  }

  get #wantsControls(): boolean {
    return this.controls;
  }

  #tearDown(): void {
    const broadcaster = this.#broadcaster;
    this.#loading = null;
    this.#controls?.remove();
    this.#controls = null;
    // Still known here, so that the preview lets go of the media before its tracks end.
    void broadcaster?.dispose();
    this.#broadcaster = null;
    this.#lastState = broadcaster?.state ?? this.#lastState;
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    return html`<slot name="preview"><video part="preview" playsinline autoplay .muted=${true}></video></slot
      >${this.#controls?.render() ?? nothing}`;
  }
}

function loadError(cause: unknown): GatecastError {
  if (cause instanceof GatecastError) return cause;
  return new GatecastError('publisher-load-failed', 'The webcaster’s code cannot be loaded.', {
    hint: 'Check that all files of the build are served from one place, and the network.',
    retryable: true,
    cause,
  });
}

declare global {
  interface HTMLElementTagNameMap {
    'secure-webcaster': SecureWebcaster;
  }
}
