/** What the element does. `preview` shows media without sending it. `failed` and `stopped` last until the page acts. */
export type BroadcastState =
  'idle' | 'preview' | 'connecting' | 'live' | 'reconnecting' | 'failed' | 'stopped';

/** What can happen to a broadcast. */
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

/** The state after a move; `null` if the move is not allowed in this state. */
export function nextState(state: BroadcastState, move: BroadcastMove): BroadcastState | null {
  const { from, to } = MOVES[move];
  return from.includes(state) ? to : null;
}

/** Does a broadcast run, or is it starting? */
export function isBroadcasting(state: BroadcastState): boolean {
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

/** Makes the compiler report a new state that is not handled. */
function unknownState(state: never): never {
  throw new TypeError(`Unknown broadcast state ${String(state)}`);
}
