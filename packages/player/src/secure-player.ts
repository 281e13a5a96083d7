import { EventLog, SecureErrorEvent, VERSION, onRemoved } from '@gatecast/element';
import {
  redact,
  systemClock,
  type Cancel,
  type GatecastError,
  type SecurityObject,
  type TokenFunction,
  type TokenStatus,
} from '@gatecast/token';
import type { CSSResult, PropertyDeclarations, PropertyValues } from '@lit/reactive-element';
import { MediaElement } from './media/media-element.js';
import {
  DEFAULT_LEAD_S,
  DEFAULT_PLACEMENT,
  isProtected,
  readSettings,
  readTokenSettings,
} from './element/read-settings.js';
import { describeMedia } from './media/describe-media.js';
import { asInputError } from './element/input-errors.js';
import { mediaError, type MediaErrorLike } from './media/media-error.js';
import { playerStyles } from './element/player-styles.js';
import { LOAD_PROPERTIES, TOKEN_PROPERTIES, text } from './element/player-properties.js';
import { SecureEntryChangedEvent, SecureSourceUpdatedEvent } from './element/player-events.js';
import type { Rendition } from './engine/engine.js';
import type { EngineName } from './engine/registry.js';
import type { UpdateStatus } from './playback/change-source.js';
import type { PlaybackHost } from './playback/playback-host.js';
import { PlaybackController, type UpdateOptions } from './playback/playback-controller.js';
import { VideoRenditionList } from './media/video-rendition-list.js';
import type { OverlayHost } from './overlay/overlay-host.js';
import { OverlayLoader } from './overlay/overlay-loader.js';
import type { PlayerSource } from './source/player-source.js';
import { readSourceChildren } from './source/read-source-children.js';
import { sourceFromUrl } from './source/resolve-source.js';
import { missingSource } from './source/source-errors.js';

/** Seconds behind that still count as live; the position moves a little with every segment. */
const LIVE_TOLERANCE_S = 5;
/** Time after which an element without a source reports an error. */
const SOURCE_GRACE_MS = 1500;

