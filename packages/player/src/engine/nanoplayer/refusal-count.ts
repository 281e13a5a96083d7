/** A refusal longer ago than this does not count. */
const MEMORY_MS = 60_000;

/** Counts refusals of late, so that a server which refuses everything is not asked forever. */
export class RefusalCount {
  #instantsMs: number[] = [];

  /** How many there were before now. */
  at(nowMs: number): number {
    this.#instantsMs = this.#instantsMs.filter((instantMs) => nowMs - instantMs < MEMORY_MS);
    return this.#instantsMs.length;
  }

  add(nowMs: number): void {
    this.#instantsMs.push(nowMs);
  }
}
