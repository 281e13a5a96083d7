import { callSafely } from '../time/call-safely.js';
import type { AnsweredMedia } from '../source/answered-media.js';
import type { GatecastError } from '../errors.js';
import type { RenewalReason } from './token-slot.js';

/** What happens to a leased stream. Never contains a token. */
export type TokenEvent =
  | {
      readonly type: 'refreshed';
      readonly stream: string;
      readonly reason: RenewalReason;
      readonly expiresAtMs: number | null;
      readonly durationMs: number;
    }
  | {
      readonly type: 'failed';
      readonly stream: string;
      readonly error: GatecastError;
      /** `null`: there is no retry until the page acts. */
      readonly willRetryInMs: number | null;
    }
  | {
      readonly type: 'playlists';
      readonly playlists: Readonly<Record<string, string>>;
      readonly media: readonly AnsweredMedia[];
    };

export interface LeaseOptions {
  streams: Iterable<string>;
  /** How long before the expiry to refresh, in milliseconds; of several leases the longest counts. @defaultValue 60,000 */
  leadMs?: number;
  onEvent?: (event: TokenEvent) => void;
}

/** Keeps the tokens of some streams fresh until it is released. */
export interface TokenLease {
  readonly streams: ReadonlySet<string>;
  setStreams(streams: Iterable<string>): void;
  /**
   * Requests no more tokens by schedule, because nothing needs them at the moment: playback is paused. A token that is asked
   * for is still fetched.
   */
  rest(): void;
  /** Ends the rest: a token that is due by now is requested at once. */
  resume(): void;
  release(): void;
}

export interface LeaseRecord {
  isResting?: boolean;
  streams: Set<string>;
  readonly leadMs: number;
  readonly onEvent: (event: TokenEvent) => void;
}

/** The leases of a manager: which streams they hold, and with which lead. */
export class TokenLeases {
  readonly #records = new Set<LeaseRecord>();
  /** Called after each change, for what listens to the backend. */
  onChange: (() => void) | null = null;

  get size(): number {
    return this.#records.size;
  }

  add(record: LeaseRecord): void {
    this.#records.add(record);
    this.onChange?.();
  }

  has(record: LeaseRecord): boolean {
    return this.#records.has(record);
  }

  delete(record: LeaseRecord): boolean {
    this.onChange?.();
    return this.#records.delete(record);
  }

  isHeld(stream: string): boolean {
    return this.#of([stream]).length > 0;
  }

  /** Does a lease keep the stream's token fresh at the moment? */
  isKeptFresh(stream: string): boolean {
    return this.#of([stream]).some((record) => !record.isResting);
  }

  /** The longest lead of all leases of a stream, in milliseconds; 0 when there is none. */
  leadMs(stream: string): number {
    return Math.max(0, ...this.#of([stream]).map((record) => record.leadMs));
  }

  /** Passes an event to each lease that holds one of the streams. */
  emit(streams: readonly string[], event: TokenEvent): void {
    for (const record of this.#of(streams)) {
      callSafely(() => {
        record.onEvent(event);
      });
    }
  }

  #of(streams: readonly string[]): LeaseRecord[] {
    return [...this.#records].filter((record) => streams.some((stream) => record.streams.has(stream)));
  }
}
