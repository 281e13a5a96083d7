import { retryDelayMs } from '@gatecast/token';

/** Readings within this time are one: what they bring is the same. */
const SHARED_MS = 2000;
/** The shortest wait after a reading that brought nothing new. */
const SHORTEST_WAIT_MS = 1000;

/** When a playlist may be read again. */
export class RereadingPace {
  readonly #random: () => number;
  #failures = 0;
  #notBeforeMs = -Infinity;
  #readAtMs = -Infinity;
  /** A newer token is a reason not to wait. */
  #version: number | null = null;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** May it be read for an address that ends? */
  mayRead(nowMs: number, version: number | null): boolean {
    if (nowMs >= this.#notBeforeMs) return true;
    // Some origins renew the token with each response.
    return this.#failures === 0 && version !== this.#version && nowMs - this.#readAtMs >= SHARED_MS;
  }

  /** May it be read for an address that was refused? */
  mayRepeat(nowMs: number): boolean {
    return nowMs - this.#readAtMs >= SHARED_MS && (this.#failures === 0 || nowMs >= this.#notBeforeMs);
  }

  read(nowMs: number): void {
    this.#readAtMs = nowMs;
  }

  /** The reading failed, or the addresses that it brought were refused. */
  failed(nowMs: number, retryAfterMs?: number): void {
    this.#failures += 1;
    const random = this.#random();
    this.#notBeforeMs =
      nowMs + retryDelayMs({ attempt: this.#failures, random, retryAfterMs, service: 'origin' });
  }

  /** The addresses that it brought were accepted. */
  helped(): void {
    if (this.#failures > 0) this.#notBeforeMs = -Infinity;
    this.#failures = 0;
  }

  /** The reading brought addresses with an end that cannot be read. */
  unknown(nowMs: number): void {
    this.#failures = 0;
    this.#notBeforeMs = nowMs + SHARED_MS;
  }

  /** The reading brought addresses that end no later. */
  unchanged(nowMs: number, remainingMs: number, version: number | null): void {
    this.#notBeforeMs = nowMs + Math.max(SHORTEST_WAIT_MS, remainingMs / 2);
    this.#version = version;
  }
}
