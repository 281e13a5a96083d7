import type Hls from 'hls.js';
import type { Level } from 'hls.js';

/** What is read from the `ErrorData` of hls.js. */
interface HlsFailure {
  readonly errorAction?: { readonly flags: number; readonly resolved?: boolean };
}

/** As long as hls.js itself leaves out a pathway that has failed. */
const PENALTY_MS = 300_000;
/** `ErrorActionFlags.MoveAllAlternatesMatchingHost` of hls.js. */
const MOVES_PATHWAY = 1;

/**
 * The pathways of a stream: those of content steering, or the redundant variants of its multivariant playlist. hls.js shows the
 * levels of the current one only, and takes another one when all of them have failed.
 */
export class Pathways {
  readonly #now: () => number;
  readonly #failedAtMs = new Map<string, number>();
  #current: string | null = null;
  #former: string | null = null;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Called for a new instance of hls.js, which holds nothing against any pathway. */
  reset(): void {
    this.#failedAtMs.clear();
    this.#current = this.#former = null;
  }

  /** Called with the levels that hls.js shows now. */
  select([level]: readonly Pick<Level, 'pathwayId'>[]): void {
    const pathway = level?.pathwayId ?? null;
    if (pathway === this.#current) return;
    this.#former = this.#current;
    this.#current = pathway;
  }

  /** Called with an error of hls.js, which has left the pathway by then if it can. */
  failed({ errorAction }: HlsFailure): void {
    if (!errorAction || (errorAction.flags & MOVES_PATHWAY) === 0) return;
    const pathway = errorAction.resolved ? this.#former : this.#current;
    if (pathway !== null) this.#failedAtMs.set(pathway, this.#now());
  }

  /** Can the stream play from another pathway at once? */
  hasAlternative({ pathways }: Pick<Hls, 'pathways'>): boolean {
    return pathways.some(
      (pathway) =>
        pathway !== this.#current && this.#now() - (this.#failedAtMs.get(pathway) ?? -Infinity) > PENALTY_MS,
    );
  }
}
