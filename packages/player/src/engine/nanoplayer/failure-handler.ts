import { GatecastError } from '@gatecast/token';
import type { EngineHost } from '../engine.js';
import type { PlayState } from './play-state.js';
import type { TokenRenewal, VendorFailure } from './token-renewal.js';

export interface FailureHandlerOptions {
  readonly host: Pick<EngineHost, 'report' | 'signal'>;
  readonly renewal: TokenRenewal;
  readonly playState: PlayState;
  /** Adds the circumstances to the code of an error. */
  readonly describe: (code: number) => VendorFailure;
  /** Updates the player, which has stopped, with the tokens of the renewal. */
  readonly update: () => void;
}

/** Answers errors of the vendor's player and of the tokens that it is to be given. */
export class FailureHandler {
  readonly #options: FailureHandlerOptions;
  #hasFailed = false;

  constructor(options: FailureHandlerOptions) {
    this.#options = options;
  }

  /** The player has reported an error. */
  onError(code: number | undefined): void {
    if (this.#hasFailed || code === undefined) return;
    const { host, renewal, describe } = this.#options;
    host.report({ type: 'note', name: 'nanoplayer-error', details: { code } });
    const failure = describe(code);
    const remedy = renewal.decide(failure);
    if (remedy.kind === 'renew') void this.#renew(failure);
    else if (remedy.kind === 'fail') this.#fail(remedy.error);
  }

  /** There are no fresh tokens for an update. */
  onTokenError(error: unknown): void {
    const { host, playState, renewal } = this.#options;
    if (host.signal.aborted) return;
    // While the player plays, its old token does not matter: the token manager reports the failure and retries.
    if (!(error instanceof GatecastError) || (playState.isPlaying && renewal.isIdle)) return;
    this.#fail(error);
  }

  /** The server refused the token: fetches fresh ones, then updates the player once, which continues to play. */
  async #renew(failure: VendorFailure): Promise<void> {
    const { host, playState, renewal, update } = this.#options;
    playState.isPlaying = true;
    try {
      await renewal.fetchTokens(failure, host.signal);
    } catch (error) {
      this.onTokenError(error);
      return;
    }
    if (!host.signal.aborted) update();
  }

  #fail(error: GatecastError): void {
    const { host, playState } = this.#options;
    this.#hasFailed = true;
    playState.reject('NotSupportedError', error.message);
    host.report({ type: 'error', error, isResumable: false });
  }
}
