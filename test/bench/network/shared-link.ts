/** One way through a link: what it can carry in a second, shared by all flows that use it. */
export interface SharedLink {
  /** A sender on the link; `deliver` is called when the last bit of a piece has left the link. */
  addFlow(deliver: (piece: Buffer, leftAtMs: number) => void): LinkFlow;
}

export interface LinkFlow {
  send(bytes: Buffer): void;
  readonly isIdle: boolean;
}

/** Ten full Ethernet frames: fine enough for a small answer to pass a segment, coarse enough to cost no CPU. */
const PIECE_BYTES = 14_600;
/** Timers come late by up to a millisecond, so pieces that begin within it are served at once. */
const TIMER_GRAIN_MS = 1;

interface Flow {
  readonly deliver: (piece: Buffer, leftAtMs: number) => void;
  readonly waiting: Buffer[];
}

/**
 * Serves flows in turns, piece by piece, as competing TCP connections share a bottleneck. Time is counted in bits sent,
 * so that late timers do not add up to a slower link.
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
    // The link may still be busy with a piece that nobody waited behind.
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
