import { GatecastError, type Clock, type WakeReason } from '@gatecast/token';
import type { EntryTokens } from './entry-tokens.js';
import type { PlayState } from './play-state.js';
import { ReplaySchedule } from './replay-schedule.js';
import type { UpdateOutcome } from './update-queue.js';

export interface ReplaysOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tokens: EntryTokens;
  readonly playState: PlayState;
  /** Updates the player with the collected tokens. */
  readonly update: () => void;
  /** Plays in the player, which has the current source already. */
  readonly play: () => void;
  /** The token endpoint refuses a token. */
  readonly onRefused: (error: GatecastError) => void;
  readonly onWaiting: (details: { attempt: number; waitMs: number }) => void;
  /** Returns a number in [0, 1). @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
}

/** Plays again in the same player: with backoff after a fault, and at once when a hidden page is visible. */
export class Replays {
  readonly #options: ReplaysOptions;
  readonly #schedule: ReplaySchedule;
  #isUnderWay = false;
  /** Was playback suspended with the page? */
  #isHidden = false;

  constructor(options: ReplaysOptions) {
    this.#options = options;
    const { clock, signal, onWaiting, random } = options;
    this.#schedule = new ReplaySchedule({
      clock,
      replay: () => void this.#replay(),
      onWaiting,
      ...(random && { random }),
    });
    const stopWaking = clock.onWake(this.#onWake);
    signal.addEventListener(
      'abort',
      () => {
        stopWaking();
        this.cancel();
      },
      { once: true },
    );
  }

  /** Does it wait for the next attempt? */
  get isPending(): boolean {
    return this.#schedule.isPending;
  }

  /** Plays again after the next wait, if the page wants playback. */
  request(): void {
    const { signal, playState } = this.#options;
    this.#isUnderWay = false;
    if (playState.isPlaying && !signal.aborted) this.#schedule.request();
  }

  /** Plays again when the page is visible, if the page wants playback. */
  requestWhenVisible(): void {
    this.#isHidden = this.#options.playState.isPlaying;
  }

  onPlay(): void {
    this.#schedule.onPlay();
    this.#isUnderWay = this.#isHidden = false;
  }

  cancel(): void {
    this.#schedule.cancel();
    this.#isHidden = false;
  }

  /**
   * An update of the player has ended.
   *
   * @param isRenewing - was it to start playback with a fresh token?
   */
  onOutcome(outcome: UpdateOutcome, isRenewing: boolean): void {
    if (!this.#isUnderWay && !isRenewing) return;
    // The player has this source already, so that the update did not start playback.
    if (outcome === 'equalsource') this.#options.play();
    else if (outcome === 'timeout') this.request();
    if (outcome !== 'frequency') this.#isUnderWay = false;
  }

  /** Only tokens that have ended are fetched. */
  async #replay(): Promise<void> {
    const { signal, tokens, playState, update, onRefused } = this.#options;
    try {
      await tokens.collect(signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof GatecastError)) return;
      if (error.retryable) this.request();
      else onRefused(error);
      return;
    }
    if (signal.aborted) return;
    // The page may have paused meanwhile: the update then starts nothing.
    this.#isUnderWay = playState.isPlaying;
    update();
  }

  readonly #onWake = (reason: WakeReason): void => {
    if (this.#isHidden && reason !== 'online') {
      this.#isHidden = false;
      this.#options.playState.isPlaying = true;
      void this.#replay();
    } else this.#schedule.hurry();
  };
}
