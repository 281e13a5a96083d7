export interface HandshakeState {
  /** The client's clock, in milliseconds. */
  readonly nowMs: number;
  /** `navigator.onLine` */
  readonly isOnline: boolean;
  /** Has the player's token ended or nearly so, or is there a newer one? */
  readonly isTokenOld: boolean;
}

/**
 * What to do about a connection that was lost or refused.
 *
 * `wait`: the player connects again by itself. `renew`: fetch one fresh token. `tell`: fresh tokens do not help either.
 */
export type HandshakeStep = 'wait' | 'renew' | 'tell';

/** One failed handshake may be a short loss of the network. */
const FAILURES_BEFORE_RENEWAL = 2;

/**
 * Counts handshakes that fail in a row. Browsers hide the HTTP status of a refused WebSocket, so a refused token looks
 * like a network outage. Offline, nothing is concluded. Online, one fresh token shows whether it was the token.
 */
export class HandshakeWatch {
  #isConnected = false;
  #failures = 0;
  #failingSinceMs = 0;
  #token: 'held' | 'asked' | 'fresh' = 'held';

  /** When the first of the failed handshakes was reported, by the client's clock. */
  get failingSinceMs(): number {
    return this.#failingSinceMs;
  }

  /** Media has arrived. */
  onPlay(): void {
    this.#isConnected = true;
    this.#reset();
  }

  /** The player will connect again: an open connection was lost, or a handshake has failed. */
  onReconnecting(state: HandshakeState): HandshakeStep {
    if (!this.#isConnected) return this.onFailed(state);
    this.#isConnected = false;
    return 'wait';
  }

  /** A handshake has failed. */
  onFailed({ nowMs, isOnline, isTokenOld }: HandshakeState): HandshakeStep {
    this.#isConnected = false;
    if (!isOnline) {
      this.#reset();
      return 'wait';
    }
    if (this.#failures === 0) this.#failingSinceMs = nowMs;
    this.#failures += 1;
    if (this.#token === 'fresh') return 'tell';
    if (this.#token === 'asked' || (this.#failures < FAILURES_BEFORE_RENEWAL && !isTokenOld)) return 'wait';
    this.#token = 'asked';
    return 'renew';
  }

  /** The next handshake uses a fresh token, or there is no other one to try. */
  onRenewed(): void {
    this.#token = 'fresh';
  }

  /** There was no fresh token, because the token endpoint did not respond: the network is to blame. */
  onRenewalFailed(): void {
    this.#token = 'held';
  }

  #reset(): void {
    this.#failures = 0;
    this.#token = 'held';
  }
}
