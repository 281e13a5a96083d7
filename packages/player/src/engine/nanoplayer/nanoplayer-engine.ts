import { GatecastError, systemClock } from '@gatecast/token';
import { deferred } from '@gatecast/element';
import type { ResolvedEntry } from '../../source/player-source.js';
import type { Engine, EngineHost, EntryChangeReason } from '../engine.js';
import { EntryTokens } from './entry-tokens.js';
import { findVendorPlayer } from './find-vendor-player.js';
import type { NanoPlayerOptions } from './nanoplayer-options.js';
import { PlayWaiters } from './play-waiters.js';
import { mountPlayer, type PlayerMount } from './mount-player.js';
import { RefusalCount } from './refusal-count.js';
import { UpdateQueue, type UpdateOutcome } from './update-queue.js';
import { buildVendorConfig } from './build-vendor-config.js';
import { readVendorError, setupFailed, tokensRefused } from './read-vendor-error.js';
import type { VendorEventData, VendorListener, VendorPlayer } from './vendor-player.js';
import { buildVendorSource, vendorEntries } from './build-vendor-source.js';
import { vendorMedia } from './vendor-media.js';

/** A token this near its end may have ended by the server's clock when a handshake failed. */
const NEAR_END_MS = 10_000;
/** Pauses of the player's own making, after which it goes on by itself. */
const PASSING_PAUSES: ReadonlySet<string> = new Set(['reconnectionimminent', 'playbackrestart', 'buffer']);

/** After a refusal: tokens are fetched, then the player tries with them. */
type Renewal = 'idle' | 'fetching' | 'updating';

/** The vendor's own player. It signs its connections itself, so it is given tokens, always with the whole source. */
export class NanoPlayerEngine implements Engine {
  readonly unsticksItself = true;
  /** The vendor's player keeps its own distance to the live edge. */
  readonly livePosition = null;
  readonly #host: EngineHost<NanoPlayerOptions>;
  readonly #entries: readonly ResolvedEntry[];
  readonly #tokens: EntryTokens;
  readonly #refusals = new RefusalCount();
  readonly #plays = new PlayWaiters();
  readonly #updates: UpdateQueue;
  #mount: PlayerMount | null = null;
  #player: VendorPlayer | null = null;
  #media: HTMLVideoElement | null = null;
  #isReady = false;
  #position: number;
  #rule: string;
  /** Does it play, or is it to as soon as it can? */
  #isPlaying = false;
  #renewal: Renewal = 'idle';
  #hasFailed = false;
  #nextReason: EntryChangeReason = 'start';
  readonly #ready = deferred<true>();

