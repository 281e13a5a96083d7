import type { Cancel, Clock } from '../time/clock.js';
import type { Release, TabLink } from './tab-link.js';

export interface TurnOptions {
  readonly link: TabLink;
  readonly clock: Clock;
  /** Ends the wait: nothing is left to ask for. */
  readonly signal: AbortSignal;
  /** Longest wait for another tab, in milliseconds; then this tab asks by itself. */
  readonly boundMs: number;
  /** After so long without a message of the tab whose turn it is, this tab takes its place. In milliseconds. */
  readonly silenceMs: number;
  /** Asks the other tab for a message. */
  readonly ping: () => void;
}

/**
 * Waits for the turn of this tab. A tab that is stopped in a debugger, in a loop or by the browser keeps its lock and says
 * nothing: its turn is taken from it.
 */
export class TurnWait {
  /** Resolves with a function that ends the turn. Rejects if the signal aborts first, or if the page is left. */
  readonly turn: Promise<Release>;
  readonly #options: TurnOptions;
  readonly #waiting = new AbortController();
  #heardAtMs: number;
  #cancel: Cancel = () => undefined;
  #resolve: (release: Release) => void = () => undefined;

  constructor(options: TurnOptions) {
    const { link, clock, signal, boundMs } = options;
    this.#options = options;
    this.#heardAtMs = clock.now();
    const untilMs = clock.now() + boundMs;
    this.turn = new Promise<Release>((resolve, reject) => {
      const stop = (): void => {
        this.#end();
        reject((signal.reason as Error | undefined) ?? new Error('The page was left.'));
      };
      signal.addEventListener('abort', stop, { signal: this.#waiting.signal });
      this.#resolve = (release) => {
        this.#end();
        resolve(release);
      };
      link.takeTurn(this.#waiting.signal).then(this.#resolve, () => {
        if (this.#waiting.signal.aborted) return;
        if (link.isClosed) stop();
        // The browser refuses locks.
        else this.skip();
      });
      if (signal.aborted) stop();
      else this.#tick(untilMs);
    });
  }

  /** The tab whose turn it is has said that it is asking for the same. */
  heard(): void {
    this.#heardAtMs = this.#options.clock.now();
  }

  /** Nobody asks for the same: no need to wait. */
  skip(): void {
    this.#resolve(() => undefined);
  }

  #tick(untilMs: number): void {
    const { link, clock, silenceMs, ping } = this.#options;
    const nowMs = clock.now();
    if (link.isClosed) return;
    if (nowMs >= untilMs) {
      this.skip();
      return;
    }
    if (nowMs - this.#heardAtMs >= silenceMs) {
      this.#end();
      link.stealTurn().then(this.#resolve, () => this.skip());
      return;
    }
    ping();
    this.#cancel = clock.at(Math.min(untilMs, nowMs + silenceMs / 2), () => this.#tick(untilMs));
  }

  #end(): void {
    this.#cancel();
    this.#waiting.abort();
  }
}
