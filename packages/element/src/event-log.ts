import { redact } from '@gatecast/token';

/** One line of an element's history. */
export interface LoggedEvent {
  /** Milliseconds since the epoch by this device's clock. */
  readonly atMs: number;
  readonly type: string;
  readonly [detail: string]: unknown;
}

const CAPACITY = 50;

/** The last 50 events of an element for its `diagnostics()`, redacted when they are written down. */
export class EventLog {
  readonly #events: LoggedEvent[] = [];

  add(type: string, details: Record<string, unknown> = {}): void {
    this.#events.push({ ...(redact(details) as Record<string, unknown>), atMs: Date.now(), type });
    if (this.#events.length > CAPACITY) this.#events.shift();
  }

  toJSON(): LoggedEvent[] {
    return [...this.#events];
  }
}