  constructor(host: EngineHost<NanoPlayerOptions>) {
    this.#host = host;
    this.#entries = vendorEntries(host.source);
    this.#tokens = new EntryTokens(host.source, host.tokens);
    const { startIndex } = host.source;
    this.#position = Math.max(
      0,
      this.#entries.findIndex((entry) => entry.index === startIndex),
    );
    this.#rule = host.source.rule;
    this.#updates = new UpdateQueue({
      clock: systemClock,
      send: () => {
        this.#send();
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

  /** Nothing may be asked of the vendor's player before it is set up: it would never answer. */
  async beforePlay(): Promise<void> {
    await this.#ready.promise;
  }

  recover(): void {
    if (this.#isReady && this.#tokens.isAnyOld()) this.#update();
  }

  switchEntry(index: number | 'auto'): void {
    const position = this.#entries.findIndex((entry) => entry.index === index);
    if (index !== 'auto' && position < 0)
      throw new RangeError(`switchEntry: there is no entry ${String(index)}`);
    this.#rule = index === 'auto' ? this.#host.source.rule : 'none';
    if (index !== 'auto') this.#position = position;
    this.#nextReason = index === 'auto' ? 'abr' : 'manual';
    // One update does it all: the rule, the entry, and tokens that are fresh for it.
    this.#update();
  }

  destroy(): void {
    this.#updates.stop();
    this.#plays.reject('AbortError', 'The player was removed.');
    this.#ready.reject(new DOMException('The player was removed.', 'AbortError'));
    this.#host.output.replace(null);
    this.#player?.destroy();
    this.#player = null;
    this.#mount?.remove();
    this.#mount = null;
  }

  async #load(): Promise<void> {
    const { source, options, signal, element } = this.#host;
    const media = this.#host.output.video;
    if (this.#entries.length === 0 && !source.group) throw nothingToPlay();
    const [Player] = await Promise.all([
      findVendorPlayer(options.nanoplayerSrc),
      this.#tokens.collect(signal),
    ]);
    if (isOver(signal)) return;
    const stopListening = this.#tokens.onRefreshed(this.#onRefreshed);
    signal.addEventListener('abort', stopListening, { once: true });
    this.#host.report({ type: 'renditions', renditions: this.#entries });
    this.#host.report({ type: 'live', isLive: true });
    this.#mount = mountPlayer(element);
    const isAutoplay = media.autoplay || this.#host.resumesPlaying;
    this.#isPlaying = isAutoplay;
    const player = (this.#player = new Player(this.#mount.id));
    const config = buildVendorConfig({
      source: this.#source(),
      pageConfig: options.nanoPlayerConfig,
      isAutoplay,
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
    this.#tellEntry(this.#position);
  }

  /** Whose token counts: of the entry that plays, or of the group. */
  #stream(): string {
    return (this.#entries[this.#position] ?? this.#host.source.entries[0])?.stream ?? '';
  }

  #source(): ReturnType<typeof buildVendorSource> {
    return buildVendorSource({
      source: this.#host.source,
      tokens: this.#tokens.apply(),
      position: this.#position,
      rule: this.#rule,
      isPlaying: this.#isPlaying,
    });
  }

  /** Gives the player the whole source again, once its tokens are known to be fresh. */
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

  #send(): void {
    // The promise settles before the outcome is known, and may reject for what an event tells better.
    this.#player?.updateSource(this.#source()).catch(() => undefined);
  }

  #onOutcome(outcome: UpdateOutcome): void {
    this.#note('update', { outcome });
    this.#adoptMedia(this.#mount?.element.querySelector('video') ?? null);
    // The same token again: it was refused, and nothing else would start playback.
    if (outcome === 'equalsource' && this.#renewal === 'updating') this.#player?.play();
    if (outcome !== 'success') return;
    this.#renewal = 'idle';
    this.#tellEntry(this.#position);
    // Tokens that came while this update was under way.
    if (this.#tokens.isAnyOld()) this.#onRefreshed();
  }

  /** Fresh tokens: to the player at once, or kept until it is about to connect. */
  readonly #onRefreshed = (): void => {
    const { refreshMode } = this.#host.options;
    // A renewal sends its own update; two would be two switches.
    if (this.#isReady && this.#renewal === 'idle' && refreshMode !== 'deferred') this.#update();
  };

  #listeners(): Record<string, VendorListener> {
    const listeners: Record<string, (data: VendorEventData) => void> = {
      onPlay: () => {
        this.#isPlaying = true;
        this.#renewal = 'idle';
        this.#tokens.accepted(this.#stream());
        this.#plays.resolve();
      },
      onPause: ({ reason }) => {
        this.#onPause(reason ?? '');
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
      onSwitchStreamInit: (data) => {
        this.#onSwitchInit(data);
      },
      onSwitchStreamSuccess: ({ entry }) => {
        this.#nextReason = this.#nextReason === 'start' ? 'abr' : this.#nextReason;
        if (entry?.index !== undefined) this.#tellEntry(entry.index);
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
    return Object.fromEntries(
      Object.entries(listeners).map(([name, listener]): [string, VendorListener] => [
        name,
        ({ data = {} }) => {
          if (!this.#host.signal.aborted) listener(data);
        },
      ]),
    );
  }

  #onPause(reason: string): void {
    this.#note('pause', { reason });
    if (reason === 'reconnectionimminent') {
      // The player waits before it connects again, with the latest source it has by then.
      if (this.#tokens.isAnyOld()) this.#update();
      return;
    }
    if (PASSING_PAUSES.has(reason)) return;
    if (this.#renewal === 'idle') this.#isPlaying = false;
    if (reason === 'interactionrequired')
      this.#plays.reject('NotAllowedError', 'Playback needs a gesture of the viewer.');
    else if (reason === 'normal')
      this.#plays.reject('AbortError', 'The play() request was interrupted by pause().');
  }

  /** The player changes the rendition by itself, with the tokens it has; old ones are exchanged on the way. */
  #onSwitchInit({ type, entry }: VendorEventData): void {
    if ((type !== 'up' && type !== 'down') || !this.#tokens.isAnyOld()) return;
    if (entry?.index !== undefined && entry.index in this.#entries) this.#position = entry.index;
    this.#nextReason = 'abr';
    this.#update();
  }

  #onError(code: number | undefined): void {
    // Before it is set up, the rejection of `setup` tells the same.
    if (!this.#isReady || this.#hasFailed || code === undefined) return;
    this.#note('error', { code });
    const stream = this.#stream();
    const nowMs = systemClock.now();
    const remedy = readVendorError({
      code,
      majorVersion: Number.parseInt(this.#player?.version ?? '', 10),
      isTokenOld: this.#tokens.isOld(stream, NEAR_END_MS),
      refusals: this.#refusals.at(nowMs),
    });
    switch (remedy.kind) {
      case 'wait':
        break;
      case 'renew':
        // One refusal may be told by two events.
        if (this.#renewal !== 'fetching') {
          this.#refusals.add(nowMs);
          void this.#renew(stream, code);
        }
        break;
      case 'fail':
        this.#fail(remedy.error);
    }
  }

  /** The server refused the token: fresh ones, and one update that plays on. */
  async #renew(stream: string, code: number): Promise<void> {
    const { signal } = this.#host;
    this.#renewal = 'fetching';
    this.#isPlaying = true;
    try {
      await this.#tokens.replace(stream, signal);
    } catch (error) {
      const isFresh = error instanceof GatecastError && error.code === 'token-rejected';
      this.#onTokenError(isFresh ? tokensRefused(code) : error);
      return;
    }
    if (isOver(signal)) return;
    this.#renewal = 'updating';
    this.#updates.abandon();
    this.#updates.request();
  }

  #onTokenError(error: unknown): void {
    if (this.#host.signal.aborted) return;
    // While the player plays, its old token does not matter; the manager tells and retries by itself.
    if (!(error instanceof GatecastError) || (this.#isPlaying && this.#renewal === 'idle')) return;
    this.#fail(error);
  }

  #fail(error: GatecastError): void {
    this.#hasFailed = true;
    this.#plays.reject('NotSupportedError', error.message);
    this.#host.report({ type: 'error', error, isResumable: false });
  }

  /** Switches may bring another element: the page's view follows. */
  #adoptMedia(media: HTMLVideoElement | null): void {
    const player = this.#player;
    if (!media || !player || media === this.#media) return;
    this.#media = media;
    const play = (): Promise<void> => this.#play(player, media);
    this.#host.output.replace(vendorMedia(player, media, play));
  }

  async #play(player: VendorPlayer, media: HTMLVideoElement): Promise<void> {
    if (this.#isPlaying && !media.paused) return;
    const begun = this.#plays.wait();
    this.#isPlaying = true;
    // Tokens are looked at when playback starts: an update plays with fresh ones, a plain call with those it has.
    if (this.#tokens.isAnyOld()) this.#update();
    else player.play();
    await begun;
  }

  #tellEntry(position: number): void {
    this.#position = position;
    const entry = this.#entries[position];
    if (!entry) return;
    this.#host.report({ type: 'entry', index: entry.index, reason: this.#nextReason });
    this.#nextReason = 'abr';
  }

  #note(name: string, details: Record<string, unknown>): void {
    this.#host.report({ type: 'note', name: `nanoplayer-${name}`, details });
  }
}

function nothingToPlay(): GatecastError {
  return new GatecastError('source-missing', 'No entry is for the vendor’s player.', {
    hint: 'Give the entries "h5live" with server and rtmp; plain HLS URLs play with engine="auto".',
  });
}

/** Apart, because the compiler would carry the answer of one look over an `await`. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
