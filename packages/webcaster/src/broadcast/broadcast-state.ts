/** What the element is doing. `preview` shows media without sending it; `failed` and `stopped` wait for the page. */
export type BroadcastState =
  'idle' | 'preview' | 'connecting' | 'live' | 'reconnecting' | 'failed' | 'stopped';

/** What may happen to a broadcast. */
export type BroadcastMove = 'show' | 'release' | 'start' | 'connect' | 'interrupt' | 'fail' | 'stop';

interface Rule {
  readonly from: readonly BroadcastState[];
  readonly to: BroadcastState;
}

const MOVES: Readonly<Record<BroadcastMove, Rule>> = {
  show: { from: ['idle', 'failed', 'stopped'], to: 'preview' },
  release: { from: ['preview', 'failed', 'stopped'], to: 'idle' },
  start: { from: ['idle', 'preview', 'failed', 'stopped'], to: 'connecting' },
  connect: { from: ['connecting', 'reconnecting'], to: 'live' },
  interrupt: { from: ['live'], to: 'reconnecting' },
  fail: { from: ['idle', 'preview', 'connecting', 'live', 'reconnecting', 'stopped'], to: 'failed' },
  stop: { from: ['connecting', 'live', 'reconnecting', 'failed'], to: 'stopped' },
};

/** Where a move leads, or `null` when it makes no sense in this state. */
export function nextState(state: BroadcastState, move: BroadcastMove): BroadcastState | null {
  const { from, to } = MOVES[move];
  return from.includes(state) ? to : null;
}

/** Is something being sent, or about to be? */
export function isOnAir(state: BroadcastState): boolean {
  switch (state) {
    case 'connecting':
    case 'live':
    case 'reconnecting':
      return true;
    case 'idle':
    case 'preview':
    case 'failed':
    case 'stopped':
      return false;
    default:
      return unknownState(state);
  }
}

/** Keeps the compiler asking for an answer when a state is added. */
function unknownState(state: never): never {
  throw new TypeError(`Unknown broadcast state ${String(state)}`);
}
