import {
  GatecastError,
  isAccessEnd,
  outlook,
  retryDelayMs,
  systemClock,
  type Cancel,
  type Clock,
} from '@gatecast/token';
import type { EngineReport } from '../engine/engine.js';
import type { PlaybackState } from './playback-host.js';

export interface RecoveryOptions {
  /** Loads the source again in the same element. */
  readonly restart: () => void;
  /** Resumes the current engine. Returns false when there is none. */
  readonly resume: () => boolean;
  /** Called when the wait before an attempt begins. */
  readonly onWaiting: (details: { code: GatecastError['code']; attempt: number; waitMs: number }) => void;
  /** Can the old source be played instead? Then the first error is final. @defaultValue it cannot */
  readonly isOnTrial?: () => boolean;
  /** Does the viewer wait for a picture? @defaultValue it does */
  readonly isStandingStill?: () => boolean;
  /** Does the page expect that the stream starts later? @defaultValue it does not */
  readonly mayStartLater?: () => boolean;
  /** Called when it begins to wait for a stream that has not started yet, and when that ends. */
  readonly onStreamAwaited?: (isAwaited: boolean) => void;
  /**
   * Called with an error that the viewer must know: it is final, or playback has stood still for some seconds.
   * Called with `null` when it plays again.
   */
  readonly onFailed: (error: GatecastError | null) => void;
  readonly clock?: Clock;
  /** Returns a number in [0, 1). @defaultValue `Math.random` */
  readonly random?: () => number;
}

/** The error that causes a standstill is shown after this time, unless it is younger than half of it. */
const SHOWN_AFTER_MS = 10_000;
/** The same before the first frame, when the viewer sees nothing. */
const SHOWN_AT_START_AFTER_MS = 5000;
/** Failures that are further apart have different causes. */
const SAME_FAULT_MS = 10_000;

/**
 * Decides after each playback error how to go on. An error that passes is tried again, with backoff, until it plays. The
 * viewer sees the error if that takes long; it disappears when it plays.
 */
export class Recovery {
  readonly #options: RecoveryOptions;
  readonly #clock: Clock;
  #state: PlaybackState = 'starting';
  /** Attempts in a row without a long time between them. */
  #attempts = 0;
  #lastFailureMs = -Infinity;
  /** When the first of the failures since the last progress occurred. */
  #troubleSinceMs: number | null = null;
  /** Time of the last progress, or of the start. */
  #stillSinceMs: number;
  #cancelShow: Cancel | null = null;
  /** Has the network come back since the last progress? */
  #hasHurried = false;
  #hasPlayed = false;
  #lastError: GatecastError | null = null;
  #shownError: GatecastError | null = null;
  #isResumable = false;
  #isEngineRetrying = false;
  #isTryingAgain = false;
  #isStreamAwaited = false;
  #cancelWait: Cancel | null = null;

  constructor(options: RecoveryOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#stillSinceMs = this.#clock.now();
  }

  get state(): PlaybackState {
    return this.#state;
  }

  /** The error that the viewer sees. */
  get failure(): GatecastError | null {
    return this.#state === 'failed' ? this.#shownError : null;
  }

