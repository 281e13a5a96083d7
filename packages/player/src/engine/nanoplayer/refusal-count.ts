/** An older refusal is not counted. */
const MEMORY_MS = 60_000;

/** Counts recent refusals, so that a server which refuses every token is not asked forever. */
export class RefusalCount {
  #instantsMs: number[] = [];

  /** The number of recent refusals. */
  at(nowMs: number): number {
    this.#instantsMs = this.#instantsMs.filter((instantMs) => nowMs - instantMs < MEMORY_MS);
    return this.#instantsMs.length;
  }

  add(nowMs: number): void {
    this.#instantsMs.push(nowMs);
  }
}
