import { GatecastError, isAccessEnd, type Cancel } from '@gatecast/token';
import type { EngineReport } from '../../engine/engine.js';
import type { EngineChangeReason } from './engine-changed-event.js';
import { FirstChoice } from './first-choice.js';
import { reasonOf } from './reason-of.js';
import type { WayKeeperOptions, WayPlayback } from './way-host.js';
import {
  askDelayMs,
  PREPARE_AFTER_BREAK_MS,
  PREPARE_AFTER_MS,
  STABLE_MS,
  YIELD_AFTER_BREAK_MS,
  YIELD_AFTER_MS,
  YIELD_ALONE_AFTER_MS,
  YIELD_WITH_MEDIA_AFTER_MS,
} from './way-limits.js';

/** A playback that is to take the place of the current one. */
interface Spare {
  readonly playback: WayPlayback;
  /** Has it found what it plays? */
  readonly isReady: Promise<boolean>;
  hasFailed: boolean;
}

/** A break of what plays. */
interface Trouble {
  readonly controller: AbortController;
  /** Yields as soon as the next engine has media; a second call changes nothing. */
  readonly decide: () => void;
}

type TroubleReport = Extract<EngineReport, { type: 'trouble' | 'error' }>;

/** Why playback yields; `null`: it need not. */
type Outcome = GatecastError | 'blocked' | null;

/**
 * Plays a source by the first of its engines that gets media, and returns to the first one when that has media again. What plays is
 * left alone until another engine has media or nothing else helps.
 */
export class WayKeeper {
  readonly #options: WayKeeperOptions;
  readonly #firstChoice: FirstChoice;
  /** What is waited for at the moment. */
  #stage = new AbortController();
  #spare: Spare | null = null;
  #trouble: Trouble | null = null;
  /** What has broken and not come again. */
  #lastTrouble: TroubleReport | null = null;
  #failures = 0;
  #playsSinceMs = Infinity;

