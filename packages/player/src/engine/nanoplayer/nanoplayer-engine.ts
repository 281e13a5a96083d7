import { GatecastError, systemClock } from '@gatecast/token';
import { deferred } from '@gatecast/element';
import type { Engine, EngineHost, EngineReport } from '../engine.js';
import { EntrySelection } from './entry-selection.js';
import { EntryTokens } from './entry-tokens.js';
import { findVendorPlayer } from './find-vendor-player.js';
import type { NanoPlayerOptions } from './nanoplayer-options.js';
import { PlayState } from './play-state.js';
import { mountPlayer, type PlayerMount } from './mount-player.js';
import { setupFailed } from './read-vendor-error.js';
import { TokenRenewal, type VendorFailure } from './token-renewal.js';
import { UpdateQueue, type UpdateOutcome } from './update-queue.js';
import { buildVendorConfig } from './build-vendor-config.js';
import { vendorListeners } from './vendor-listeners.js';
import type { VendorListener, VendorPlayer } from './vendor-player.js';
import { buildVendorSource } from './build-vendor-source.js';
import { vendorMedia } from './vendor-media.js';

/** The vendor's own player signs its connections itself, so it is given the tokens, always with the whole source. */
export class NanoPlayerEngine implements Engine {
  readonly unsticksItself = true;
  /** The vendor's player keeps its own distance to the live edge. */
  readonly livePosition = null;
  readonly #host: EngineHost<NanoPlayerOptions>;
  readonly #selection: EntrySelection;
  readonly #tokens: EntryTokens;
  readonly #renewal: TokenRenewal;
  readonly #playState = new PlayState();
  readonly #updates: UpdateQueue;
  #mount: PlayerMount | null = null;
  #player: VendorPlayer | null = null;
  #media: HTMLVideoElement | null = null;
  #isReady = false;
  #hasFailed = false;
  readonly #ready = deferred<true>();

