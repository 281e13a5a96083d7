/** One direction of a link. All flows share its bandwidth. */
export interface SharedLink {
  /** Adds a sender. `deliver` is called when the last bit of a piece has left the link. */
  addFlow(deliver: (piece: Buffer, leftAtMs: number) => void): LinkFlow;
}

export interface LinkFlow {
  send(bytes: Buffer): void;
  readonly isIdle: boolean;
}

/** Ten full Ethernet frames: small enough for a short response to overtake a segment, large enough to save CPU. */
const PIECE_BYTES = 14_600;
/** Timers fire up to a millisecond late, so pieces that are due within it are sent at once. */
const TIMER_GRAIN_MS = 1;

interface Flow {
  readonly deliver: (piece: Buffer, leftAtMs: number) => void;
  readonly waiting: Buffer[];
}

/**
 * Sends pieces of the flows in turn, as competing TCP connections share a bottleneck. Time is counted in sent bits, so
 * that late timers do not slow the link down.
 */
export function createSharedLink(bitsPerSecond: number): SharedLink {
  const flows: Flow[] = [];
  let freeAtMs = -Infinity;
  let timer: NodeJS.Timeout | null = null;

  function serve(): void {
    timer = null;
    const nowMs = performance.now();
    for (;;) {
      const flow = flows.shift();
      if (!flow) return;
      const piece = flow.waiting.shift();
      if (!piece) continue;
      freeAtMs = Math.max(freeAtMs, nowMs) + (piece.length * 8000) / bitsPerSecond;
      if (flow.waiting.length > 0) flows.push(flow);
      flow.deliver(piece, freeAtMs);
      if (freeAtMs <= nowMs + TIMER_GRAIN_MS) continue;
      if (flows.length > 0) timer = setTimeout(serve, freeAtMs - nowMs - TIMER_GRAIN_MS);
      return;
    }
  }

  function wake(): void {
    if (timer) return;
    // The link may still be busy with the last piece.
    const busyMs = freeAtMs - performance.now() - TIMER_GRAIN_MS;
    if (busyMs <= 0) serve();
    else timer = setTimeout(serve, busyMs);
  }

  return {
    addFlow(deliver) {
      const flow: Flow = { deliver, waiting: [] };
      return {
        send(bytes) {
          for (let start = 0; start < bytes.length; start += PIECE_BYTES)
            flow.waiting.push(bytes.subarray(start, start + PIECE_BYTES));
          if (!flows.includes(flow)) flows.push(flow);
          wake();
        },
        get isIdle() {
          return flow.waiting.length === 0;
        },
      };
    },
  };
}
