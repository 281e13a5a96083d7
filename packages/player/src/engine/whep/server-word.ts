import { retryDelayMs } from '@gatecast/token';

/** A session that is to be replaced before this time is replaced later each time: up to so many times an origin's longest wait. */
const RECONNECT_SPAN_MS = 60_000;
const LONGEST_WAIT = 10;
/** Longest wait before a stable session is replaced: a server may ask all its viewers at once. Playback goes on meanwhile. */
const SPREAD_MS = 2000;
/** After this time with media, an "inactive" is out of date. Shortly after it, what was on its way still comes. */
const UNEXPECTED_S = 3;

/** What a server says by its events, and how far it is believed. */
export class ServerWord {
  #isInactive = false;
  #unexpectedS = 0;
  #shownSinceMs = 0;
  #reconnects = 0;

  /** Is there no broadcast? */
  get isInactive(): boolean {
    return this.#isInactive;
  }

  set isInactive(isInactive: boolean) {
    this.#isInactive = isInactive;
    this.#unexpectedS = 0;
  }

  /** Media has come in this second. Returns whether "inactive" is untrue: "active" may be lost with the connection for events. */
  isDisproved(): boolean {
    if (this.#isInactive) this.#unexpectedS += 1;
    return this.#unexpectedS >= UNEXPECTED_S;
  }

  /** A session is shown from now on. */
  shown(nowMs: number): void {
    this.#shownSinceMs = nowMs;
  }

  /** Milliseconds until the session is replaced because the server asks for that: longer each time if it asks again and again. */
  reconnectWaitMs(nowMs: number, random: number): number {
    const isStable = nowMs - this.#shownSinceMs > RECONNECT_SPAN_MS;
    const attempt = (this.#reconnects = isStable ? 0 : this.#reconnects + 1);
    if (isStable) return random * SPREAD_MS;
    return Math.min(attempt, LONGEST_WAIT) * retryDelayMs({ attempt, random, service: 'origin' });
  }
}
