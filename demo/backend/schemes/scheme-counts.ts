/** What happened at one scheme with one stream since the start, or since the last reset. */
export interface SchemeCount {
  readonly scheme: string;
  readonly stream: string;
  /** Token requests that got a token. */
  tokens: number;
  /** Media requests that got what they asked for. */
  served: number;
  /** Media requests that got 401 or 403, by code of the problem. */
  readonly refused: Record<string, number>;
  /** Media requests with a token that does not belong there: of another scheme, or a second one. */
  foreign: number;
  /** Tokens that the origin has renewed in a response. */
  renewed: number;
}

/** Counts requests by scheme and stream. */
export class SchemeCounts {
  readonly #counts = new Map<string, SchemeCount>();

  /** The count of a scheme and a stream, to be changed by the caller. */
  of(scheme: string, stream: string): SchemeCount {
    const key = `${scheme}/${stream}`;
    const count = this.#counts.get(key) ?? {
      ...{ scheme, stream, tokens: 0, served: 0 },
      ...{ refused: {}, foreign: 0, renewed: 0 },
    };
    this.#counts.set(key, count);
    return count;
  }

  list(): SchemeCount[] {
    return [...this.#counts.values()];
  }

  clear(): void {
    this.#counts.clear();
  }
}
