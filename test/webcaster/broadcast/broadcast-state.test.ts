import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  isBroadcasting,
  nextState,
  type BroadcastMove,
  type BroadcastState,
} from '@gatecast/webcaster/internal/broadcast/broadcast-state';

const STATES: readonly BroadcastState[] = [
  'idle',
  'preview',
  'connecting',
  'live',
  'reconnecting',
  'failed',
  'stopped',
];
const MOVES: readonly BroadcastMove[] = ['show', 'release', 'start', 'connect', 'interrupt', 'fail', 'stop'];

/** Every move that is allowed. All others must return null. */
const ALLOWED: Readonly<Record<BroadcastState, Partial<Record<BroadcastMove, BroadcastState>>>> = {
  idle: { show: 'preview', start: 'connecting', fail: 'failed' },
  preview: { release: 'idle', start: 'connecting', fail: 'failed' },
  connecting: { connect: 'live', fail: 'failed', stop: 'stopped' },
  live: { interrupt: 'reconnecting', fail: 'failed', stop: 'stopped' },
  reconnecting: { connect: 'live', fail: 'failed', stop: 'stopped' },
  failed: { show: 'preview', release: 'idle', start: 'connecting', stop: 'stopped' },
  stopped: { show: 'preview', release: 'idle', start: 'connecting', fail: 'failed' },
};

describe('nextState', () => {
  for (const state of STATES) {
    it(`allows only the listed moves from ${state}`, () => {
      for (const move of MOVES) assert.equal(nextState(state, move), ALLOWED[state][move] ?? null, move);
    });
  }
});

describe('isBroadcasting', () => {
  it('is true from the start to the end of a broadcast, including while reconnecting', () => {
    assert.deepEqual(STATES.filter(isBroadcasting), ['connecting', 'live', 'reconnecting']);
  });
});
