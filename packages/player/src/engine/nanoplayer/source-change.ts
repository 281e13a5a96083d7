import type { GatecastError } from '@gatecast/token';
import type { ResolvedSource } from '../../source/player-source.js';
import { EntrySelection } from './entry-selection.js';
import type { EntryTokens } from './entry-tokens.js';
import type { FailureListeners } from './failure-handler.js';
import { readVendorError, type VendorRemedy } from './read-vendor-error.js';
import type { UpdateQueue, UpdateResult } from './update-queue.js';
import { nextNotOnAir, vendorFailed } from './vendor-errors.js';

export interface SourceChangeOptions {
  readonly tokens: EntryTokens;
  readonly updates: UpdateQueue;
  /** Aborts when the engine ends. */
  readonly engineSignal: AbortSignal;
  readonly selection: () => EntrySelection;
  /** Makes a selection the one that updates send. */
  readonly select: (selection: EntrySelection) => void;
  /** Major version of the vendor's player. */
  readonly majorVersion: () => number;
  /** The player gets another source. */
  readonly onTaken: () => void;
  /** The old source cannot be restored. */
  readonly onLost: (error: unknown) => void;
}

/**
 * Changes the source of the vendor's player by its own update. The player keeps a source that it could not play, so
 * that after a failure another update restores the old one.
 */
export class SourceChange {
  readonly #options: SourceChangeOptions;
  #isActive = false;

  constructor(options: SourceChangeOptions) {
    this.#options = options;
  }

  /** Is the player between two sources? Its errors are then answered here. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /**
   * Settles when the player plays the next source, or has taken it while it is paused; or when it has the old one
   * again.
   *
   * @param signal - cancels the change before the player has the next source; later it ends the wait, so that another
   *   change can follow.
   * @param restoreTokens - called before the old source is restored.
   * @returns the source as the player has completed it, if it reports one.
   * @throws GatecastError why the next source cannot be played; or the reason of `signal`.
   */
  async run(
    next: ResolvedSource,
    signal: AbortSignal,
    restoreTokens = (): void => undefined,
  ): Promise<unknown> {
    const { tokens, engineSignal, selection, select, onTaken } = this.#options;
    const old = selection();
    const selected = new EntrySelection(next);
    selected.assertNotEmpty();
    const useTokens = await tokens.collectFor(next, signal);
    signal.throwIfAborted();
    engineSignal.throwIfAborted();
    let result = await this.#complete(signal, () => {
      select(selected);
      useTokens();
      onTaken();
    });
    if (isRefusal(result, this.#remedyOf) && (await this.#renew(selected.stream)))
      result = await this.#complete(signal);
    engineSignal.throwIfAborted();
    if (result === null) return undefined;
    const { outcome, code, source } = result;
    if (outcome === 'success' || outcome === 'equalsource') {
      this.#isActive = false;
      return source;
    }
    await this.#restore(old, restoreTokens);
    throw updateFailed(code, this.#remedyOf);
  }

  /** The listeners for failures, without those that are the outcome of a change. */
  guard(failures: FailureListeners): FailureListeners {
    return {
      onError: (code) => {
        if (this.#isActive) this.onError(code);
        else failures.onError(code);
      },
      onUpdateFailed: (code) => {
        if (!this.#isActive) failures.onUpdateFailed(code);
      },
      onPause: (reason) => {
        if (!this.#isActive) failures.onPause(reason);
      },
      onPlay: () => {
        failures.onPlay();
      },
    };
  }

  /** The player reports an error between two sources: the update has failed, even if no event reports it. */
  onError(code: number | undefined): void {
    const { updates } = this.#options;
    const isFailure = code !== undefined && 'error' in this.#remedyOf(code);
    if (isFailure && updates.isInFlight) updates.abandon(code);
  }

  /** What to do about an error of a source that has not played. It cannot have stopped: 2004 is a refused token. */
  readonly #remedyOf: RemedyOf = (code, refusals = Infinity) =>
    readVendorError({
      code,
      majorVersion: this.#options.majorVersion(),
      pauseReason: null,
      isTokenOld: true,
      hasPlayed: false,
      hasTokens: this.#options.tokens.exist,
      refusals,
    });

  /** Sends the selected source, after an update that is in flight. Resolves with `null` when `signal` ends the wait. */
  #complete(signal: AbortSignal, onSent = (): void => undefined): Promise<UpdateResult | null> {
    const { updates } = this.#options;
    return new Promise((resolve) => {
      const leave = () => {
        if (!this.#isActive) return;
        this.#isActive = false;
        resolve(null);
        // The player replaces an update by the next one.
        updates.abandon();
      };
      signal.addEventListener('abort', leave);
      const sent = updates.complete(() => {
        this.#isActive = true;
        onSent();
        if (signal.aborted) queueMicrotask(leave);
      });
      void sent.then((result) => {
        signal.removeEventListener('abort', leave);
        resolve(result);
      });
    });
  }

  /** Gets another token for the refused one. Returns whether there is one. */
  #renew(stream: string): Promise<boolean> {
    const { tokens, engineSignal } = this.#options;
    return tokens.replace(stream, engineSignal).then(
      () => !engineSignal.aborted,
      () => false,
    );
  }

  async #restore(old: EntrySelection, restoreTokens: () => void): Promise<void> {
    const { tokens, updates, engineSignal, select, onLost } = this.#options;
    select(old);
    try {
      restoreTokens();
      const useTokens = await tokens.collectFor(old.source, engineSignal);
      useTokens();
    } catch (error) {
      this.#isActive = false;
      if (!engineSignal.aborted) onLost(error);
      return;
    }
    await updates.complete(() => {
      this.#isActive = false;
    });
  }
}

type RemedyOf = (code: number, refusals?: number) => VendorRemedy;

function isRefusal(result: UpdateResult | null, remedyOf: RemedyOf): boolean {
  const code = result?.outcome === 'fail' ? result.code : undefined;
  return code !== undefined && remedyOf(code, 0).kind === 'renew';
}

/** The error for a source that the player could not play, also with fresh tokens. The old one plays on. */
function updateFailed(code: number | undefined, remedyOf: RemedyOf): GatecastError {
  const remedy = code === undefined ? null : remedyOf(code);
  if (code === undefined || !remedy) return vendorFailed(code);
  if (remedy.kind === 'await-stream') return nextNotOnAir(code);
  return remedy.kind === 'fail' ? remedy.error : vendorFailed(code);
}
