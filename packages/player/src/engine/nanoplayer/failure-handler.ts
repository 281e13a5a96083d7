import { GatecastError } from '@gatecast/token';
import { ConnectionFaults } from './connection-faults.js';
import type { FailureHandlerOptions } from './failure-handler-options.js';
import { FaultNotice } from './fault-notice.js';
import { HeldError } from './held-error.js';
import { isAmbiguous, readVendorError, type VendorRemedy } from './read-vendor-error.js';
import { Replays } from './replays.js';
import type { UpdateOutcome } from './update-queue.js';
import { classifyVendorCode } from './vendor-codes.js';
import { tokensRefused } from './vendor-errors.js';

/** What the events of the vendor's player tell. */
export type FailureListeners = Pick<FailureHandler, 'onError' | 'onPause' | 'onPlay' | 'onUpdateFailed'>;

/** A token this close to its end may already have ended by the server's clock when a handshake failed. */
const NEAR_END_MS = 10_000;
/** The longest time limit of the vendor's player: after it, an attempt has an outcome. */
const RETRYING_MS = 60_000;
/** A fault that lasts longer is an error for the page; the player continues to try. */
const PATIENCE_MS = 30_000;

/**
 * Answers errors of the vendor's player and of the tokens that it is to be given.
 *
 * In any minute, faults cost at most two token requests, and at most eight attempts to play again in the same player. The
 * vendor's own reconnects come in addition: at most one in `reconnect.minDelay`, which is 2 s unless the page sets it.
 */
export class FailureHandler {
  readonly #options: FailureHandlerOptions;
  readonly #connections: ConnectionFaults;
  readonly #replays: Replays;
  readonly #notice: FaultNotice;
  /** An error that means one thing or another by its pause. */
  readonly #held: HeldError;
  /** The error of an update, which stops playback only with a pause. */
  readonly #heldUpdate: HeldError;
  #hasBegun = false;
  /** What the player has reported during its setup. */
  #earlyCodes: number[] = [];
  #hasPlayed = false;
  #hasFailed = false;
  /** Has the player stopped or not begun? */
  #isPaused = true;
  #lastFaultMs = -Infinity;

