import type { RefreshReason } from '@gatecast/contract';
import type { GatecastError } from '../errors.js';
import type { TurnWait } from '../tabs/turn-wait.js';
import type { ManagerContext } from './manager-context.js';
import type { TabRequests } from './tab-tokens.js';
import type { InFlightRequest, TokenSlot } from './token-slot.js';

/** Slots that wait for tokens, from this tab or another one. */
export class TabClaim {
  readonly reason: RefreshReason;
  /** Has the page sent the request before the code of the element was there? */
  readonly isStarted: boolean;
  /** Set while the tab waits for its turn. */
  wait: TurnWait | null = null;
  /** Called when a tab has replied. */
  onReply: ((from: string) => void) | null = null;
  readonly #slots: readonly TokenSlot[];
  readonly #requests: TabRequests;
  readonly #request: InFlightRequest;

  constructor(
    slots: readonly TokenSlot[],
    reason: RefreshReason,
    requests: TabRequests,
    { slots: known }: ManagerContext,
    isStarted: (stream: string) => boolean,
  ) {
    this.reason = reason;
    this.#requests = requests;
    this.#slots = slots.filter(
      (slot) => slot.phase.kind === 'requesting' && slot.request === null && known.get(slot.stream) === slot,
    );
    this.#request = { streams: new Set(streamsOf(this.#slots)), controller: new AbortController() };
    for (const slot of this.#slots) slot.request = this.#request;
    this.isStarted = this.streams.some(isStarted);
  }

  /** Those that have no token and no request yet. */
  get left(): TokenSlot[] {
    return this.#slots.filter(({ request }) => request === this.#request);
  }

  get streams(): string[] {
    return streamsOf(this.left);
  }

  /** Aborts when nothing is left. */
  get signal(): AbortSignal {
    return this.#request.controller.signal;
  }

  /** Resolves when so many tabs have replied. */
  replies(count: number, ask: () => void): Promise<void> {
    const tabs = new Set<string>();
    return new Promise((resolve) => {
      this.onReply = (from) => {
        if (tabs.add(from).size >= count) resolve();
      };
      ask();
    });
  }

  /** Requests tokens for what is left, or for a part of it. */
  async send(slots: readonly TokenSlot[] = this.left, others: readonly TokenSlot[] = []): Promise<void> {
    if (slots.length === 0) return;
    const sent = this.#requests.send([...slots, ...others], this.reason);
    this.#check();
    await sent;
  }

  async fail(slot: TokenSlot, error: GatecastError): Promise<void> {
    const failed = this.#requests.send([slot], this.reason, error);
    this.#check();
    await failed;
  }

  #check(): void {
    if (this.left.length === 0) this.#request.controller.abort(new Error('Nothing is left.'));
  }
}

function streamsOf(slots: readonly TokenSlot[]): string[] {
  return slots.map(({ stream }) => stream);
}
