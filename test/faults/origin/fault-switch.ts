import type { Fault, FaultTarget } from '../cases/fault-case.js';

/** A fault of responses. */
export type RequestFault = Exclude<Fault, { on: 'encoder' | 'clock' }>;

/** What a request asks for, to find the fault that acts on it. */
export interface RequestSubject {
  readonly target: Exclude<FaultTarget, 'media'>;
  readonly rendition?: string | undefined;
}

function isRequestFault(fault: Fault): fault is RequestFault {
  return fault.on !== 'encoder' && fault.on !== 'clock';
}

/** The faults of one player's servers, and whether they act now. */
export class FaultSwitch {
  readonly #faults: readonly Fault[];
  readonly #now: () => number;
  readonly #used = new Map<Fault, number>();
  /** Instants in milliseconds since the epoch. */
  beganAtMs: number | null = null;
  endedAtMs: number | null = null;

  constructor(faults: readonly Fault[], now: () => number) {
    this.#faults = faults;
    this.#now = now;
  }

  begin(): void {
    this.beganAtMs ??= this.#now();
  }

  end(): void {
    this.endedAtMs ??= this.#now();
  }

  get isActing(): boolean {
    return this.beganAtMs !== null && this.endedAtMs === null;
  }

  /** Seconds that the servers' clocks are ahead. */
  get skewSeconds(): number {
    if (!this.isActing) return 0;
    const skews = this.#faults.flatMap((fault) => (fault.on === 'clock' ? [fault.does.seconds] : []));
    return skews[0] ?? 0;
  }

  /** Tokens that were issued before this instant are refused. */
  get revokedBeforeMs(): number {
    const isRevoking = this.#faults.some(({ does }) => does.kind === 'revoke');
    return isRevoking ? (this.beganAtMs ?? 0) : 0;
  }

  /** Returns the fault that acts on a request, and counts the request. */
  take({ target, rendition }: RequestSubject): RequestFault['does'] | undefined {
    if (!this.isActing) return undefined;
    const hit = this.#faults
      .filter(isRequestFault)
      .find(
        (fault) =>
          (fault.on === target || (fault.on === 'media' && target !== 'tokens')) &&
          (fault.rendition === undefined || fault.rendition === rendition) &&
          (this.#used.get(fault) ?? 0) < (fault.requests ?? Infinity),
      );
    if (!hit) return undefined;
    this.#used.set(hit, (this.#used.get(hit) ?? 0) + 1);
    return hit.does;
  }
}
