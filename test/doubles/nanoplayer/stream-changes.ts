import type { Connection } from './connection.js';
import type { PlayerEvents } from './player-events.js';
import type { ResolvedEntry, ResolvedSource } from './resolve-source.js';

/** `update` of the page, `direct` by `switchStream`, `up` and `down` by the adaption rule. */
export type ChangeType = 'update' | 'direct' | 'up' | 'down';

export interface StreamChange {
  readonly id: number;
  readonly type: ChangeType;
  readonly entry: ResolvedEntry;
  readonly source: ResolvedSource;
  connection: Connection | null;
}

/** Calls within this time of another change are aborted. Seen: 5.0.8. */
const minIntervalMs = 500;

/** Updates and switches: their ids, their events, and which of them is in progress. */
export class StreamChanges {
  readonly #events: PlayerEvents;
  #count = 0;
  #lastMs = -Infinity;
  #current: StreamChange | null = null;

  constructor(events: PlayerEvents) {
    this.#events = events;
  }

  get current(): StreamChange | null {
    return this.#current;
  }

  begin(type: ChangeType, entry: ResolvedEntry, source: ResolvedSource): StreamChange {
    this.#count += 1;
    return { id: this.#count, type, entry, source, connection: null };
  }

  /**
   * Why a change is not made now. The client's own switches count as well, and during an adaption every update is
   * aborted. Seen: 5.0.8.
   */
  isTooSoon(): boolean {
    const { type } = this.#current ?? {};
    const isAdapting = type === 'up' || type === 'down';
    return isAdapting || performance.now() - this.#lastMs < minIntervalMs;
  }

  countForFrequency(): void {
    this.#lastMs = performance.now();
  }

  /** Makes a change the one in progress. An earlier one is aborted with the event of a switch. Seen: 5.0.8. */
  take(change: StreamChange): void {
    const earlier = this.#current;
    this.#current = change;
    if (!earlier || earlier === change) return;
    earlier.connection?.close();
    this.#events.fire('SwitchStreamAbort', { ...describe(earlier), reason: 'superseded' });
  }

  end(change: StreamChange): void {
    if (this.#current === change) this.#current = null;
  }

  /** Ends the change in progress without an event. */
  drop(): void {
    this.#current?.connection?.close();
    this.#current = null;
  }

  tell(change: StreamChange, outcome: 'Init' | 'Success' | 'Fail' | 'Abort', more: object = {}): void {
    const name = change.type === 'update' ? 'UpdateSource' : 'SwitchStream';
    this.#events.fire(name + outcome, { ...describe(change), ...more });
  }
}

/** The same `id` and `count` in all events of a change. Seen: 5.0.8. */
function describe({ id, type, entry, source }: StreamChange): Record<string, unknown> {
  const { options } = source.given;
  return {
    id,
    count: id,
    type,
    entry,
    source: source.given,
    rule: source.rule,
    options: options?.switch,
    tag: '',
  };
}