/**
 * Plays a protected live stream: fetches its tokens, attaches them to every request, renews them before they expire
 * and recovers from errors, without a reload.
 *
 * Behaves as the `HTMLVideoElement` inside it: the same members, the same events.
 *
 * @fires secure-token-refreshed - A stream has a new token.
 * @fires secure-token-failed - A token request failed.
 * @fires secure-source-updated - `updateSource` ended.
 * @fires secure-entry-changed - Another rendition plays.
 * @fires secure-error - Playback ended with an error.
 * @fires secure-controls-replaced - The skin cannot be shown; the browser's own controls replace it.
 * @fires streamtypechange - It is known whether the stream is live.
 * @slot - `<source>` children, read as entries.
 * @slot player - Where a vendor's player is mounted; a `<div>` is put there when there is none.
 * @csspart video - The video element.
 * @csspart error - What is shown when playback has ended with an error, with `error-details` in it.
 * @csspart retry - The button in it.
 * @csspart controls - The skin: all that lies over the picture.
 * @csspart control-area - Seek bar and buttons, with their shade.
 * @csspart control-bar - The row of buttons.
 * @csspart button - Each button in it; also by its name, such as `play-button`, `live-button`, `fullscreen-button`.
 * @csspart center-play - The button in the middle of a paused picture.
 * @csspart seek-bar - The position within what can be played.
 * @csspart volume - The volume bar.
 * @csspart menu - The settings menu, with `submenu` and `menu-item` in it.
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
  static override properties: PropertyDeclarations = {
    src: text('src'),
    stream: text('stream'),
    tokenUrl: text('token-url'),
    tokenCredentials: text('token-credentials', 'same-origin'),
    tokenPlacement: text('token-placement', DEFAULT_PLACEMENT),
    tokenOrigins: text('token-origins'),
    refreshLead: { attribute: 'refresh-lead', converter: (value) => Number(value ?? NaN) },
    engine: text('engine', 'auto'),
    playlistSigner: text('playlist-signer'),
    nanoplayerSrc: text('nanoplayer-src'),
    refreshMode: text('refresh-mode', 'eager'),
    controls: {},
    source: { attribute: false },
    token: { attribute: false },
    tokenSource: { attribute: false },
    hlsConfig: { attribute: false },
    nanoPlayerConfig: { attribute: false },
    fatalError: { state: true },
  };

  /** HLS URL, multivariant or media playlist, absolute or relative to the page. */
  src = '';
  /** Name that the token is asked for. @defaultValue the file name of `src` without `.m3u8` */
  stream = '';
  /** Token endpoint, relative to the page. */
  tokenUrl = '';
  /** Fetch credentials for `token-url`. */
  tokenCredentials: RequestCredentials = 'same-origin';
  /** `query:<name>`, `header`, `header:<Name>`, `path:<template>`, `cookie` or `none`. */
  tokenPlacement = 'query:token';
  /** Space-separated extra origins that may receive the token. No other origin ever does. */
  tokenOrigins = '';
  /** Seconds before expiry at which to refresh, at most a quarter of the token's life. */
  refreshLead = DEFAULT_LEAD_S;
  /** `auto`, `hls`, `native` or `nanoplayer`. */
  engine: EngineName | 'auto' = 'auto';
  /** `native` engine only: address of the backend's playlist signer. */
  playlistSigner = '';
  /** `nanoplayer` engine only: address of the vendor's script. */
  nanoplayerSrc = '';
  /** `nanoplayer` engine only: apply fresh tokens at once (`eager`) or when they are needed (`deferred`). */
  refreshMode: 'eager' | 'deferred' = 'eager';
  /** Show the player's controls, which load after the first frame; `native` shows the browser's own. */
  controls: string | boolean | null = null;
  /** Source object; wins over `src`. */
  source: PlayerSource | null = null;
  /** A ready token, used first. Never an attribute. */
  token: string | SecurityObject | null = null;
  /** For pages that fetch tokens themselves; wins over `token-url`. */
  tokenSource: TokenFunction | null = null;
  /** Options for hls.js, passed through. */
  hlsConfig: Record<string, unknown> = {};
  /** Options for the vendor's player, passed through. */
  nanoPlayerConfig: Record<string, unknown> = {};

  /** Renditions as existing quality menus know them; filled after the first frame. */
  readonly videoRenditions = new VideoRenditionList();
  /** `live`, `on-demand` or `unknown`. @see https://github.com/video-dev/media-ui-extensions */
  streamType: 'live' | 'on-demand' | 'unknown' = 'unknown';

  private fatalError: GatecastError | null = null;

  readonly #log = new EventLog();
  readonly #core = this.#createCore();
  #renditions: readonly Rendition[] = [];
  #activeIndex = -1;
  #chosen: number | 'auto' = 'auto';
  #isLoadDue = true;
  /** Source that `updateSource` has taken over already. */
  #adopted: PlayerSource | null = null;
  #overlay: OverlayLoader | null = null;
  #cancelGrace: Cancel | null = null;

  /** Renditions that can be switched to, best first. */
  get entries(): readonly Rendition[] {
    return this.#renditions.length > 0 ? this.#renditions : (this.#core.playback?.source.entries ?? []);
  }

  /** The rendition that plays. */
  get activeEntry(): Rendition | null {
    return this.entries.find((entry) => entry.index === this.#activeIndex) ?? null;
  }

  /** Media time, in seconds, from which on it counts as live; `undefined` where the engine cannot say. */
  get liveEdgeStart(): number | undefined {
    const livePosition = this.#core.playback?.engine?.livePosition;
    return livePosition == null ? undefined : livePosition - LIVE_TOLERANCE_S;
  }

  /** How the token of each stream stands; never a token. */
  get tokenStates(): readonly TokenStatus[] {
    return this.#core.playback?.tokenStates ?? [];
  }

  /** The error that playback ended with, as on `<video>`; `secure-error` carries the typed one. */
  get error(): MediaErrorLike | null {
    return this.fatalError && mediaError(this.fatalError);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#core.playback) return;
    this.#isLoadDue = true;
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    onRemoved(this, () => {
      this.#unload();
    });
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('source') && this.source !== null && this.source === this.#adopted)
      changed.delete('source');
    const { playback } = this.#core;
    const isOtherwise = playback !== null && isProtected(this, playback.source) !== playback.isProtected;
    if (isOtherwise || LOAD_PROPERTIES.some((name) => changed.has(name))) this.#isLoadDue = true;
  }

  override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (changed.has('controls')) this.video.controls = this.controls === 'native';
    this.#overlay?.clear();
    if (this.fatalError) void this.#overlay?.load();
    if (this.#isLoadDue) {
      this.#isLoadDue = false;
      if (this.isConnected) this.#load();
      return;
    }
    if (TOKEN_PROPERTIES.some((name) => changed.has(name)))
      this.#core.playback?.setTokenSettings(readTokenSettings(this));
    if (changed.has('token') && this.token !== null) this.#core.playback?.seed(this.token);
  }

  /** Plays. Loads the source first where `preload="none"` has not, and starts again after an error. */
  override async play(): Promise<void> {
    if (this.#core.playback?.state === 'failed') this.#core.playback.retry();
    else if (!this.#core.playback && this.isConnected) this.#load({ isWanted: true });
    await this.#core.playback?.readyToPlay();
    await super.play();
  }

  /**
   * Changes the source while it plays. New tokens of the same source are used from the next request on, and playback
   * goes on. Any other change is a switch that keeps play or pause and the distance to the live edge. A call
   * supersedes the one before it.
   *
   * @throws GatecastError why the next source cannot be played; the old one plays on.
   */
  async updateSource(source: PlayerSource, options: UpdateOptions = {}): Promise<{ status: UpdateStatus }> {
    const result = await this.#core.updateSource(source, options);
    if (result.status === 'updated') {
      this.#adopted = source;
      this.source = source;
    }
    return result;
  }

  /** Switches to a rendition by its index (0 is the best), or back to adaptive switching. */
  switchEntry(index: number | 'auto'): void {
    this.#core.playback?.switchEntry(index);
    this.#chosen = index;
    this.requestUpdate();
  }

  /**
   * Asks for a new token now, for one stream or all.
   *
   * @throws GatecastError why there is none.
   */
  async refreshToken(stream?: string): Promise<void> {
    await this.#core.playback?.refreshToken(stream);
  }

  /** Plain JSON for a support ticket: versions, engine, states, the last 50 events; no token, no signed query. */
  diagnostics(): Record<string, unknown> {
    return redact({
      gatecast: VERSION,
      userAgent: navigator.userAgent,
      atMs: Date.now(),
      playback: this.#core.playback?.toJSON() ?? null,
      activeIndex: this.#activeIndex,
      media: describeMedia(this.media),
      error: this.fatalError,
      events: this.#log.toJSON(),
    }) as Record<string, unknown>;
  }

  #load({ isWanted = this.preload !== 'none' || this.autoplay } = {}): void {
    this.#unload();
    const source =
      this.source ??
      readSourceChildren(this) ??
      (this.src ? sourceFromUrl(this.src, this.stream || null) : null);
    if (!source) {
      this.#awaitSource(isWanted && this.preload === 'none');
      return;
    }
    if (!isWanted) {
      // There is no first frame to wait for until playback can be requested.
      void this.#overlay?.load();
      return;
    }
    try {
      this.#core.load(source);
    } catch (error) {
      this.#fail(asInputError(error));
    }
  }

  #unload(): void {
    this.#cancelGrace?.();
    this.#cancelGrace = null;
    this.#core.unload();
    this.#renditions = [];
    this.#activeIndex = -1;
    this.#chosen = 'auto';
    this.#setStreamType('unknown');
    this.fatalError = null;
  }

  /** A page may set the source a little later; an element that stays without one reports an error. */
  #awaitSource(isAsked: boolean): void {
    this.#cancelGrace = systemClock.at(systemClock.now() + (isAsked ? 0 : SOURCE_GRACE_MS), () => {
      this.#cancelGrace = null;
      this.#fail(missingSource());
    });
  }

  #createCore(): PlaybackController {
    return new PlaybackController({
      element: this,
      output: this.output,
      engineOptions: this,
      log: this.#log,
      settings: (source) => readSettings(this, source),
      onReport: (report) => {
        this.#onReport(report);
      },
      onError: (error) => {
        if (error) this.#fail(error);
        else this.fatalError = null;
      },
      onSourceUpdated: (status, changed) => {
        this.#log.add(SecureSourceUpdatedEvent.type, { status, changed });
        this.dispatchEvent(new SecureSourceUpdatedEvent(status, changed));
      },
    });
  }

  #onReport(report: Parameters<PlaybackHost['onReport']>[0]): void {
    this.requestUpdate();
    switch (report.type) {
      case 'renditions':
        this.#renditions = report.renditions;
        break;
      case 'live':
        this.#setStreamType(report.isLive ? 'live' : 'on-demand');
        break;
      case 'entry': {
        this.#activeIndex = report.index;
        const label = this.activeEntry?.label ?? '';
        this.#log.add(SecureEntryChangedEvent.type, { index: report.index, label, reason: report.reason });
        this.dispatchEvent(new SecureEntryChangedEvent(report.index, label, report.reason));
      }
    }
  }

  #fail(error: GatecastError): void {
    this.fatalError = error;
    this.#log.add(SecureErrorEvent.type, { error });
    this.dispatchEvent(new SecureErrorEvent(error));
    this.dispatchEvent(new Event('error'));
  }

  readonly #onSlotChange = (): void => {
    if (this.source || !readSourceChildren(this)) return;
    this.#isLoadDue = true;
    this.requestUpdate();
  };

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    const slot = document.createElement('slot');
    slot.addEventListener('slotchange', this.#onSlotChange);
    const playerSlot = document.createElement('slot');
    playerSlot.name = 'player';
    root.append(this.video, playerSlot, slot);
    const overlay = (this.#overlay = new OverlayLoader(this.#overlayHost(root)));
    this.addEventListener('canplay', () => void overlay.load());
    return root;
  }

  #setStreamType(streamType: this['streamType']): void {
    if (streamType === this.streamType) return;
    this.streamType = streamType;
    this.dispatchEvent(new Event('streamtypechange'));
  }

  #overlayHost(root: OverlayHost['root']): OverlayHost {
    return {
      player: this,
      root,
      video: this.video,
      styles: SecurePlayer.elementStyles,
      log: this.#log,
      state: () => {
        const source = this.#core.playback?.source ?? null;
        const { fatalError } = this;
        return { fatalError, chosen: this.#chosen, source, isProtected: isProtected(this, source) };
      },
    };
  }
}