  /** Called when the source is loaded again. Returns whether the viewer saw an error, which no longer counts. */
  begin(): boolean {
    this.#endWait();
    if (this.#isTryingAgain) return false;
    const hadFailed = this.#state === 'failed';
    if (hadFailed) this.#attempts = 0;
    this.#endTrouble();
    this.#state = 'starting';
    return hadFailed;
  }

  /** Called when media time advances. Returns true the first time. */
  progress(): boolean {
    const isFirst = !this.#hasPlayed;
    this.#hasPlayed = true;
    this.#hasHurried = false;
    this.#endTrouble();
    this.#awaitStream(false);
    // An engine that plays from its buffer may have stopped to load: the wait before the next attempt goes on.
    if (this.#cancelWait === null && this.#clock.now() - this.#lastFailureMs > SAME_FAULT_MS)
      this.#attempts = 0;
    this.loaded();
    return isFirst;
  }

  /** Called when there is a picture, also of a paused player: an error that the viewer sees has passed. */
  loaded(): void {
    if (this.#state !== 'stopped' && !this.isFinal && !this.#isEngineRetrying) this.#playsAgain();
  }

  /**
   * Called when a new token arrives: an attempt that failed for want of one is made at once.
   *
   * @param reason - of its request. After the end of an access, only one that the page, the viewer or the backend has asked for
   * counts: not the renewal of another rendition.
   */
  tokenRefreshed(reason: string): void {
    const code = this.#lastError?.code ?? '';
    if (!(isAccessEnd(code) ? /^(?:initial|resume|manual)$/.test(reason) : code.startsWith('token-'))) return;
    if (this.#cancelWait) this.#tryAgain();
    else if (this.isFinal) this.#options.restart();
  }

  /** Called with what the engine reports about errors. */
  onReport(report: Extract<EngineReport, { type: 'error' | 'trouble' | 'resumed' | 'awaited' }>): void {
    if (report.type === 'error') this.fail(report.error, report.isResumable, report.isEngineRetrying);
    else if (report.type === 'trouble') this.trouble(report.error);
    else if (report.type === 'awaited') this.#awaitStream(true);
    else if (this.#state === 'failed' || this.#state === 'recovering') {
      this.#isEngineRetrying = false;
      this.#awaitStream(false);
      this.#playsAgain();
    }
  }

  /** Called when a request has failed and will be repeated: if playback stands still, this is why. */
  trouble(error: GatecastError): void {
    if (this.#state === 'stopped' || this.#state === 'failed' || !this.#passes(error)) return;
    this.#lastError = error;
    this.#troubleSinceMs ??= this.#clock.now();
    this.#showLater();
  }

  /**
   * Called when playback has ended with an error.
   *
   * @param isResumable - can resuming the engine fix it?
   * @param isEngineRetrying - does the engine continue to try without help?
   */
  fail(error: GatecastError, isResumable: boolean, isEngineRetrying = false): void {
    if (this.#state === 'stopped' || this.isFinal) return;
    const nowMs = this.#clock.now();
    this.#lastError = error;
    this.#lastFailureMs = nowMs;
    this.#troubleSinceMs ??= nowMs;
    // An engine that goes on failing does not put off the attempt that is due.
    this.#isResumable = isResumable && (this.#cancelWait === null || this.#isResumable);
    this.#isEngineRetrying = isEngineRetrying;
    if (isEngineRetrying || !this.#passes(error)) {
      this.#endWait();
      this.#awaitStream(false);
      this.#show(error);
      return;
    }
    if (!this.#cancelWait) this.#tryLater(error, nowMs);
    if (this.#isNotOnAir(error)) this.#awaitStream(true);
    if (this.#state === 'failed') this.#show(error);
    else this.#state = 'recovering';
    this.#showLater();
  }

  /** Called when media time does not advance although it should. */
  stalled(): void {
    if (this.#cancelWait) return;
    const stalled = new GatecastError('playback-stalled', 'Playback stands still.', {
      hint: 'Check the network and the media origin.',
      retryable: true,
    });
    // A standstill after an error has the same cause.
    const cause = this.#troubleSinceMs === null ? null : this.#lastError;
    this.fail(this.failure ?? cause ?? stalled, this.#state !== 'recovering' && this.#state !== 'failed');
  }

  /** Retries at once, because the page or the network is back. Returns false when no retry was pending. */
  hurry(): boolean {
    // What failed before is over. If playback does not go on, another failure will say why. A network that comes and goes
    // does not put that off again and again.
    if (!this.#hasHurried) this.#endTrouble();
    this.#hasHurried = true;
    if (!this.#cancelWait) return false;
    // The segments that the engine knows may no longer be in the stream, so resuming is not enough.
    this.#isResumable = false;
    this.#tryAgain();
    return true;
  }

  stop(): void {
    this.#state = 'stopped';
    this.#awaitStream(false);
    this.#endWait();
    this.#endTrouble();
  }

  /** Has playback ended with an error, and nobody tries again? */
  get isFinal(): boolean {
    return this.#state === 'failed' && !this.#isEngineRetrying && !this.#passes(this.#shownError);
  }

  #passes(error: GatecastError | null): boolean {
    if (!error || this.#options.isOnTrial?.()) return false;
    const mayStartLater = this.#options.mayStartLater?.();
    return outlook(error, { hasWorked: this.#hasPlayed, mayStartLater }) === 'passes';
  }

  /** Does the page wait for a stream that has not started yet? */
  #isNotOnAir(error: GatecastError): boolean {
    return !this.#hasPlayed && this.#options.mayStartLater?.() === true && isAbsent(error);
  }

  #tryLater({ code, retryAfterMs }: GatecastError, nowMs: number): void {
    this.#attempts += 1;
    const attempt = this.#attempts;
    const random = (this.#options.random ?? Math.random)();
    const waitMs = retryDelayMs({ attempt, random, retryAfterMs, service: 'origin' });
    this.#options.onWaiting({ code, attempt, waitMs });
    this.#cancelWait = this.#clock.at(nowMs + waitMs, () => {
      this.#tryAgain();
    });
  }

  /** Shows the error when the viewer has waited for long enough, if playback still stands still then. */
  #showLater(): void {
    if (this.#cancelShow || this.#state === 'failed') return;
    const patienceMs = this.#hasPlayed ? SHOWN_AFTER_MS : SHOWN_AT_START_AFTER_MS;
    const troubleSinceMs = this.#troubleSinceMs ?? this.#clock.now();
    const atMs = Math.max(this.#stillSinceMs + patienceMs, troubleSinceMs + patienceMs / 2);
    this.#cancelShow = this.#clock.at(atMs, () => {
      this.#cancelShow = null;
      const error = this.#lastError;
      if (!error || !this.#passes(error) || this.#isNotOnAir(error)) return;
      if (this.#options.isStandingStill?.() !== false) this.#show(error);
    });
  }

  #endTrouble(): void {
    this.#troubleSinceMs = null;
    this.#stillSinceMs = this.#clock.now();
    this.#cancelShow?.();
    this.#cancelShow = null;
  }

  #show(error: GatecastError): void {
    const shown = this.failure;
    this.#shownError = error;
    this.#state = 'failed';
    if (shown?.code !== error.code) this.#options.onFailed(error);
  }

  #playsAgain(): void {
    const wasShown = this.#state === 'failed';
    this.#state = 'playing';
    if (wasShown) this.#options.onFailed(null);
  }

  #awaitStream(isAwaited: boolean): void {
    if (isAwaited === this.#isStreamAwaited) return;
    this.#isStreamAwaited = isAwaited;
    this.#options.onStreamAwaited?.(isAwaited);
  }

  #tryAgain(): void {
    this.#endWait();
    this.#isTryingAgain = true;
    try {
      if (!this.#isResumable || !this.#options.resume()) this.#options.restart();
    } finally {
      this.#isTryingAgain = false;
    }
  }

  #endWait(): void {
    this.#cancelWait?.();
    this.#cancelWait = null;
  }
}

/** Is there no stream at the address, or not yet? */
function isAbsent({ code }: GatecastError): boolean {
  return code === 'source-not-found' || code === 'source-not-hls';
}
