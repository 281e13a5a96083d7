import { GatecastError, systemClock } from '@gatecast/token';
import { deferred } from '@gatecast/element';
import type { ResolvedSource } from '../../source/player-source.js';
import { refuseDrm } from '../refuse-drm.js';
import type { Engine, EngineHost, EngineReport } from '../engine.js';
import { buildVendorConfig } from './build-vendor-config.js';
import { buildVendorSource } from './build-vendor-source.js';
import { EntrySelection } from './entry-selection.js';
import { EntryTokens } from './entry-tokens.js';
import { FailureHandler } from './failure-handler.js';
import { findVendorPlayer } from './find-vendor-player.js';
import { memberOf, readGroupEntries } from './group-entries.js';
import { MediaAdoption } from './media-adoption.js';
import type { NanoPlayerOptions } from './nanoplayer-options.js';
import { PlayState } from './play-state.js';
import { SourceChange } from './source-change.js';
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
  readonly #tokens: EntryTokens;
  readonly #renewal: TokenRenewal;
  readonly #failures: FailureHandler;
  readonly #adoption: MediaAdoption;
  readonly #playState = new PlayState();
  readonly #updates: UpdateQueue;
  readonly #change: SourceChange;
  /** The source that updates send, and which of its entries plays. */
  #selection: EntrySelection;
  #client: VendorClient | null = null;
  #isReady = false;
  /** Was an update requested before the player could take one? */
  #isUpdateDue = false;
  /** The source as the player has completed it during its set-up. */
  #completed: unknown;
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
    this.#change = new SourceChange({
      tokens: this.#tokens,
      updates: this.#updates,
      engineSignal: host.signal,
      selection: () => this.#selection,
      select: (selection) => {
        this.#selection = selection;
      },
      majorVersion: () => Number.parseInt(this.#client?.player.version ?? '', 10),
      onTaken: () => {
        this.#failures.reset();
      },
      onLost: (error) => {
        if (error instanceof GatecastError) this.#failures.fail(error);
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
        // A change of the source sends its own update.
        if (this.#change.isActive) return;
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

  get isRetrying(): boolean {
    return this.#failures.isRetrying;
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

  async changeSource(next: ResolvedSource, signal: AbortSignal, restoreTokens: () => void): Promise<void> {
    await this.#ready.promise;
    const completed = await this.#change.run(next, signal, restoreTokens);
    this.#renewal.end();
    this.#takeEntries(completed);
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
    refuseDrm('nanoplayer', options.drm);
    this.#selection.assertNotEmpty();
    const [Player] = await Promise.all([
      findVendorPlayer(options.nanoplayerSrc),
      this.#tokens.collect(signal),
    ]);
    if (isOver(signal)) return;
    const stopListening = this.#tokens.onRefreshed(this.#onRefreshed);
    signal.addEventListener('abort', stopListening, { once: true });
    this.#host.report({ type: 'live', isLive: true });
    const client = (this.#client = new VendorClient(Player, element));
    this.#playState.isPlaying = output.intent ? output.intent === 'play' : media.autoplay;
    const config = buildVendorConfig({
      source: this.#source(),
      pageConfig: options.nanoPlayerConfig,
      isAutoplay: this.#playState.isPlaying,
      isMuted: media.muted,
      hasControls: media.controls,
      listeners: this.#listeners(),
    });
    const { volume } = media;
    let completed: unknown;
    try {
      completed = memberOf(await client.setUp(config), 'source');
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
    this.#takeEntries(this.#completed ?? completed);
    if (!this.#playState.isPlaying) this.#host.report({ type: 'idle' });
    if (this.#isUpdateDue) this.#update();
  }

  /** Reports the entries; those of a group are in the source that the player has completed. */
  #takeEntries(completed: unknown): void {
    const group = readGroupEntries(this.#selection.source, completed);
    if (group) this.#selection = this.#selection.inGroup(group.source);
    this.#host.report({ type: 'renditions', renditions: this.#selection.entries });
    if (!group || group.hasStartIndex) this.#report(this.#selection.onPlaying());
  }

  #source(): ReturnType<typeof buildVendorSource> {
    return buildVendorSource({
      source: this.#selection.source,
      tokens: this.#tokens.apply(),
      position: this.#selection.position,
      rule: this.#selection.rule,
      isPlaying: this.#playState.isPlaying,
    });
  }

  /** Gives the player the whole source again, after all its tokens are fresh. */
  readonly #update = (): void => {
    const { signal } = this.#host;
    this.#isUpdateDue = !this.#isReady;
    if (this.#isUpdateDue) return;
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
    if (!this.#adoption.isInPage) this.#adoptMedia(this.#client?.video ?? null);
    this.#failures.onOutcome(outcome);
    if (outcome !== 'success' || this.#change.isActive) return;
    this.#renewal.end();
    this.#report(this.#selection.onPlaying());
    // Tokens may have arrived during this update.
    if (this.#tokens.isAnyOld()) this.#onRefreshed();
  }

  /** There are fresh tokens: they go to the player at once, or with `deferred` when it is about to connect. */
  readonly #onRefreshed = (): void => {
    const { refreshMode } = this.#host.options;
    // These send their own update; two would be two switches.
    const isBusy = !this.#renewal.isIdle || this.#failures.isStopped || this.#change.isActive;
    if (this.#isReady && !isBusy && refreshMode !== 'deferred') this.#update();
  };

  #listeners(): ReturnType<typeof createVendorListeners> {
    return createVendorListeners(
      {
        selection: () => this.#selection,
        tokens: this.#tokens,
        renewal: this.#renewal,
        playState: this.#playState,
        updates: this.#updates,
        isChanging: () => this.#change.isActive,
        update: this.#update,
        onReady: (config) => {
          this.#completed = memberOf(config, 'source');
        },
        adoptMedia: (media) => {
          this.#adoption.onNamed(media);
          this.#adoptMedia(media);
        },
        failures: this.#change.guard(this.#failures),
        observe: (name, data) => {
          this.#adoption.onEvent(name, data);
        },
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

  #adoptMedia(media: Element | null): void {
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
