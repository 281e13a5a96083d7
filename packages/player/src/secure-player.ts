import { onRemoved } from '@gatecast/element';
import { lazyPart, type SecurityObject, type TokenFunction, type TokenStatus } from '@gatecast/token';
import {
  adoptStyles,
  type CSSResult,
  type PropertyDeclarations,
  type PropertyValues,
} from '@lit/reactive-element';
import type { AudioOutputDevice } from './audio-output/audio-devices.js';
import type { AudioOutput } from './audio-output/audio-output.js';
import { LIVE_TOLERANCE_S } from './media/live-tolerance.js';
import { MediaElement } from './media/media-element.js';
import { DEFAULT_LEAD_S, DEFAULT_MAX_LIVE_LATENCY_S, isProtected } from './element/read-settings.js';
import { showNativeControls } from './media/native-controls.js';
import { mediaError, type MediaErrorLike } from './media/media-error.js';
import { playerStyles } from './element/player-styles.js';
import { PlayerSession } from './element/player-session.js';
import { LOAD_PROPERTIES, PLAYER_PROPERTIES, isTokenChange } from './element/player-properties.js';
import type { Rendition } from './engine/engine.js';
import type { DrmOptions, EngineName, HlsConfigOptions, WhepConfig } from './engine/registry.js';
import type { UpdateStatus } from './playback/change-source.js';
import type { UpdateOptions } from './playback/playback-controller.js';
import { VideoRenditionList } from './media/video-rendition-list.js';
import { OverlayLoader } from './overlay/overlay-loader.js';
import type { PlayerSource } from './source/player-source.js';
import { hasSourceChildren } from './source/read-source-children.js';

const audioOutputPart = lazyPart(
  'audioOutputOf',
  async () => (await import('./audio-output/audio-output.js')).audioOutputOf,
);

/**
 * Plays a protected live stream: fetches its tokens, attaches them to every request, renews them before they expire
 * and recovers from errors; with hls.js without a reload.
 *
 * Behaves as the `HTMLVideoElement` inside it: the same members, the same events.
 *
 * @fires secure-token-refreshed - A stream has a new token.
 * @fires secure-token-failed - A token request failed.
 * @fires secure-source-updated - `updateSource` ended.
 * @fires secure-entry-changed - Another rendition plays.
 * @fires secure-engine-changed - Another engine plays the same source, where several can.
 * @fires secure-error - Playback ended with an error, or has stood still for some seconds; it goes on by itself where it can.
 * @fires secure-stream-awaited - Playback waits for a stream that has not started yet, or stops waiting.
 * @fires secure-viewer-count - The server of a WHEP stream reports another number of viewers.
 * @fires secure-audio-output-changed - The sound comes out of another device, or not out of the one that `audio-output` names.
 * @fires secure-controls-replaced - The skin cannot be shown; the browser's own controls replace it.
 * @fires streamtypechange - It is known whether the stream is live.
 * @slot - `<source>` children, read as entries.
 * @slot error - What the error panel shows, in place of its text, button and details.
 * @slot waiting - What is shown, with `wait`, until the stream starts.
 * @slot player - Where a vendor's player is mounted; a `<div>` is put there when there is none.
 * @csspart video - The video element.
 * @csspart error - What is shown when playback has ended with an error, with `error-details` in it.
 * @csspart retry - The button in it.
 * @csspart waiting - What is shown, with `wait`, until the stream starts.
 * @csspart controls - The skin: all that lies over the picture.
 * @csspart control-area - Seek bar and buttons, with their shade.
 * @csspart control-bar - The row of buttons.
 * @csspart button - Each button in it; also by its name, such as `play-button`, `live-button`, `fullscreen-button`.
 * @csspart center-play - The button in the middle of a paused picture.
 * @csspart seek-bar - The position within what can be played; over it `preview`, `preview-chapter` and `preview-thumbnail`.
 * @csspart volume - The volume bar.
 * @csspart menu - The settings menu, with `submenu` and `menu-item` in it.
 * @csspart captions-panel - The panel for the look of captions, with `captions-choice`, `captions-reset` and `captions-close` in it.
 * @cssprop [--secure-player-aspect-ratio=16 / 9] - Shape of the element before and while it plays.
 * @cssprop [--secure-player-background=#000] - Colour behind the picture.
 * @cssprop [--secure-player-accent=#6ea8ff] - Colour of the played part and of the focus.
 * @cssprop [--secure-player-live-color=#ff4d4f] - Colour of the sign in the live button while live.
 * @cssprop [--secure-player-controls-color=#fff] - Colour of icons and words.
 * @cssprop [--secure-player-menu-background=rgb(17 19 26 / 0.94)] - Colour behind menus and tooltips.
 * @cssprop [--secure-player-font=system-ui, sans-serif] - Font family of the skin.
 */
