import { GatecastError, type Clock } from '@gatecast/token';
import type { FaultNotice } from './fault-notice.js';
import { HandshakeWatch, type HandshakeStep } from './handshake-watch.js';
import { MAX_REFUSALS } from './read-vendor-error.js';
import type { TokenRenewal } from './token-renewal.js';
import { connectionsFail } from './vendor-errors.js';

export interface ConnectionFaultsOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly renewal: TokenRenewal;
  readonly notice: FaultNotice;
  readonly stream: () => string;
  readonly isOnline: () => boolean;
  /** Has the player's token ended or nearly so, or is there a newer one? */
  readonly isTokenOld: () => boolean;
  /** Updates the player with the fresh token. */
  readonly update: () => void;
  /** The token endpoint refuses a token. */
  readonly onRefused: (error: GatecastError) => void;
}

/** From the first failed handshake until the page is told, at the earliest. A shorter outage is not an error. */
const PATIENCE_MS = 12_000;
/** A failed update is reported by two events. */
const SAME_EVENT_MS = 100;
/** The vendor's code of a failed handshake. */
const HANDSHAKE_FAILED = 4106;

/** Answers connections that fail: one fresh token, then one error for the page. The player continues to connect. */
export class ConnectionFaults {
  readonly #options: ConnectionFaultsOptions;
  readonly #watch = new HandshakeWatch();
  #lastGivenUp: { readonly atMs: number; readonly answer: Promise<boolean> } | null = null;

  constructor(options: ConnectionFaultsOptions) {
    this.#options = options;
  }

  onPlay(): void {
    this.#watch.onPlay();
  }

  /** The player waits before it connects again. */
  onReconnecting(): void {
    void this.#answer(this.#watch.onReconnecting(this.#state()));
  }

  /** The player has used up its reconnects. Resolves with whether it was updated, and so connects again. */
  onGivenUp(): Promise<boolean> {
    const state = this.#state();
    const last = this.#lastGivenUp;
    if (last && state.nowMs - last.atMs < SAME_EVENT_MS) return last.answer;
    const answer = this.#answer(this.#watch.onFailed(state));
    this.#lastGivenUp = { atMs: state.nowMs, answer };
    return answer;
  }

  #state(): Parameters<HandshakeWatch['onFailed']>[0] {
    const { clock, isOnline, isTokenOld } = this.#options;
    return { nowMs: clock.now(), isOnline: isOnline(), isTokenOld: isTokenOld() };
  }

  async #answer(step: HandshakeStep): Promise<boolean> {
    const { clock, renewal, notice, isOnline } = this.#options;
    switch (step) {
      case 'wait':
        return false;
      case 'renew':
        if (renewal.refusals < MAX_REFUSALS) return this.#renew();
        this.#watch.onRenewed();
        return false;
      case 'tell':
        notice.tellAt(
          Math.max(clock.now(), this.#watch.failingSinceMs + PATIENCE_MS),
          connectionsFail(HANDSHAKE_FAILED),
          () => !isOnline(),
        );
        return false;
    }
  }

  /** If the fault was the token, the next connection succeeds. */
  async #renew(): Promise<boolean> {
    const { signal, renewal, stream, update, onRefused } = this.#options;
    try {
      await renewal.fetchTokens(stream(), signal);
    } catch (error) {
      renewal.end();
      if (signal.aborted || !(error instanceof GatecastError)) return false;
      if (error.code === 'token-rejected') this.#watch.onRenewed();
      else if (error.retryable) this.#watch.onRenewalFailed();
      else onRefused(error);
      return false;
    }
    if (signal.aborted) return false;
    this.#watch.onRenewed();
    update();
    return true;
  }
}