  constructor(options: FailureHandlerOptions) {
    this.#options = options;
    const { host, clock, tokens, renewal, playState, stream, update, play, random } = options;
    const { signal } = host;
    this.#notice = new FaultNotice({
      clock,
      report: host.report,
      onTold: ({ message }) => {
        playState.reject('NotSupportedError', message);
      },
    });
    this.#connections = new ConnectionFaults({
      clock,
      signal,
      renewal,
      notice: this.#notice,
      stream,
      isOnline: this.#isOnline,
      isTokenOld: this.#isTokenOld,
      update,
      onRefused: this.fail,
    });
    this.#replays = new Replays({
      clock,
      signal,
      tokens,
      playState,
      update: () => {
        // Its next error is not that of the stream that has stopped.
        this.#held.reset();
        update();
      },
      play,
      onRefused: this.fail,
      onWaiting: (details) => {
        this.#note('replay', details);
      },
      random,
    });
    this.#held = new HeldError(clock, (code, pauseReason) => {
      this.#answer(code, pauseReason);
    });
    this.#heldUpdate = new HeldError(clock, (code, pauseReason) => {
      if (pauseReason !== null) this.#answer(code, pauseReason);
    });
    signal.addEventListener(
      'abort',
      () => {
        this.#held.drop();
        this.#heldUpdate.drop();
        this.#notice.stop();
      },
      { once: true },
    );
  }

  /** Has the player stopped with an error, so that an update must not start it before its time? */
  get isStopped(): boolean {
    return this.#hasFailed || this.#replays.isPending;
  }

  /** Does the player connect again, or wait to play again? */
  get isRetrying(): boolean {
    const isRecent = this.#options.clock.now() - this.#lastFaultMs < RETRYING_MS;
    return this.#replays.isPending || (this.#isPaused && isRecent);
  }

  /** The player is set up. An error that prevents this is reported by the rejection of `setup` instead. */
  begin(): void {
    this.#hasBegun = true;
    for (const code of this.#earlyCodes.splice(0)) this.onError(code);
  }

  /** The player has reported an error. */
  onError(code: number | undefined): void {
    if (this.#hasFailed || code === undefined) return;
    if (!this.#hasBegun) {
      this.#earlyCodes.push(code);
      return;
    }
    this.#note('error', { code });
    this.#heldUpdate.drop();
    if (isAmbiguous(code, this.#majorVersion)) this.#held.hold(code);
    else this.#answer(code, null);
  }

  /** An update has failed. If it has stopped playback, an error or a pause follows. */
  onUpdateFailed(code: number | undefined): void {
    if (code === undefined) return;
    if (classifyVendorCode(code) === 'token') this.onError(code);
    else this.#heldUpdate.hold(code);
  }

  onPause(reason: string): void {
    this.#isPaused = true;
    if (reason !== 'normal') this.#lastFaultMs = this.#options.clock.now();
    if (reason === 'reconnectionimminent') {
      this.#connections.onReconnecting();
      return;
    }
    this.#held.onPause(reason);
    this.#heldUpdate.onPause(reason);
  }

  onPlay(): void {
    const { host, setEnded } = this.#options;
    this.#connections.onPlay();
    this.#replays.onPlay();
    this.#held.reset();
    this.#heldUpdate.reset();
    this.#notice.clear();
    if (this.#hasFailed) host.report({ type: 'resumed' });
    setEnded(false);
    this.#hasPlayed = true;
    this.#hasFailed = this.#isPaused = false;
  }

  /** The player gets another source: what is known of the old one does not hold for it. */
  reset(): void {
    this.#replays.cancel();
    this.#notice.stop();
    this.#held.reset();
    this.#heldUpdate.reset();
    this.#options.setEnded(false);
    this.#hasPlayed = false;
  }

  /** The viewer or the page wants no playback: nothing is tried until it does. */
  onPauseRequest(): void {
    this.#options.playState.isPlaying = false;
    this.#replays.cancel();
    this.#notice.stop();
  }

  /** An update of the player has ended. */
  onOutcome(outcome: UpdateOutcome): void {
    this.#replays.onOutcome(outcome, this.#options.renewal.isUpdating);
  }

  /** There are no fresh tokens for an update. */
  onTokenError(error: unknown): void {
    const { host, playState, renewal } = this.#options;
    if (host.signal.aborted || !(error instanceof GatecastError)) return;
    // While the player plays, or nobody wants it to, its old token does not matter: the token manager reports and retries.
    if (renewal.isIdle && (!this.#isPaused || !playState.isPlaying)) return;
    if (!error.retryable || !playState.isPlaying) {
      this.fail(error);
      return;
    }
    renewal.end();
    this.#notice.tell(error);
    this.#replays.request();
  }

  get #majorVersion(): number {
    return Number.parseInt(this.#options.version(), 10);
  }

  readonly #isOnline = (): boolean => this.#options.isOnline?.() ?? navigator.onLine;

  /** Does the player play, or can nothing be concluded without a network? */
  readonly #isMoot = (): boolean => !this.#isPaused || !this.#isOnline();

  readonly #isTokenOld = (): boolean => {
    const { tokens, stream } = this.#options;
    return tokens.isOld(stream(), NEAR_END_MS);
  };

  #answer(code: number, pauseReason: string | null): void {
    const { renewal } = this.#options;
    const remedy = readVendorError({
      code,
      majorVersion: this.#majorVersion,
      pauseReason,
      isTokenOld: this.#isTokenOld(),
      hasPlayed: this.#hasPlayed,
      hasTokens: this.#options.tokens.exist,
      refusals: renewal.refusals,
    });
    void this.#apply(remedy, code);
  }

  async #apply(remedy: VendorRemedy, code: number): Promise<void> {
    const { clock, renewal, setEnded } = this.#options;
    switch (remedy.kind) {
      case 'none':
        return;
      case 'play-when-visible':
        this.#replays.requestWhenVisible();
        return;
      case 'renew':
        // Two events may report one refusal.
        if (!renewal.isFetching) await this.#renew(code);
        return;
      case 'fail':
        this.fail(remedy.error);
        return;
      case 'reconnect':
      case 'replay':
        this.#notice.tellAt(clock.now() + PATIENCE_MS, remedy.error, this.#isMoot);
        if (remedy.kind === 'reconnect' && (await this.#connections.onGivenUp())) return;
        break;
      case 'end':
        this.#notice.stop();
        setEnded(true);
        break;
      case 'await-stream':
        this.#notice.tell(remedy.error);
    }
    if (!this.#hasFailed) this.#replays.request();
  }

  /** The server refused the token: fetches fresh ones, then updates the player once, which continues to play. */
  async #renew(code: number): Promise<void> {
    const { host, renewal, stream, update } = this.#options;
    try {
      await renewal.fetchTokens(stream(), host.signal);
    } catch (error) {
      const isFreshRefused = error instanceof GatecastError && error.code === 'token-rejected';
      this.onTokenError(isFreshRefused ? tokensRefused(code) : error);
      return;
    }
    if (!host.signal.aborted) update();
  }

  /** Playback ends with an error. */
  readonly fail = (error: GatecastError): void => {
    const { host, playState } = this.#options;
    this.#hasFailed = true;
    this.#replays.cancel();
    this.#notice.stop();
    playState.reject('NotSupportedError', error.message);
    host.report({ type: 'error', error, isResumable: false });
  };

  #note(name: string, details: Readonly<Record<string, unknown>>): void {
    this.#options.host.report({ type: 'note', name: `nanoplayer-${name}`, details });
  }
}