export class SecurePlayer extends MediaElement {
  static override styles: CSSResult = playerStyles;
  static override properties: PropertyDeclarations = PLAYER_PROPERTIES;

  /**
   * HLS URL, multivariant or media playlist, absolute or relative to the page; with `engine="whep"` a WHEP address. Without it, `url`
   * of the token response.
   */
  src = '';
  /** Name that the token is asked for. @defaultValue the file name of `src` without `.m3u8` */
  stream = '';
  /** Token endpoint, relative to the page. */
  tokenUrl = '';
  /** Fetch credentials for `token-url`. */
  tokenCredentials: RequestCredentials = 'same-origin';
  /** Bind tokens to a key of this page (DPoP, RFC 9449). `hls` engine only; the backend must support it. */
  dpop = false;
  /**
   * Share tokens with other tabs: those of this origin with the same key, endpoint and purpose make one request. Any text that is
   * another one for each viewer and sign-in, such as an id of the session; it never leaves this tab.
   */
  tokenSession = '';
  /** `query:<name>`, `header`, `header:<Name>`, `path:<template>`, `cookie` or `none`. */
  tokenPlacement = 'query:token';
  /**
   * Space-separated extra origins whose requests get the token, besides those of `src` and of entries. The browser's own player
   * without a signer can show it to others, as `Referer`, and a vendor's player makes its own requests.
   */
  tokenOrigins = '';
  /** Seconds before expiry at which to refresh, at most a quarter of the token's life. @defaultValue 60 */
  refreshLead: number = DEFAULT_LEAD_S;
  /** `auto`, `hls`, `native`, `nanoplayer` or `whep`. */
  engine: EngineName | 'auto' = 'auto';
  /**
   * Address of the backend's playlist signer, relative to the page: the `native` engine plays by it, and receivers, such as AirPlay,
   * get addresses from it.
   */
  playlistSigner = '';
  /** `nanoplayer` engine only: address of the vendor's script. A script of the page allows it with `allowVendorScripts`. */
  nanoplayerSrc = '';
  /** `nanoplayer` engine only: apply fresh tokens at once (`eager`) or when they are needed (`deferred`). */
  refreshMode: 'eager' | 'deferred' = 'eager';
  /**
   * Most seconds that stalls may put a viewer who watches live behind the place where the stream is joined; `0` for no limit.
   * A viewer who has paused or sought back is left there. Not for engines that cannot report that place.
   * @defaultValue 30
   */
  maxLiveLatency: number = DEFAULT_MAX_LIVE_LATENCY_S;
  /** How to return to live from there: `jump`, or play 10 % faster (`speed`), which is not for more than a minute. */
  liveCatchUp: 'jump' | 'speed' = 'jump';
  /**
   * Send CMCD (CTA-5004), which CDNs write into their logs: `query` or `headers` for version 1, `query-v2` or `headers-v2` for
   * version 2. The content id is the name of the stream; `hlsConfig.cmcd` has all options, and wins. Only hls.js sends it.
   */
  cmcd: '' | 'query' | 'headers' | 'query-v2' | 'headers-v2' | null = null;
  /** Show the player's controls, which load after the first frame; `native` shows the browser's own. */
  controls: string | boolean | null = null;
  /**
   * Id of the device that plays the sound, from `selectAudioOutput()`; empty for the browser's default. While the device is not
   * connected, the default plays.
   */
  audioOutput = '';
  /** Source object; wins over `src`. */
  source: PlayerSource | null = null;
  /** A ready token, used first. Never an attribute. */
  token: string | SecurityObject | null = null;
  /** For pages that fetch tokens themselves; wins over `token-url`. */
  tokenSource: TokenFunction | null = null;
  /** Wait for a live stream that has not started yet (HTTP 404), instead of an error. */
  wait = false;
  /**
   * Licence servers of an encrypted stream, by key system: `{ widevine: { licenseUrl }, fairplay: { licenseUrl, certificateUrl } }`.
   * Requests for licences carry tokens like all others. `hls` engine only.
   */
  drm: DrmOptions | null = null;
  /** Options for hls.js, passed through. */
  hlsConfig: HlsConfigOptions = {};
  /** Options for the vendor's player, passed through. */
  nanoPlayerConfig: Record<string, unknown> = {};
  /** `whep` engine only: STUN and TURN servers, and the length of the jitter buffer. */
  whepConfig: WhepConfig = {};

