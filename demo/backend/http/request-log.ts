import { printable } from '@gatecast/server';

export type RequestKind =
  'token' | 'playlist' | 'init' | 'segment' | 'key' | 'sign' | 'whip' | 'whep' | 'jwks' | 'vendor' | 'other';

/** A logged request. It contains no complete token. */
export interface LogEntry {
  /** Arrival time in milliseconds since the epoch. */
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  /** Query without `?`. Tokens are cut to their last six characters. */
  readonly query: string;
  readonly kind: RequestKind;
  /** HTTP status; 0 if a fault closed the connection. */
  status: number;
  /** Time from the request to its response; for a throttled body, to the end of the body. */
  durationMs: number;
  bytes: number;
  /** Stream in the path. */
  stream?: string;
  /** Last six characters of the token in the request, and the stream in its `sub` claim. */
  tokenTail?: string;
  tokenStream?: string;
  /** Fields of the body of a token request. */
  streams?: readonly string[];
  purpose?: string;
  reason?: string;
}

/** Keeps the latest requests, oldest first. The default capacity is 5,000. */
export class RequestLog {
  readonly #capacity: number;
  #entries: LogEntry[] = [];

  constructor(capacity = 5_000) {
    this.#capacity = capacity;
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    // Trim only after 10 % growth: trimming at each request would copy the whole array each time.
    if (this.#entries.length > this.#capacity * 1.1) this.#entries = this.#entries.slice(-this.#capacity);
  }

  /**
   * Returns the entries that arrived at `atMs` (milliseconds since the epoch) or later. Their texts come from outside;
   * what is not printable in them is escaped.
   */
  since(atMs: number): LogEntry[] {
    return this.#entries
      .slice(-this.#capacity)
      .filter((entry) => entry.atMs >= atMs)
      .map(withPrintableTexts);
  }

  clear(): void {
    this.#entries = [];
  }
}

function withPrintableTexts(entry: LogEntry): LogEntry {
  const fields = Object.entries(entry).map(([name, value]: [string, unknown]) => {
    if (typeof value === 'string') return [name, printable(value)];
    return [name, Array.isArray(value) ? value.map((item) => printable(String(item))) : value];
  });
  return Object.fromEntries(fields) as LogEntry;
}
