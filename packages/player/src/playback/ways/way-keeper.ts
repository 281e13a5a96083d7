import { GatecastError, isAccessEnd, type Cancel } from '@gatecast/token';
import type { EngineReport } from '../../engine/engine.js';
import type { EngineChangeReason } from './engine-changed-event.js';
import { FirstChoice } from './first-choice.js';
import { reasonOf } from './reason-of.js';
import type { WayKeeperOptions, WayPlayback } from './way-host.js';
import {
  ASK_AGAIN_MS,
  PREPARE_AFTER_BREAK_MS,
  PREPARE_AFTER_MS,
  STABLE_MS,
  YIELD_AFTER_BREAK_MS,
  YIELD_AFTER_MS,
} from './way-limits.js';

/** A playback that is to take the place of the current one. */
interface Spare {
  readonly playback: WayPlayback;
  /** Has it found what it plays? */
  readonly isReady: Promise<boolean>;
}

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
  #trouble: AbortController | null = null;
  #failures = 0;
  #playsSinceMs = Infinity;

  constructor(options: WayKeeperOptions) {
    this.#options = options;
    this.#firstChoice = new FirstChoice(options, {
      onReady: (next) => this.#takeOver(next),
      onFailed: (reason) => {
        this.#failures += 1;
        if (reason === 'unsupported') this.#enter();
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
    const isLate = new Promise<Outcome>((resolve) => {
      this.#after(YIELD_AFTER_MS, signal, () => resolve('blocked'));
    });
    const outcome = await Promise.race([begun, isLate]);
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

  /** Watches an engine that yields while it plays. */
  #watchPlaying(current: WayPlayback): void {
    const signal = this.#enter();
    this.#playsSinceMs = this.#options.clock.now();
    current.onEngineReport = (report) => {
      if (this.#isCurrent(current, signal)) this.#onReport(report, current, signal);
    };
  }

  #onReport(report: EngineReport, current: WayPlayback, signal: AbortSignal): void {
    switch (report.type) {
      case 'trouble':
      case 'error':
        // A paused viewer misses nothing, and who may not watch has no other way.
        if (this.#options.host.media.paused || isAccessEnd(report.error.code)) return;
        if (report.type === 'error') this.#endTrouble();
        if (!this.#trouble) this.#onTrouble(report, current, signal);
        return;
      case 'resumed':
      case 'awaited':
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

  #onTrouble(
    { type, error }: Extract<EngineReport, { type: 'trouble' | 'error' }>,
    current: WayPlayback,
    signal: AbortSignal,
  ): void {
    const trouble = (this.#trouble = new AbortController());
    const isOver = type === 'error';
    this.#after(isOver ? 0 : PREPARE_AFTER_BREAK_MS, trouble.signal, () => this.#prepareSpare(current));
    const decide = async (): Promise<void> => {
      const isReady = await (this.#prepareSpare(current)?.isReady ?? false);
      if (trouble.signal.aborted || !this.#isCurrent(current, signal)) return;
      if (isReady) {
        this.#yield(current, 'broken', error);
        return;
      }
      // The engine goes on to repair its connection.
      this.#dropSpare();
      this.#after(ASK_AGAIN_MS, trouble.signal, () => void decide());
    };
    this.#after(isOver ? 0 : YIELD_AFTER_BREAK_MS, trouble.signal, () => void decide());
  }

  /** Lets the next engine play. */
  #yield(current: WayPlayback, reason: EngineChangeReason, cause: Outcome): void {
    const { host, clock } = this.#options;
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

  /** The first choice has media: it plays. */
  #takeOver(next: WayPlayback): void {
    const { host } = this.#options;
    const current = host.playback;
    // Live is where it begins.
    const position = current && { ...current.position(), time: null, behindLive: null };
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
      () => false,
    );
    return (this.#spare = { playback, isReady });
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
    this.#trouble?.abort();
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
