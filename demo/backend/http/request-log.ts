export type RequestKind =
  'token' | 'playlist' | 'init' | 'segment' | 'key' | 'sign' | 'whip' | 'jwks' | 'vendor' | 'other';

/** One request as the log keeps it, without any token. */
export interface LogEntry {
  /** When it arrived. */
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  /** Without `?`; tokens are cut to their last six characters. */
  readonly query: string;
  readonly kind: RequestKind;
  /** 0 where the connection was cut. */
  status: number;
  /** Until the last byte was handed over. */
  durationMs: number;
  bytes: number;
  /** The stream that the address names. */
  stream?: string;
  /** Last six characters of the token shown, and the stream that it names. */
  tokenTail?: string;
  tokenStream?: string;
  /** Of a token request. */
  streams?: readonly string[];
  purpose?: string;
  reason?: string;
}

/** The last requests, oldest first. */
export class RequestLog {
  readonly #capacity: number;
  #entries: LogEntry[] = [];

  constructor(capacity = 5_000) {
    this.#capacity = capacity;
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    // In slices, so that a full log does not move every entry at each request.
    if (this.#entries.length > this.#capacity * 1.1) this.#entries = this.#entries.slice(-this.#capacity);
  }

  /** Entries that arrived at an instant or later. */
  since(atMs: number): LogEntry[] {
    return this.#entries.slice(-this.#capacity).filter((entry) => entry.atMs >= atMs);
  }

  clear(): void {
    this.#entries = [];
  }
}
