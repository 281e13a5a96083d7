import { WrongValueWarnings } from '@gatecast/element';
import { isAccessEnd, outlook, type GatecastError } from '@gatecast/token';
import { playableSource } from '../../engine/registry.js';
import { after } from './after.js';
import type { EngineChangeReason } from './engine-changed-event.js';
import { FirstChoice } from './first-choice.js';
import { PictureSearch } from './picture-search.js';
import { isForGood, reasonOf } from './reason-of.js';
import { SpareWay } from './spare-way.js';
import { BreakWatch } from './watch-breaks.js';
import { watchStart, type StartOutcome } from './watch-start.js';
import type { WayKeeperOptions, WayPlayback } from './way-host.js';
import { MOST_FAILURES, STABLE_MS } from './way-limits.js';

/**
 * Plays a source by the first of its engines that gets media, and returns to the first one when that has media again. What plays is
 * left alone until another engine has media or nothing else helps.
 */
export class WayKeeper {
  readonly #options: WayKeeperOptions;
  readonly #firstChoice: FirstChoice;
  readonly #spare: SpareWay;
  readonly #pictureSearch: PictureSearch;
  readonly #warnings = new WrongValueWarnings();
  /** What is waited for at the moment. */
  #stage = new AbortController();
  #failures = 0;
  #playsSinceMs = Infinity;

  constructor(options: WayKeeperOptions) {
    this.#options = options;
    this.#spare = new SpareWay(options);
    this.#pictureSearch = new PictureSearch(options, this.#spare, (current) => {
      this.#yield(current, 'unsupported', null);
    });
    this.#firstChoice = new FirstChoice(options, {
      onReady: (next) => this.#takeOver(next),
      onFailed: (cause) => {
        this.#failures += 1;
        this.#seekAfter(cause, false);
      },
    });
    options.signal.addEventListener('abort', () => this.#end(), { once: true });
  }

  /**
   * Takes care of the playback that has just begun.
   *
   * @param reason - why it is not the first choice that plays after a change of the source; `null`: as before it.
   */
  start(reason: EngineChangeReason | null = null): void {
    const { playback } = this.#options.host;
    if (!playback || this.#options.signal.aborted) return;
    if (!isLastWay(playback)) {
      // Failed attempts to load this code end the trial.
      playback.isOnTrial = true;
      void this.#watchStart(playback, 'start');
      return;
    }
    playback.isOnTrial = false;
    if (reason) this.#options.host.onEngine(playback.engineName, reason);
    this.#seekFirst(true);
  }

  /** Waits for the first media of an engine that yields. */
  async #watchStart(current: WayPlayback, reason: EngineChangeReason): Promise<void> {
    const signal = this.#enter();
    const outcome = await watchStart({
      options: this.#options,
      spare: this.#spare,
      current,
      hasMedia: reason === 'restored',
      signal,
    });
    if (signal.aborted || this.#options.host.playback !== current) return;
    const isEnd = isEndOfAccess(outcome);
    if (isEnd && hasOtherStream(current)) {
      // After the events of the pause at the end of the access.
      after(this.#options.clock, 1, signal, () => this.#yield(current, 'refused', outcome));
      return;
    }
    if (outcome !== null && !isEnd) {
      this.#yield(current, reasonOf(outcome), outcome);
      return;
    }
    current.isOnTrial = false;
    if (isEnd) this.#options.host.onError(outcome);
    else this.#options.host.onEngine(current.engineName, reason);
    this.#watchBreaks(current);
  }

  /** Watches an engine that yields while it plays. */
  #watchBreaks(current: WayPlayback): void {
    const signal = this.#enter();
    this.#playsSinceMs = this.#options.clock.now();
    const onSoundAlone = (): void => this.#pictureSearch.seek(current, signal);
    if (current.isSoundEnough) onSoundAlone();
    new BreakWatch({
      options: this.#options,
      spare: this.#spare,
      current,
      signal,
      onSoundAlone,
      onBroken: (error) => {
        const isForNow = outlook(error, { hasWorked: true }) === 'passes';
        this.#yield(current, isForNow ? 'broken' : reasonOf(error), error);
      },
    });
  }

  /** Lets the next engine play. */
  #yield(current: WayPlayback, reason: EngineChangeReason, cause: StartOutcome): void {
    const { host, clock } = this.#options;
    const next = this.#spare.take(current);
    if (!next) return;
    if (clock.now() - this.#playsSinceMs > STABLE_MS) this.#failures = 0;
    if (reason === 'unsupported') this.#failures = MOST_FAILURES;
    this.#playsSinceMs = Infinity;
    host.note('engine-yields', { engine: current.engineName, reason, error: cause });
    if (cause !== null && cause !== 'blocked' && cause.code === 'option-invalid') this.#warn(cause);
    const position = current.position();
    const hadMedia = current.engine?.livePosition != null;
    current.stop();
    host.onError(null);
    host.replace(next);
    const isLast = isLastWay(next);
    next.isOnTrial = !isLast;
    next.start(position);
    host.onEngine(next.engineName, reason);
    if (!isLast) void this.#watchStart(next, reason);
    // Its picture may have needed a moment longer.
    else this.#seekAfter(cause, reason === 'broken' || (hadMedia && reason !== 'unsupported'));
  }

  #seekAfter(cause: StartOutcome, hasBroken: boolean): void {
    if (cause !== null && isForGood(cause)) this.#enter();
    else if (isEndOfAccess(cause)) this.#seekAfterRestart();
    else {
      // The next broadcast may have other codecs.
      if (cause !== null && reasonOf(cause) === 'unsupported') this.#failures = MOST_FAILURES;
      this.#seekFirst(hasBroken, cause);
    }
  }

  /** The page has set what the first choice cannot use, and would not hear of it. */
  #warn(error: GatecastError): void {
    this.#options.host.note('warning', { warning: error.message });
    this.#warnings.add(error);
  }

  /** Tries the first choice again and again, until it has media. */
  #seekFirst(hasBroken: boolean, cause: StartOutcome = null): void {
    const retryAfterMs = cause === null || cause === 'blocked' ? undefined : cause.retryAfterMs;
    this.#firstChoice.seek({ failures: this.#failures, hasBroken, retryAfterMs }, this.#enter());
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

  /** Nothing that was waited for before counts. A spare that is taken is not dropped. */
  #enter(): AbortSignal {
    this.#end();
    this.#stage = new AbortController();
    if (this.#options.signal.aborted) this.#stage.abort();
    return this.#stage.signal;
  }

  #end(): void {
    this.#stage.abort();
    this.#spare.drop();
  }
}

function isLastWay({ ways, engineName }: WayPlayback): boolean {
  return ways.at(-1) === engineName;
}

function isEndOfAccess(cause: StartOutcome): cause is GatecastError {
  return cause !== null && cause !== 'blocked' && isAccessEnd(cause.code);
}

/** Does the next engine play a stream to which the access has not ended? */
function hasOtherStream({ ways, engineName, entries, source }: WayPlayback): boolean {
  const next = ways[ways.indexOf(engineName) + 1];
  const ended = new Set(entries.map(({ stream }) => stream));
  return next !== undefined && playableSource(next, source).entries.some(({ stream }) => !ended.has(stream));
}
