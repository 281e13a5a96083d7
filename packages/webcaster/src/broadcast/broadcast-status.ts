import { SecureErrorEvent, type BlockedByPolicy, type EventLog } from '@gatecast/element';
import type { GatecastError } from '@gatecast/token';
import { toGatecastError } from '../publisher/publisher-errors.js';
import { SecureBroadcastStateEvent, type BroadcastReason } from './broadcast-events.js';
import type { BroadcastHost } from './broadcast-host.js';
import { isBroadcasting, nextState, type BroadcastMove, type BroadcastState } from './broadcast-state.js';

/** The state of the element and its last error. Each change is logged and dispatched as an event. */
export class BroadcastStatus {
  readonly #host: BroadcastHost;
  readonly #log: EventLog;
  readonly #policy: BlockedByPolicy;
  #state: BroadcastState = 'idle';
  #error: GatecastError | null = null;

  constructor(host: BroadcastHost, log: EventLog, policy: BlockedByPolicy) {
    this.#host = host;
    this.#log = log;
    this.#policy = policy;
  }

  get state(): BroadcastState {
    return this.#state;
  }

  get isBroadcasting(): boolean {
    return isBroadcasting(this.#state);
  }

  /** The last error, until something succeeds after it. */
  get error(): GatecastError | null {
    return this.#error;
  }

  clearError(): void {
    this.#error = null;
  }

  /** Makes a move; `false` if it is not allowed in this state or changes nothing. */
  move(move: BroadcastMove, reason: BroadcastReason): boolean {
    const previous = this.#state;
    const state = nextState(previous, move);
    if (state === null || state === previous) return false;
    this.#state = state;
    if (state !== 'failed') this.#error = null;
    this.#log.add(SecureBroadcastStateEvent.type, { state, previous, reason });
    this.#host.requestUpdate();
    this.#host.dispatchEvent(new SecureBroadcastStateEvent({ state, previous, reason }));
    return true;
  }

  /** Reports an error that ends the preview or broadcast. */
  fail(cause: unknown): GatecastError {
    const error = this.#policy.explain(toGatecastError(cause));
    this.#error = error;
    this.move('fail', error.code);
    this.#log.add(SecureErrorEvent.type, { error });
    this.#host.dispatchEvent(new SecureErrorEvent(error));
    return error;
  }

  /** Reports an error that does not end the preview or broadcast. An abort is not an error. */
  warn(cause: unknown): Error {
    if (cause instanceof DOMException && cause.name === 'AbortError') return cause;
    const error = this.#policy.explain(toGatecastError(cause));
    this.#error = error;
    this.#log.add('notice', { error });
    this.#host.requestUpdate();
    return error;
  }
}
