import type { GatecastError } from '@gatecast/token';
import type { ResolvedSource } from '../../source/player-source.js';
import { EntrySelection } from './entry-selection.js';
import type { EntryTokens } from './entry-tokens.js';
import type { FailureListeners } from './failure-handler.js';
import { readVendorError, type VendorRemedy } from './read-vendor-error.js';
import type { UpdateQueue } from './update-queue.js';
import { vendorFailed } from './vendor-errors.js';

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
   * @returns the source as the player has completed it, if it reports one.
   * @throws GatecastError why the next source cannot be played; or the reason of `signal`.
   */
  async run(next: ResolvedSource, signal: AbortSignal): Promise<unknown> {
    const { tokens, updates, engineSignal, selection, select } = this.#options;
    const old = selection();
    const selected = new EntrySelection(next);
    selected.assertNotEmpty();
    const useTokens = await tokens.collectFor(next, signal);
    signal.throwIfAborted();
    engineSignal.throwIfAborted();
    // An update of the old source may be in flight until then.
    const { outcome, code, source } = await updates.complete(() => {
      this.#isActive = true;
      select(selected);
      useTokens();
    });
    engineSignal.throwIfAborted();
    if (outcome === 'success' || outcome === 'equalsource') {
      this.#isActive = false;
      return source;
    }
    await this.#restore(old);
    throw updateFailed(code, this.#options.majorVersion());
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
    const { updates, majorVersion } = this.#options;
    const isFailure = code !== undefined && 'error' in remedyOf(code, majorVersion());
    if (isFailure && updates.isInFlight) updates.abandon(code);
  }

  async #restore(old: EntrySelection): Promise<void> {
    const { tokens, updates, engineSignal, select, onLost } = this.#options;
    select(old);
    try {
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

/** The error for a source that the player could not play; its tokens were fresh. */
function updateFailed(code: number | undefined, majorVersion: number): GatecastError {
  const remedy = code === undefined ? null : remedyOf(code, majorVersion);
  return remedy && 'error' in remedy ? remedy.error : vendorFailed(code);
}

/** The answer to an error of a source that has not played and whose tokens were fresh. */
function remedyOf(code: number, majorVersion: number): VendorRemedy {
  return readVendorError({
    code,
    majorVersion,
    pauseReason: null,
    isTokenOld: false,
    hasPlayed: false,
    refusals: Infinity,
  });
}
