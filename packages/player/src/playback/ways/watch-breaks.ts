import { isAccessEnd, outlook, type GatecastError } from '@gatecast/token';
import type { EngineReport } from '../../engine/engine.js';
import { after } from './after.js';
import type { SpareWay } from './spare-way.js';
import type { WayKeeperOptions, WayPlayback } from './way-host.js';
import { PREPARE_AFTER_BREAK_MS, YIELD_AFTER_BREAK_MS } from './way-limits.js';

/** A break of what plays. */
interface Trouble {
  readonly controller: AbortController;
  /** Yields as soon as the next engine has media; a second call changes nothing. */
  readonly decide: () => void;
}

type TroubleReport = Extract<EngineReport, { type: 'trouble' | 'error' }>;

export interface BreakWatchOptions {
  readonly options: WayKeeperOptions;
  readonly spare: SpareWay;
  /** What plays. */
  readonly current: WayPlayback;
  /** Aborts when another one plays. */
  readonly signal: AbortSignal;
  /** Called when only the sound is to be played, because the next engine has nothing. */
  readonly onSoundAlone: () => void;
  /** Called when the next engine is to play. */
  readonly onBroken: (error: GatecastError) => void;
}

/** Watches an engine that yields while it plays: the next one plays when media has stopped and does not come again. */
export class BreakWatch {
  readonly #watch: BreakWatchOptions;
  #trouble: Trouble | null = null;
  /** What has broken and not come again. */
  #lastTrouble: TroubleReport | null = null;

  constructor(watch: BreakWatchOptions) {
    this.#watch = watch;
    const { current, options, signal } = watch;
    current.onEngineReport = (report) => {
      if (this.#isCurrent()) this.#onReport(report);
    };
    // A viewer who was paused has missed nothing until now, and the engine begins again with the same event.
    const onPlay = (): void => {
      const last = this.#lastTrouble;
      if (!last || !this.#isCurrent()) return;
      this.#onTrouble(isFinal(last.error) ? last : { type: 'trouble', error: last.error });
    };
    options.host.media.addEventListener('play', onPlay, { signal });
    signal.addEventListener('abort', () => this.#trouble?.controller.abort(), { once: true });
  }

  #onReport(report: EngineReport): void {
    switch (report.type) {
      case 'trouble':
      case 'error':
        // Who may not watch has no other way.
        if (isAccessEnd(report.error.code)) return;
        this.#lastTrouble = report;
        if (report.type === 'error' && isFinal(report.error)) this.#hold(report.error);
        // A paused viewer misses nothing.
        else if (this.#watch.options.host.media.paused) return;
        this.#onTrouble(report);
        return;
      case 'resumed':
      case 'awaited':
        // The next broadcast may have a picture.
        if (report.type === 'awaited') this.#watch.current.isSoundEnough = false;
        this.#lastTrouble = null;
        this.#watch.current.isOnTrial = false;
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

  /**
   * Shows an error that ends playback only if the next engine has no media either. Where a server refuses the picture, its sound is
   * played then.
   */
  #hold(error: GatecastError): void {
    const { spare, current, options } = this.#watch;
    current.isOnTrial = true;
    void spare.prepare(current).then((isReady) => {
      if (isReady || !current.isOnTrial || !this.#isCurrent()) return;
      if (error.code === 'codec-unsupported' && !current.isSoundEnough) {
        current.isSoundEnough = true;
        current.endTrial();
        this.#watch.onSoundAlone();
        return;
      }
      current.isOnTrial = false;
      options.host.onError(error);
    });
  }

  #onTrouble({ type, error }: TroubleReport): void {
    const trouble = (this.#trouble ??= this.#createTrouble(error));
    // It has given up.
    if (type === 'error') trouble.decide();
  }

  #createTrouble(error: GatecastError): Trouble {
    const { options, spare, current, onBroken } = this.#watch;
    const { clock } = options;
    const controller = new AbortController();
    const { signal } = controller;
    let isDecided = false;
    const decide = (): void => {
      if (isDecided) return;
      isDecided = true;
      // Until the next engine has media, this one goes on to repair its connection.
      void spare.ask(current, signal, () => {
        if (this.#isCurrent()) onBroken(error);
      });
    };
    after(clock, PREPARE_AFTER_BREAK_MS, signal, () => void spare.prepare(current));
    after(clock, YIELD_AFTER_BREAK_MS, signal, decide);
    return { controller, decide };
  }

  #endTrouble(): void {
    this.#trouble?.controller.abort();
    this.#trouble = null;
    this.#watch.spare.drop();
  }

  #isCurrent(): boolean {
    const { signal, options, current } = this.#watch;
    return !signal.aborted && options.host.playback === current;
  }
}

/** Does the engine not try again? */
function isFinal(error: GatecastError): boolean {
  return outlook(error, { hasWorked: true }) === 'final';
}