  /** Renditions as existing quality menus know them; filled after the first frame. */
  readonly videoRenditions = new VideoRenditionList();

  readonly #session = new PlayerSession(this, this.output, () => this.requestUpdate());
  #isLoadDue = true;
  /** Source that `updateSource` has taken over already. */
  #adopted: PlayerSource | null = null;
  #overlay: OverlayLoader | null = null;
  /** Ends the load of what chooses the audio device. */
  #audio: AbortController | null = null;

  /** `live`, `on-demand` or `unknown`. @see https://github.com/video-dev/media-ui-extensions */
  get streamType(): 'live' | 'on-demand' | 'unknown' {
    return this.#session.streamType;
  }

  /** Renditions that can be switched to, best first. */
  get entries(): readonly Rendition[] {
    return this.#session.renditions;
  }

  /** The engine that plays; `null` before one does. With `engine="auto"`, `secure-engine-changed` says when it is another one. */
  get activeEngine(): EngineName | null {
    return this.#session.playback?.engineName ?? null;
  }

  /** The rendition that plays. */
  get activeEntry(): Rendition | null {
    return this.#session.activeRendition;
  }

  /** Media time, in seconds, from which on it counts as live; `undefined` where the engine cannot say. */
  get liveEdgeStart(): number | undefined {
    const livePosition = this.#session.playback?.engine?.livePosition;
    return livePosition == null ? undefined : livePosition - LIVE_TOLERANCE_S;
  }

  /** How the token of each stream stands; never a token. */
  get tokenStates(): readonly TokenStatus[] {
    return this.#session.playback?.tokens.states ?? [];
  }

  /** Does it wait for a stream that has not started yet? See {@link wait}. */
  get isStreamAwaited(): boolean {
    return this.#session.isStreamAwaited;
  }

