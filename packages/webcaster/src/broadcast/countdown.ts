import { lazyPart, type Clock } from '@gatecast/token';
import { SecureBroadcastCountdownEvent } from './start-events.js';
import type { BroadcastHost } from './broadcast-host.js';

const countdownPart = lazyPart(
  'runCountdown',
  async () => (await import('./run-countdown.js')).runCountdown,
  { code: 'publisher-load-failed' },
);

/** An attribute may hold any number; a longer one is a plan for the page. */
const LONGEST_S = 600;

/** The countdown of a start. */
export class Countdown {
  readonly #host: BroadcastHost;
  readonly #clock: Clock;
  #remaining: number | null = null;
  #life: AbortController | null = null;

  constructor(host: BroadcastHost, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
  }

  /** Whole seconds of the attribute `countdown`; 0 without one. */
  get seconds(): number {
    return Math.min(LONGEST_S, Math.max(0, Math.round(this.#host.countdown ?? 0) || 0));
  }

  /** Whole seconds until the connection opens; `null` when no countdown runs. */
  get remaining(): number | null {
    return this.#remaining;
  }

  /**
   * Counts down if the page wants it. Nothing is sent before its end: the connection opens then, with all that it needs at hand.
   *
   * @param prepare - gets what the connection needs; its failure ends the countdown.
   * @returns `false` if the device slept over the end.
   * @throws the signal's reason; what `prepare` throws; GatecastError if the code does not load.
   */
  async run(signal: AbortSignal, prepare: () => Promise<unknown>): Promise<boolean> {
    const { seconds } = this;
    if (seconds === 0) return true;
    signal.throwIfAborted();
    const life = new AbortController();
    this.#life = life;
    const end = (): void => life.abort(signal.reason);
    signal.addEventListener('abort', end, { once: true });
    try {
      const [isInTime] = await Promise.all([this.#count(seconds, life.signal), prepare()]);
      return isInTime;
    } finally {
      signal.removeEventListener('abort', end);
      life.abort();
      if (this.#life === life) this.#life = null;
    }
  }

  /** Ends the countdown with an error. @returns `false` when none runs. */
  fail(error: Error): boolean {
    this.#life?.abort(error);
    return this.#life !== null;
  }

  async #count(seconds: number, signal: AbortSignal): Promise<boolean> {
    const runCountdown = await countdownPart({ signal, tries: 3 });
    try {
      return await runCountdown({
        seconds,
        clock: this.#clock,
        signal,
        onTick: (remaining) => this.#tell(remaining),
      });
    } finally {
      this.#remaining = null;
      this.#host.requestUpdate();
    }
  }

  #tell(remaining: number): void {
    this.#remaining = remaining;
    this.#host.requestUpdate();
    this.#host.dispatchEvent(new SecureBroadcastCountdownEvent(remaining));
  }
}
