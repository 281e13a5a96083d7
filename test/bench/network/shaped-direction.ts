import type { Socket } from 'node:net';
import type { SharedLink } from './shared-link.js';

export interface ShapedDirection {
  readonly from: Socket;
  readonly to: Socket;
  readonly link: SharedLink;
  readonly oneWayMs: number;
  /** Nothing enters the link before this instant of `performance.now()`. */
  readonly notBeforeMs: number;
}

interface InFlight {
  /** `null` for the end of the stream. */
  readonly piece: Buffer | null;
  readonly atMs: number;
}

/** A timer fires up to a millisecond late; firing half of one early is as wrong as that, to the other side. */
const EARLY_MS = 0.5;

/** Carries what one socket says to another, over the link and then as late as the distance makes it. */
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

  /** Runs at once, or when the connection is set up; in order, as timers of one deadline fire in order. */
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
