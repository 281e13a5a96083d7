import { sleep } from '../http/timeouts.js';

/** Look-ups between two turns of others: a millisecond or two. */
const SLICE = 256;

/**
 * Does work for many listeners, one at a time, with a pause after each slice, so that requests have their turn. Work for the same
 * listener that waits is done once.
 */
export class SlicedWork<T> {
  readonly #work: (item: T, parts: readonly string[]) => Promise<void>;
  #waiting = new Map<T, Set<string>>();
  #isRunning = false;

  /** @param work - must not reject. */
  constructor(work: (item: T, parts: readonly string[]) => Promise<void>) {
    this.#work = work;
  }

  add(item: T, parts: Iterable<string>): void {
    const known = this.#waiting.get(item);
    if (known) for (const part of parts) known.add(part);
    else this.#waiting.set(item, new Set(parts));
    if (!this.#isRunning) void this.#run();
  }

  delete(item: T): void {
    this.#waiting.delete(item);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    let done = 0;
    // What is added meanwhile is in the loop.
    for (const [item, parts] of this.#waiting) {
      this.#waiting.delete(item);
      await this.#work(item, [...parts]);
      done += parts.size;
      if (done < SLICE) continue;
      done = 0;
      await sleep(0);
    }
    this.#isRunning = false;
  }
}