  /** The error that playback ended with, as on `<video>`; `secure-error` carries the typed one. */
  get error(): MediaErrorLike | null {
    return mediaError(this.#session.error);
  }

  /** A `MediaStream` of the page, which plays instead of the source, without tokens; `null` for the source. */
  get srcObject(): MediaProvider | null {
    return this.#session.mediaObject;
  }

  set srcObject(value: MediaProvider | null) {
    this.#session.mediaObject = value;
    if (this.isConnected) this.#load();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#session.playback) return;
    this.#isLoadDue = true;
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    onRemoved(this, () => {
      this.#session.unload();
      this.#overlay?.stop();
      this.#audio?.abort();
      this.#audio = null;
    });
  }

  /** In another document, such as that of an iframe, the browser removes the styles. The overlay sets them again. */
  adoptedCallback(): void {
    void this.#overlay?.load();
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('source') && this.source !== null && this.source === this.#adopted)
      changed.delete('source');
    // Before the overlay is updated, which shows them in place of a skin that cannot be loaded.
    if (changed.has('controls')) showNativeControls(this.video, this.controls === 'native');
    const { playback } = this.#session;
    // Without a playback, the token response may name what is played.
    const isOtherwise = playback
      ? isProtected(this, playback.source) !== playback.isProtected
      : changed.has('loading') || isTokenChange(changed, this.tokenSource);
    const isAskedToWait = changed.has('wait') && this.wait && this.#session.error !== null;
    if (isOtherwise || isAskedToWait || LOAD_PROPERTIES.some((name) => changed.has(name)))
      this.#isLoadDue = true;
  }

  override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.#overlay?.update();
    if (this.audioOutput && !this.#audio) this.#loadAudioOutput().catch(() => undefined);
    if (this.#session.error || this.isStreamAwaited) void this.#overlay?.load();
    if (this.#isLoadDue) {
      this.#isLoadDue = false;
      if (this.isConnected) this.#load();
      return;
    }
    if (isTokenChange(changed)) this.#session.setTokenSettings();
    if (changed.has('token') && this.token !== null) this.#session.playback?.tokens.seedAll(this.token);
  }

  /** Plays. Loads the source first where `preload="none"` has not, and starts again after an error. */
  override async play(): Promise<void> {
    // What the page has set before would load the source again.
    if (this.isConnected) await this.updateComplete;
    if (this.#session.playback?.state === 'failed') this.#session.playback.retry();
    else if (!this.#session.playback && !this.srcObject && this.isConnected) this.#load(true);
    const { playback } = this.#session;
    const run = playback?.run;
    try {
      await this.#session.readyToPlay();
      await super.play();
    } catch (error) {
      const next = this.#session.playback;
      const isInterrupted = this.output.intent === 'play' && (error as Error).name === 'AbortError';
      // The engine has set its source again.
      if (run && next?.run === run && isInterrupted) return super.play();
      if (next === playback || next?.source !== playback?.source) throw error;
      // Another engine plays the source now, which has interrupted the call.
      await this.play();
    }
  }

  /** Loads the source again from its start. */
  load(): void {
    this.#load(true);
  }

  /**
   * Changes the source while it plays. New tokens of the same source are used from the next request on, and playback
   * goes on. Any other change is a switch that keeps play or pause and the distance to the live edge. A call
   * supersedes the one before it.
   *
   * @throws GatecastError why the next source cannot be played; the old one plays on.
   */
  async updateSource(source: PlayerSource, options: UpdateOptions = {}): Promise<{ status: UpdateStatus }> {
    const result = await this.#session.updateSource(source, options);
    if (result.status === 'updated') {
      this.#adopted = source;
      this.source = source;
    }
    return result;
  }

  /** Switches to a rendition by its index (0 is the best), or back to adaptive switching. */
  switchEntry(index: number | 'auto'): void {
    this.#session.switchEntry(index);
  }

  /**
   * Asks for a new token now, for one stream or all.
   *
   * @throws GatecastError why there is none.
   */
  async refreshToken(stream?: string): Promise<void> {
    await this.#session.playback?.refreshToken(stream);
  }

  /**
   * Lets the viewer choose the device that plays the sound, in browsers with a chooser (Firefox). Call it after a click.
   *
   * @returns the devices that can be set as `audioOutput`, for a menu of the page
   * @throws GatecastError `permission-denied`, `engine-unsupported`, `insecure-page`, …
   */
  async selectAudioOutput(): Promise<readonly AudioOutputDevice[]> {
    return (await this.#loadAudioOutput()).select();
  }

  /** Plain JSON for a support ticket: versions, engine, states, the last 50 events; no token, no signed query. */
  diagnostics(): Record<string, unknown> {
    return this.#session.diagnostics();
  }

  async #loadAudioOutput(): Promise<AudioOutput> {
    const { signal } = (this.#audio ??= new AbortController());
    const { log } = this.#session;
    return (await audioOutputPart({ signal, log }))(this, log);
  }

  #load(isAsked = false): void {
    this.#session.unload();
    // There is no first frame to wait for until playback is requested; the controls have the button.
    if (this.#session.load(isAsked)) void this.#overlay?.load();
  }

  readonly #onSlotChange = (): void => {
    if (this.source || !hasSourceChildren(this)) return;
    this.#isLoadDue = true;
    this.requestUpdate();
  };

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = this.shadowRoot ?? this.attachShadow(SecurePlayer.shadowRootOptions);
    const slot = document.createElement('slot');
    slot.addEventListener('slotchange', this.#onSlotChange);
    const playerSlot = Object.assign(document.createElement('slot'), { name: 'player' });
    root.append(this.video, playerSlot, slot);
    const { video } = this;
    const { log } = this.#session;
    const state = () => this.#session.shown();
    const styles = SecurePlayer.elementStyles;
    const overlay = (this.#overlay = new OverlayLoader({ player: this, root, video, styles, log, state }));
    // A style sheet belongs to the document in which it was made.
    if (this.ownerDocument !== document) void overlay.load();
    else adoptStyles(root, styles);
    this.addEventListener('canplay', () => void overlay.load());
    return root;
  }
}
