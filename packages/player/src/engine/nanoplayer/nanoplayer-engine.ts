import { systemClock } from '@gatecast/token';
import { deferred } from '@gatecast/element';
import type { Engine, EngineHost, EngineReport } from '../engine.js';
import { buildVendorConfig } from './build-vendor-config.js';
import { buildVendorSource } from './build-vendor-source.js';
import { EntrySelection } from './entry-selection.js';
import { EntryTokens } from './entry-tokens.js';
import { FailureHandler } from './failure-handler.js';
import { findVendorPlayer } from './find-vendor-player.js';
import { MediaAdoption } from './media-adoption.js';
import type { NanoPlayerOptions } from './nanoplayer-options.js';
import { PlayState } from './play-state.js';
import { TokenRenewal } from './token-renewal.js';
import { UpdateQueue, type UpdateOutcome } from './update-queue.js';
import { VendorClient } from './vendor-client.js';
import { createVendorListeners } from './vendor-listeners.js';

/** The vendor's own player signs its connections itself, so it is given the tokens, always with the whole source. */
export class NanoPlayerEngine implements Engine {
  readonly unsticksItself = true;
  /** The vendor's player keeps its own distance to the live edge. */
  readonly livePosition = null;
  readonly #host: EngineHost<NanoPlayerOptions>;
  readonly #selection: EntrySelection;
  readonly #tokens: EntryTokens;
  readonly #renewal: TokenRenewal;
  readonly #failures: FailureHandler;
  readonly #adoption: MediaAdoption;
  readonly #playState = new PlayState();
  readonly #updates: UpdateQueue;
  #client: VendorClient | null = null;
  #isReady = false;
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
        this.#client?.player.updateSource(this.#source()).catch(() => undefined);
      },
      onOutcome: (outcome) => {
        this.#onOutcome(outcome);
      },
    });
    this.#failures = new FailureHandler({
      host,
      clock: systemClock,
      tokens: this.#tokens,
      renewal: this.#renewal,
      playState: this.#playState,
      version: () => this.#client?.player.version ?? '',
      stream: () => this.#selection.stream,
      update: () => {
        this.#updates.abandon();
        this.#updates.request();
      },
      play: () => {
        this.#client?.player.play();
      },
      setEnded: (hasEnded) => {
        this.#adoption.setEnded(hasEnded);
      },
    });
    this.#adoption = new MediaAdoption({
      output: host.output,
      playState: this.#playState,
      tokens: this.#tokens,
      update: this.#update,
      onPauseRequest: () => {
        this.#failures.onPauseRequest();
      },
    });
  }

  get version(): string {
    return this.#client ? `NanoPlayer ${this.#client.player.version}` : 'NanoPlayer';
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
    this.#client?.destroy(this.#host.output);
    this.#client = null;
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
    const client = (this.#client = new VendorClient(Player, element));
    this.#playState.isPlaying = media.autoplay || this.#host.resumesPlaying;
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
      await client.setUp(config);
    } catch (error) {
      if (isOver(signal)) return;
      throw error;
    }
    if (isOver(signal)) return;
    this.#isReady = true;
    this.#failures.begin();
    if (volume < 1) client.player.setVolume(volume);
    this.#adoptMedia(client.video);
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
  readonly #update = (): void => {
    const { signal } = this.#host;
    this.#tokens.collect(signal).then(
      () => {
        if (!isOver(signal)) this.#updates.request();
      },
      (error: unknown) => {
        this.#failures.onTokenError(error);
      },
    );
  };

  #onOutcome(outcome: UpdateOutcome): void {
    this.#note('update', { outcome });
    this.#adoptMedia(this.#client?.video ?? null);
    this.#failures.onOutcome(outcome);
    if (outcome !== 'success') return;
    this.#renewal.end();
    this.#report(this.#selection.onPlaying());
    // Tokens may have arrived during this update.
    if (this.#tokens.isAnyOld()) this.#onRefreshed();
  }

  /** There are fresh tokens: they go to the player at once, or with `deferred` when it is about to connect. */
  readonly #onRefreshed = (): void => {
    const { refreshMode } = this.#host.options;
    // A renewal and an attempt to play again send their own update; two would be two switches.
    const isBusy = !this.#renewal.isIdle || this.#failures.isStopped;
    if (this.#isReady && !isBusy && refreshMode !== 'deferred') this.#update();
  };

  #listeners(): ReturnType<typeof createVendorListeners> {
    return createVendorListeners(
      {
        selection: this.#selection,
        tokens: this.#tokens,
        renewal: this.#renewal,
        playState: this.#playState,
        updates: this.#updates,
        update: this.#update,
        adoptMedia: (media) => {
          this.#adoptMedia(media);
        },
        failures: this.#failures,
        report: (report) => {
          this.#report(report);
        },
        note: (name, details) => {
          this.#note(name, details);
        },
      },
      this.#host.signal,
    );
  }

  #adoptMedia(media: HTMLVideoElement | null): void {
    if (this.#client) this.#adoption.adopt(this.#client.player, media);
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