  constructor(options: WayKeeperOptions) {
    this.#options = options;
    this.#firstChoice = new FirstChoice(options, {
      onReady: (next) => this.#takeOver(next),
      onFailed: (reason) => {
        this.#failures += 1;
        if (reason === 'unsupported') this.#enter();
        else if (reason === 'ended') this.#seekAfterRestart();
        else this.#seekFirst(false);
      },
    });
    options.signal.addEventListener('abort', () => this.#end(), { once: true });
  }

  /** Takes care of the playback that has just begun. */
  start(): void {
    const { playback } = this.#options.host;
    if (!playback || this.#options.signal.aborted) return;
    if (!isLastWay(playback)) {
      // Failed attempts to load this code end the trial.
      playback.isOnTrial = true;
      void this.#watchStart(playback, 'start');
      return;
    }
    // A change of the source has found that the others get no media.
    playback.isOnTrial = false;
    this.#options.host.onEngine(playback.engineName, 'blocked');
    this.#seekFirst(false);
  }

  /** Waits for the first media of an engine that yields. */
  async #watchStart(current: WayPlayback, reason: EngineChangeReason): Promise<void> {
    const signal = this.#enter();
    const begun = current.begun.then(
      () => null,
      (error: unknown) => (error instanceof GatecastError ? error : 'blocked'),
    );
    await Promise.race([begun, current.haveTokens(signal).catch(() => undefined)]);
    if (!this.#isCurrent(current, signal)) return;
    this.#after(PREPARE_AFTER_MS, signal, () => this.#prepareSpare(current));
    const outcome = await Promise.race([begun, this.#untilLate(current, reason, signal)]);
    if (!this.#isCurrent(current, signal)) return;
    const isEnd = outcome !== null && outcome !== 'blocked' && isAccessEnd(outcome.code);
    if (outcome !== null && !isEnd) {
      this.#yield(current, reasonOf(outcome), outcome);
      return;
    }
    current.isOnTrial = false;
    if (isEnd) this.#options.host.onError(outcome);
    else this.#options.host.onEngine(current.engineName, reason);
    this.#watchPlaying(current);
  }

  /** Resolves when the next engine is to play in place of one without a picture. */
  #untilLate(current: WayPlayback, reason: EngineChangeReason, signal: AbortSignal): Promise<'blocked'> {
    return new Promise((resolve) => {
      const yieldNow = (): void => resolve('blocked');
      const check = (): void => {
        if (!this.#spare?.hasFailed) {
          yieldNow();
          return;
        }
        this.#after(YIELD_ALONE_AFTER_MS - YIELD_AFTER_MS, signal, yieldNow);
        void this.#ask(current, signal, yieldNow);
      };
      this.#after(YIELD_AFTER_MS, signal, () => {
        const hasMedia = reason === 'restored' || current.engine?.livePosition != null;
        if (!hasMedia) check();
        else this.#after(YIELD_WITH_MEDIA_AFTER_MS - YIELD_AFTER_MS, signal, check);
      });
    });
  }

  /** Watches an engine that yields while it plays. */
  #watchPlaying(current: WayPlayback): void {
    const signal = this.#enter();
    this.#playsSinceMs = this.#options.clock.now();
    this.#lastTrouble = null;
    const onTrouble = (report: TroubleReport): void => this.#onTrouble(report, current, signal);
    current.onEngineReport = (report) => {
      if (this.#isCurrent(current, signal)) this.#onReport(report, onTrouble);
    };
    // A viewer who was paused has missed nothing until now.
    const onPlay = (): void => {
      if (this.#lastTrouble && this.#isCurrent(current, signal)) onTrouble(this.#lastTrouble);
    };
    this.#options.host.media.addEventListener('play', onPlay, { signal });
  }

  #onReport(report: EngineReport, onTrouble: (report: TroubleReport) => void): void {
    switch (report.type) {
      case 'trouble':
      case 'error':
        // Who may not watch has no other way.
        if (isAccessEnd(report.error.code)) return;
        this.#lastTrouble = report;
        // A paused viewer misses nothing.
        if (!this.#options.host.media.paused) onTrouble(report);
        return;
      case 'resumed':
      case 'awaited':
        this.#lastTrouble = null;
        this.#endTrouble();
        return;
      case 'entry':
      case 'idle':
      case 'live':
      case 'note':
      case 'refused':
      case 'renditions':
    }
  }

  #onTrouble({ type, error }: TroubleReport, current: WayPlayback, signal: AbortSignal): void {
    const trouble = (this.#trouble ??= this.#createTrouble(error, current, signal));
    // It has given up.
    if (type === 'error') trouble.decide();
  }

  #createTrouble(error: GatecastError, current: WayPlayback, stage: AbortSignal): Trouble {
    const controller = new AbortController();
    const { signal } = controller;
    let isDecided = false;
    const decide = (): void => {
      if (isDecided) return;
      isDecided = true;
      // Until the next engine has media, this one goes on to repair its connection.
      void this.#ask(current, signal, () => {
        if (this.#isCurrent(current, stage)) this.#yield(current, 'broken', error);
      });
    };
    this.#after(PREPARE_AFTER_BREAK_MS, signal, () => this.#prepareSpare(current));
    this.#after(YIELD_AFTER_BREAK_MS, signal, decide);
    return { controller, decide };
  }

  /** Asks the next engine again and again, until it is ready. */
  async #ask(current: WayPlayback, signal: AbortSignal, onReady: () => void, asked = 0): Promise<void> {
    const { page, clock, random } = this.#options;
    const isReady = await (this.#prepareSpare(current)?.isReady ?? false);
    if (signal.aborted) return;
    if (isReady) {
      onReady();
      return;
    }
    this.#dropSpare();
    const again = (): void => void this.#ask(current, signal, onReady, asked + 1);
    this.#after(askDelayMs(asked, random()), signal, () => {
      if (!page.isHidden() && !page.isOffline()) {
        again();
        return;
      }
      const stop = clock.onWake(() => {
        stop();
        again();
      });
      signal.addEventListener('abort', stop, { once: true });
    });
  }

  /** Lets the next engine play. */
  #yield(current: WayPlayback, reason: EngineChangeReason, cause: Outcome): void {
    const { host, clock } = this.#options;
    if (this.#spare?.hasFailed) this.#dropSpare();
    const next = this.#takeSpare() ?? this.#create(current);
    if (!next) return;
    if (clock.now() - this.#playsSinceMs > STABLE_MS) this.#failures = 0;
    this.#playsSinceMs = Infinity;
    host.note('engine-yields', { engine: current.engineName, reason, error: cause });
    const position = current.position();
    current.stop();
    host.onError(null);
    host.replace(next);
    const isLast = isLastWay(next);
    next.isOnTrial = !isLast;
    next.start(position);
    host.onEngine(next.engineName, reason);
    if (!isLast) void this.#watchStart(next, reason);
    else if (reason !== 'unsupported') this.#seekFirst(reason === 'broken');
    else this.#enter();
  }

  /** Tries the first choice again and again, until it has media. */
  #seekFirst(hasBroken: boolean): void {
    this.#firstChoice.seek(this.#failures, hasBroken, this.#enter());
  }

  /** The access to the first choice has ended: it is tried again when what plays begins again, for example with another access. */
  #seekAfterRestart(): void {
    const again = (): void => this.#seekFirst(false);
    this.#options.host.media.addEventListener('loadeddata', again, { once: true, signal: this.#enter() });
  }

  /** The first choice has media: it plays. */
  #takeOver(next: WayPlayback): void {
    const { host } = this.#options;
    const current = host.playback;
    // Live is where it begins.
    const position = current && { wasPlaying: host.isWanted(), time: null, behindLive: null };
    current?.stop();
    host.onError(null);
    host.replace(next);
    next.start(position);
    this.#failures += 1;
    void this.#watchStart(next, 'restored');
  }

  #create(current: WayPlayback): WayPlayback | null {
    const way = current.ways.indexOf(current.engineName) + 1;
    return way < current.ways.length ? this.#options.host.create(current.source, way) : null;
  }

  #prepareSpare(current: WayPlayback): Spare | null {
    if (this.#spare) return this.#spare;
    const playback = this.#create(current);
    if (!playback) return null;
    // It outlives this stage if it plays. Otherwise, it is stopped.
    const isReady = playback.prepare(new AbortController().signal).then(
      () => true,
      () => {
        spare.hasFailed = true;
        return false;
      },
    );
    const spare: Spare = { playback, isReady, hasFailed: false };
    return (this.#spare = spare);
  }

  #takeSpare(): WayPlayback | null {
    const spare = this.#spare;
    this.#spare = null;
    return spare?.playback ?? null;
  }

  #dropSpare(): void {
    this.#takeSpare()?.stop();
  }

  #endTrouble(): void {
    this.#trouble?.controller.abort();
    this.#trouble = null;
    this.#dropSpare();
  }

  /** Nothing that was waited for before counts. A spare that is taken is not dropped. */
  #enter(): AbortSignal {
    this.#stage.abort();
    this.#endTrouble();
    this.#stage = new AbortController();
    if (this.#options.signal.aborted) this.#stage.abort();
    return this.#stage.signal;
  }

  #end(): void {
    this.#stage.abort();
    this.#endTrouble();
  }

  #isCurrent(playback: WayPlayback, signal: AbortSignal): boolean {
    return !signal.aborted && this.#options.host.playback === playback;
  }

  #after(delayMs: number, signal: AbortSignal, callback: () => void): void {
    const { clock } = this.#options;
    if (signal.aborted) return;
    const cancel: Cancel = clock.at(clock.now() + delayMs, callback);
    signal.addEventListener('abort', cancel, { once: true });
  }
}

function isLastWay({ ways, engineName }: WayPlayback): boolean {
  return ways.at(-1) === engineName;
}
