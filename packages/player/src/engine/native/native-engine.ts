import { systemClock, type Cancel } from '@gatecast/token';
import { knownBandwidthBps } from '../../loading/bandwidth-memory.js';
import { asPlaybackError } from '../../source/source-errors.js';
import { findCapabilities } from '../../loading/capabilities.js';
import type { Engine, EngineHost, EntryChangeReason } from '../engine.js';
import { refuseDrm } from '../refuse-drm.js';
import { crossOriginOf, findAddress } from './find-address.js';
import { readMediaState, restoreMediaState } from './media-state.js';
import type { NativeOptions } from './native-options.js';
import type { NativeAddress, NativeSource } from './native-address.js';
import { diagnose, probePlaylist, type NativeSymptom } from './native-symptom.js';
import { watchNativePlayback } from './watch-native-playback.js';
import { NativeEntries } from './native-entries.js';
import type { NativeEntry } from './pick-native-entry.js';
import type { PlaylistFacts } from './playlist-facts.js';
import { decideSwap } from './swap-schedule.js';
import { unsupportedBrowser } from './unsupported-browser.js';

/** Least time between two swaps of the address, whatever the tokens are. */
const MIN_SWAP_INTERVAL_MS = 1000;
/** Least wait before the next attempt to swap an address that has not begun to play. */
const BEGINNING_MS = 250;

/**
 * Plays with the browser's own HLS player. That player cannot sign its requests and reports few of its failures, so the
 * token is in the address (or a session cookie replaces it), and a watchdog detects that playback has stopped.
 */
export class NativeEngine implements Engine {
  readonly version = 'the browser’s own HLS player';
  readonly unsticksItself = true;
  /** `seekable` is unreliable for live streams; native players join at the live edge by themselves. */
  readonly livePosition = null;
  readonly #host: EngineHost<NativeOptions>;
  readonly #media: HTMLVideoElement;
  readonly #crossOrigin: string | null;
  readonly #entries: NativeEntries;
  #entry: NativeEntry | null = null;
  #address: NativeAddress | null = null;
  #facts: PlaylistFacts | null = null;
  #source: NativeSource | null = null;
  /** One load, swap or diagnosis at a time: each one ends the one before it. */
  #step = new AbortController();
  /** Aborts when another entry is opened. */
  #entryLife = new AbortController();
  #isDiagnosing = false;
  #isSwapDueOnPlay = false;
  #hasPlayed = false;
  /** Did the viewer or the page start it last, and not pause it? An error pauses the element as well. */
  #isPlayWanted = false;
  #lastSwapMs = -Infinity;
  #cancelSwap: Cancel | null = null;
  #stopWatching: Cancel | null = null;

  constructor(host: EngineHost<NativeOptions>) {
    this.#host = host;
    this.#media = host.output.video;
    this.#crossOrigin = this.#media.crossOrigin;
    this.#entries = new NativeEntries(host.source.entries, host.source.startIndex);
  }

