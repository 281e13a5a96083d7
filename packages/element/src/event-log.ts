import { redact } from '@gatecast/token';

/** One event in the log, with its details in fields of their own. */
export interface LoggedEvent {
  /** Milliseconds since the epoch by this device's clock. */
  readonly atMs: number;
  readonly type: string;
  readonly [detail: string]: unknown;
}

const CAPACITY = 50;

/**
 * Keeps the last 50 events of an element for its `diagnostics()`. Details are redacted when they are added: tokens that
 * the page has received, texts that look like one, and signed queries.
 */
export class EventLog {
  readonly #events: LoggedEvent[] = [];

  /**
   * Adds an event with the current time.
   *
   * @param type - an event type such as `secure-error`, or the name of a note.
   * @param details - plain data; a field named `type` or `atMs` is replaced.
   */
  add(type: string, details: Record<string, unknown> = {}): void {
    this.#events.push({ ...(redact(details) as Record<string, unknown>), atMs: Date.now(), type });
    if (this.#events.length > CAPACITY) this.#events.shift();
  }

  /** A copy of the events, oldest first. */
  toJSON(): LoggedEvent[] {
    return [...this.#events];
  }
}
