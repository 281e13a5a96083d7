import type { Socket } from 'node:net';
import type { SharedLink } from './shared-link.js';

export interface ShapedDirection {
  readonly from: Socket;
  readonly to: Socket;
  readonly link: SharedLink;
  readonly oneWayMs: number;
  /** No bytes enter the link before this time (of `performance.now()`). */
  readonly notBeforeMs: number;
}

interface InFlight {
  /** `null` for the end of the stream. */
  readonly piece: Buffer | null;
  readonly atMs: number;
}

/** Timers fire up to a millisecond late. Starting them half a millisecond early centres the error. */
const EARLY_MS = 0.5;

/** Forwards the bytes of one socket to another, over the shared link and with the one-way delay. */
export function shapeDirection({ from, to, link, oneWayMs, notBeforeMs }: ShapedDirection): void {
  const flying: InFlight[] = [];
  let timer: NodeJS.Timeout | null = null;
  let hasEnded = false;

  function land(): void {
    timer = null;
    for (;;) {
      const [next] = flying;
      if (!next) return;
      const waitMs = next.atMs - performance.now();
      if (waitMs > EARLY_MS) {
        timer = setTimeout(land, Math.floor(waitMs));
        return;
      }
      flying.shift();
      if (next.piece === null) to.end();
      else if (!to.destroyed) to.write(next.piece);
    }
  }

  function fly(piece: Buffer | null, atMs: number): void {
    flying.push({ piece, atMs });
    if (!timer) land();
  }

  const flow = link.addFlow((piece, leftAtMs) => {
    fly(piece, leftAtMs + oneWayMs);
    if (hasEnded && flow.isIdle) fly(null, leftAtMs + oneWayMs);
  });

  /** Runs at once, or when the connection is set up. The order is kept, as timers with one deadline fire in order. */
  function whenReady(act: () => void): void {
    const waitMs = notBeforeMs - performance.now();
    if (waitMs > EARLY_MS) setTimeout(act, waitMs - EARLY_MS);
    else act();
  }

  from.on('data', (bytes: Buffer) => {
    whenReady(() => flow.send(bytes));
  });
  from.on('end', () => {
    whenReady(() => {
      hasEnded = true;
      if (flow.isIdle) fly(null, performance.now() + oneWayMs);
    });
  });
  to.on('close', () => {
    if (timer) clearTimeout(timer);
    timer = null;
    flying.length = 0;
  });
}