  async load(): Promise<void> {
    const { options, signal, tokens } = this.#host;
    refuseDrm('native', options.drm);
    const media = this.#media;
    if (!findCapabilities().hasNativeHls) throw unsupportedBrowser();
    for (const [type, listener] of Object.entries(this.#listeners))
      media.addEventListener(type, listener, { signal });
    const stopListening = tokens?.onRefreshed((stream) => {
      if (this.#entries.restore(stream)) this.#reportEntries();
      if (stream === this.#entry?.stream) this.#planSwap();
    });
    signal.addEventListener('abort', () => stopListening?.(), { once: true });
    this.#reportEntries();
    await this.#open(this.#entries.pick(knownBandwidthBps()), 'start');
  }

  async beforePlay(): Promise<void> {
    if (this.#planSwap() !== 'on-play') return;
    this.#isSwapDueOnPlay = false;
    await this.#setSource(this.#begin());
  }

  recover(): void {
    const entry = this.#entry;
    if (this.#facts && !this.#address?.isGone?.()) void this.#run((signal) => this.#setSource(signal));
    else if (entry) void this.#run(() => this.#open(entry, 'start'));
  }

  switchEntry(index: number | 'auto'): void {
    // The browser adapts within a multivariant playlist; nothing switches between entries automatically.
    if (index === 'auto') return;
    const entry = this.#entries.at(index);
    void this.#run(() => this.#open(entry, 'manual'));
  }

  leaveOut(stream: string): boolean {
    this.#entries.leaveOut(stream);
    if (!this.#entry || this.#entries.open.length === 0) return false;
    this.#reportEntries();
    if (this.#entry.stream !== stream) return true;
    const next = this.#entries.pick(knownBandwidthBps());
    void this.#run(() => this.#open(next, 'abr'));
    return true;
  }

  destroy(): void {
    this.#step.abort();
    this.#entryLife.abort();
    this.#rest();
    const media = this.#media;
    media.removeAttribute('src');
    media.crossOrigin = this.#crossOrigin;
    media.load();
  }

  #reportEntries(): void {
    this.#host.report({ type: 'renditions', renditions: this.#entries.open });
  }

  /** Plays another entry, or the first one. */
  async #open(entry: NativeEntry, reason: EntryChangeReason): Promise<void> {
    const signal = this.#begin();
    const life = new AbortController();
    // Without a token, the next attempt begins here again.
    const restart = (error: unknown): never => {
      if (!isOver(signal)) [this.#entry, this.#address, this.#facts] = [entry, null, null];
      throw error;
    };
    const steps = { signal, life: life.signal };
    const { address, ...way } = await findAddress(this.#host, entry, steps).catch(restart);
    if (isOver(signal)) life.abort();
    if (life.signal.aborted) return;
    this.#entryLife.abort();
    this.#entryLife = life;
    this.#entry = entry;
    this.#address = address;
    // The signer needs the session cookie, which comes with the token; other addresses need the token itself.
    const { credentials } = await address.resolve(signal);
    const facts = await address.inspect(signal);
    if (isOver(signal)) return;
    this.#facts = facts;
    this.#host.report({ type: 'live', isLive: facts.isLive });
    if (this.#crossOrigin === null)
      this.#media.crossOrigin = crossOriginOf(way, facts.isCrossOrigin, credentials);
    await this.#setSource(signal);
    if (isOver(signal)) return;
    address.keepAlive?.(this.#entryLife.signal);
    this.#host.report({ type: 'entry', index: entry.index, reason });
  }

  /** Points the media element at a fresh address and restores what the viewer has set. */
  async #setSource(signal: AbortSignal): Promise<void> {
    const media = this.#media;
    if (!this.#address || !this.#facts) return;
    const source = await this.#address.resolve(signal);
    if (isOver(signal)) return;
    const state = readMediaState(media, this.#facts.isLive, this.#isPlayWanted);
    this.#source = source;
    this.#isSwapDueOnPlay = false;
    this.#lastSwapMs = systemClock.now();
    media.src = source.src;
    restoreMediaState(media, state, signal);
    // If the browser blocks autoplay, the viewer sees the paused picture and a play button.
    if (state.wasPlaying) media.play().catch(() => undefined);
    // Otherwise `autoplay` would start what the viewer has paused.
    else if (this.#hasPlayed) media.pause();
    this.#watch();
    this.#planSwap();
  }

  #watch(): void {
    this.#stopWatching?.();
    this.#stopWatching = watchNativePlayback({
      media: this.#media,
      targetDurationMs: this.#facts?.targetDurationMs ?? 0,
      onStalled: () => {
        this.#stopWatching = null;
        void this.#onSymptom({ kind: 'stalled' });
      },
    });
  }

  /** Decides when the address must be swapped, and swaps it if that is now. */
  #planSwap(): ReturnType<typeof decideSwap>['kind'] {
    this.#cancelSwap?.();
    this.#cancelSwap = null;
    const { tokens } = this.#host;
    if (!tokens || !this.#source || this.#isDiagnosing) return 'wait';
    const nowMs = tokens.now();
    const inHand = this.#entry && tokens.peek(this.#entry.stream);
    const decision = decideSwap({
      nowMs,
      dueAtMs: this.#source.swapAtMs,
      isPaused: this.#media.paused,
      hasFresherToken: (inHand?.expiresAtMs ?? 0) > (this.#source.expiresAtMs ?? 0),
    });
    switch (decision.kind) {
      case 'wait':
        if (decision.untilMs !== null) this.#swapLater(decision.untilMs - nowMs);
        break;
      case 'on-play':
        this.#isSwapDueOnPlay = true;
        break;
      case 'swap':
        this.#swap();
        break;
      case 'await-token':
    }
    return decision.kind;
  }

  #swap(): void {
    const { tokens } = this.#host;
    const media = this.#media;
    const hasEnded = (tokens?.now() ?? 0) >= (this.#source?.expiresAtMs ?? Infinity);
    const waitMs = this.#lastSwapMs + MIN_SWAP_INTERVAL_MS - systemClock.now();
    // On a slow network, repeated swaps would keep playback from ever beginning.
    const isBeginning = media.readyState < HTMLMediaElement.HAVE_FUTURE_DATA && !hasEnded;
    if (waitMs > 0 || isBeginning) {
      this.#swapLater(Math.max(waitMs, BEGINNING_MS));
      return;
    }
    this.#host.report({ type: 'note', name: 'native-swap', details: { stream: this.#entry?.stream } });
    void this.#run((signal) => this.#setSource(signal));
  }

  #swapLater(delayMs: number): void {
    this.#cancelSwap = systemClock.at(systemClock.now() + delayMs, () => void this.#planSwap());
  }

  /** Finds the cause of a failure and reports it; the host decides whether and when to recover. */
  async #onSymptom(symptom: NativeSymptom): Promise<void> {
    if (this.#isDiagnosing || !this.#address) return;
    this.#rest();
    this.#host.report({ type: 'note', name: 'native-symptom', details: { ...symptom } });
    const signal = this.#begin();
    this.#isDiagnosing = true;
    const probe = await probePlaylist(this.#address, signal);
    if (isOver(signal)) return;
    this.#isDiagnosing = false;
    const error = diagnose(symptom, probe);
    if (!error) return;
    // If nothing is wrong with the stream, another way is tried at once.
    if (probe.kind === 'ok' && this.#address.isUseless?.()) this.recover();
    else this.#host.report({ type: 'error', error, isResumable: true });
  }

  /** Of the media element. */
  readonly #listeners = {
    error: () => {
      const code = this.#media.error?.code;
      if (code !== undefined) void this.#onSymptom({ kind: 'media-error', code });
    },
    play: () => {
      this.#isPlayWanted = true;
      // The browser's own play button cannot be delayed, so the swap follows it.
      if (this.#isSwapDueOnPlay) this.#planSwap();
    },
    playing: () => {
      this.#hasPlayed = this.#isPlayWanted = true;
    },
    pause: () => {
      if (!this.#media.error) this.#isPlayWanted = false;
    },
    suspend: () => {
      if (this.#media.paused) this.#host.report({ type: 'idle' });
    },
  };

  /** Begins a step and ends the one before it. */
  #begin(): AbortSignal {
    this.#step.abort();
    this.#step = new AbortController();
    this.#isDiagnosing = false;
    return this.#step.signal;
  }

  /** Runs a step without a caller that waits: its failure is reported. */
  async #run(step: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const signal = this.#begin();
    try {
      await step(signal);
    } catch (error) {
      const typed = asPlaybackError(error);
      if (typed && !this.#host.signal.aborted)
        this.#host.report({ type: 'error', error: typed, isResumable: true });
    }
  }

  #rest(): void {
    this.#cancelSwap?.();
    this.#stopWatching?.();
    this.#cancelSwap = this.#stopWatching = null;
  }
}

/** A function, because TypeScript would assume that a value read before an `await` is unchanged after it. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