  constructor(host: EngineHost<NanoPlayerOptions>) {
    this.#host = host;
    this.#selection = new EntrySelection(host.source);
    this.#tokens = new EntryTokens(host.source, host.tokens);
    this.#renewal = new TokenRenewal(this.#tokens, systemClock);
    this.#updates = new UpdateQueue({
      clock: systemClock,
      send: () => {
        // The promise settles before the outcome is known; what it may reject for is also reported by an event.
        this.#player?.updateSource(this.#source()).catch(() => undefined);
      },
      onOutcome: (outcome) => {
        this.#onOutcome(outcome);
      },
    });
  }

  get version(): string {
    return this.#player ? `NanoPlayer ${this.#player.version}` : 'NanoPlayer';
  }

  async load(): Promise<void> {
    try {
      await this.#load();
    } catch (error) {
      this.#ready.reject(new DOMException('The vendor’s player could not be set up.', 'NotSupportedError'));
      throw error;
    }
  }

  /** Before its set-up is done the vendor's player answers no call. */
  async beforePlay(): Promise<void> {
    await this.#ready.promise;
  }

  recover(): void {
    if (this.#isReady && this.#tokens.isAnyOld()) this.#update();
  }

  switchEntry(index: number | 'auto'): void {
    this.#selection.choose(index);
    // One update changes the rule and the entry, and brings fresh tokens.
    this.#update();
  }

  destroy(): void {
    this.#updates.stop();
    this.#playState.reject('AbortError', 'The player was removed.');
    this.#ready.reject(new DOMException('The player was removed.', 'AbortError'));
    this.#host.output.replace(null);
    this.#player?.destroy();
    this.#player = null;
    this.#mount?.remove();
    this.#mount = null;
  }

  async #load(): Promise<void> {
    const { options, signal, element, output } = this.#host;
    const media = output.video;
    this.#selection.assertNotEmpty();
    const [Player] = await Promise.all([
      findVendorPlayer(options.nanoplayerSrc),
      this.#tokens.collect(signal),
    ]);
    if (isOver(signal)) return;
    const stopListening = this.#tokens.onRefreshed(this.#onRefreshed);
    signal.addEventListener('abort', stopListening, { once: true });
    this.#host.report({ type: 'renditions', renditions: this.#selection.entries });
    this.#host.report({ type: 'live', isLive: true });
    this.#mount = mountPlayer(element);
    this.#playState.isPlaying = media.autoplay || this.#host.resumesPlaying;
    const player = (this.#player = new Player(this.#mount.id));
    const config = buildVendorConfig({
      source: this.#source(),
      pageConfig: options.nanoPlayerConfig,
      isAutoplay: this.#playState.isPlaying,
      isMuted: media.muted,
      hasControls: media.controls,
      listeners: this.#listeners(),
    });
    const { volume } = media;
    try {
      await player.setup(config);
    } catch (error) {
      if (isOver(signal)) return;
      throw setupFailed(error);
    }
    if (isOver(signal)) return;
    this.#isReady = true;
    if (volume < 1) player.setVolume(volume);
    this.#adoptMedia(this.#mount.element.querySelector('video'));
    this.#ready.resolve(true);
    this.#report(this.#selection.onPlaying());
  }

  #source(): ReturnType<typeof buildVendorSource> {
    return buildVendorSource({
      source: this.#host.source,
      tokens: this.#tokens.apply(),
      position: this.#selection.position,
      rule: this.#selection.rule,
      isPlaying: this.#playState.isPlaying,
    });
  }

  /** Gives the player the whole source again, after all its tokens are fresh. */
  #update(): void {
    const { signal } = this.#host;
    this.#tokens.collect(signal).then(
      () => {
        if (!isOver(signal)) this.#updates.request();
      },
      (error: unknown) => {
        this.#onTokenError(error);
      },
    );
  }

  #onOutcome(outcome: UpdateOutcome): void {
    this.#note('update', { outcome });
    this.#adoptMedia(this.#mount?.element.querySelector('video') ?? null);
    // The player has this source already, so that the update did not start playback.
    if (outcome === 'equalsource' && this.#renewal.isUpdating) this.#player?.play();
    if (outcome !== 'success') return;
    this.#renewal.end();
    this.#report(this.#selection.onPlaying());
    // Tokens may have arrived during this update.
    if (this.#tokens.isAnyOld()) this.#onRefreshed();
  }

  /** There are fresh tokens: they go to the player at once, or with `deferred` when it is about to connect. */
  readonly #onRefreshed = (): void => {
    const { refreshMode } = this.#host.options;
    // A renewal sends its own update; two would be two switches.
    if (this.#isReady && this.#renewal.isIdle && refreshMode !== 'deferred') this.#update();
  };

  #listeners(): Record<string, VendorListener> {
    const handlers: Parameters<typeof vendorListeners>[0] = {
      onPlay: () => {
        this.#renewal.end();
        this.#tokens.accepted(this.#selection.stream);
        this.#playState.onPlay();
      },
      onPause: ({ reason = '' }) => {
        this.#note('pause', { reason });
        // The player waits before it connects again, and then uses the latest source it was given.
        if (reason === 'reconnectionimminent' && this.#tokens.isAnyOld()) this.#update();
        this.#playState.onPause(reason, !this.#renewal.isIdle);
      },
      onLoading: ({ connectDelay }) => {
        if (connectDelay) this.#note('reconnecting', { connectDelay });
      },
      onError: ({ code }) => {
        this.#onError(code);
      },
      onUpdateSourceInit: (data) => {
        this.#updates.onInit(data);
      },
      onUpdateSourceSuccess: (data) => {
        this.#updates.onSuccess(data);
      },
      onUpdateSourceFail: (data) => {
        this.#updates.onFail(data);
        this.#onError(data.code);
      },
      onUpdateSourceAbort: (data) => {
        this.#updates.onAbort(data);
      },
      onSwitchStreamInit: ({ type, entry }) => {
        if ((type !== 'up' && type !== 'down') || !this.#tokens.isAnyOld()) return;
        // The player switches with the tokens it has: old ones are replaced by the same update.
        this.#selection.onSwitchStarted(entry?.index);
        this.#update();
      },
      onSwitchStreamSuccess: ({ entry }) => {
        this.#report(this.#selection.onSwitched(entry?.index));
      },
      onSwitchStreamFail: ({ code }) => {
        this.#note('switch-failed', { code });
      },
      onSwitchStreamAbort: (data) => {
        this.#updates.onSwitchAbort(data);
      },
      onActiveVideoElementChange: ({ activeVideoElement }) => {
        this.#adoptMedia(activeVideoElement ?? null);
      },
      onWarning: () => {
        this.#note('warning', {});
      },
    };
    return vendorListeners(handlers, this.#host.signal);
  }

  #onError(code: number | undefined): void {
    // Before the set-up is done, the rejection of `setup` reports the same error.
    if (!this.#isReady || this.#hasFailed || code === undefined) return;
    this.#note('error', { code });
    const failure = { code, version: this.#player?.version ?? '', stream: this.#selection.stream };
    const remedy = this.#renewal.decide(failure);
    if (remedy.kind === 'renew') void this.#renew(failure);
    else if (remedy.kind === 'fail') this.#fail(remedy.error);
  }

  /** The server refused the token: fetches fresh ones, then updates the player once, which continues to play. */
  async #renew(failure: VendorFailure): Promise<void> {
    const { signal } = this.#host;
    this.#playState.isPlaying = true;
    try {
      await this.#renewal.fetchTokens(failure, signal);
    } catch (error) {
      this.#onTokenError(error);
      return;
    }
    if (isOver(signal)) return;
    this.#updates.abandon();
    this.#updates.request();
  }

  #onTokenError(error: unknown): void {
    if (this.#host.signal.aborted) return;
    // While the player plays, its old token does not matter: the token manager reports the failure and retries.
    if (!(error instanceof GatecastError) || (this.#playState.isPlaying && this.#renewal.isIdle)) return;
    this.#fail(error);
  }

  #fail(error: GatecastError): void {
    this.#hasFailed = true;
    this.#playState.reject('NotSupportedError', error.message);
    this.#host.report({ type: 'error', error, isResumable: false });
  }

  /** A switch may create another media element, which then replaces the one that the page sees. */
  #adoptMedia(media: HTMLVideoElement | null): void {
    const player = this.#player;
    if (!media || !player || media === this.#media) return;
    this.#media = media;
    this.#host.output.replace(vendorMedia(player, media, () => this.#play(player, media)));
  }

  async #play(player: VendorPlayer, media: HTMLVideoElement): Promise<void> {
    if (this.#playState.isPlaying && !media.paused) return;
    await this.#playState.start(() => {
      // An update plays with fresh tokens, `play()` with those that the player has.
      if (this.#tokens.isAnyOld()) this.#update();
      else player.play();
    });
  }

  #report(report: EngineReport | null): void {
    if (report) this.#host.report(report);
  }

  #note(name: string, details: Record<string, unknown>): void {
    this.#host.report({ type: 'note', name: `nanoplayer-${name}`, details });
  }
}

/** A function, because TypeScript would assume that a value read before an `await` is unchanged after it. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
