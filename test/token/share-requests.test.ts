import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { customSource } from '@gatecast/token';
import type { ManagerContext, Tabs } from '@gatecast/token/internal/manager/manager-context';
import { sharing } from '@gatecast/token/internal/manager/share-requests';
import type { TabRequests } from '@gatecast/token/internal/manager/tab-tokens';
import { TokenLeases } from '@gatecast/token/internal/manager/token-leases';
import { createSlot, type TokenSlot } from '@gatecast/token/internal/manager/token-slot';
import { ServerClock } from '@gatecast/token/internal/time/server-clock';
import { FakeClock } from '../support/fake-clock.js';

/** Requests with a session key, while the code of tabs loads as the test says. */
function setUp(load: () => Promise<unknown>, session: string | undefined = 'key') {
  const time = new FakeClock();
  const startedMs = time.wallMs;
  const log: string[] = [];
  const note = (who: string) => (slots: readonly TokenSlot[]) => {
    const streams = slots.map(({ stream }) => stream).join('+') || 'nothing';
    log.push(`${who}: ${streams} after ${String(time.wallMs - startedMs)} ms`);
    return Promise.resolve();
  };
  const tabs: Tabs = {
    request: note('group'),
    close: () => undefined,
    moved: () => undefined,
    push: { onPushed: null, tell: () => undefined, listenForAll: () => Promise.resolve() },
  };
  const { clock } = time;
  const serverClock = new ServerClock(clock);
  const context: ManagerContext = {
    ...{ clock, serverClock, random: () => 0, slots: new Map(), leases: new TokenLeases(), version: 0 },
  };
  const requests: TabRequests = {
    source: customSource(() => Promise.reject(new Error('unused')), { session }),
    timer: { schedule: () => undefined, retryIn: () => undefined },
    allowOne: () => undefined,
    purpose: 'playback',
    send: note('alone'),
    start: () => undefined,
    cancel: () => undefined,
    accept: () => undefined,
  };
  const share = sharing(() => load().then(() => () => tabs));
  const ask = (stream: string, change: Partial<TokenSlot> = {}) => {
    const slot: TokenSlot = {
      ...createSlot(stream),
      phase: { kind: 'requesting', reason: 'initial' },
      ...change,
    };
    void share(context, requests, [slot], 'initial');
    return slot;
  };
  return { time, log, ask };
}

const never = () => new Promise<void>(() => undefined);

describe('requests of a tab, while the code for tabs loads', () => {
  it('go to the group when it comes in time, and later ones at once', async () => {
    const { time, log, ask } = setUp(() => Promise.resolve());
    ask('a');
    await time.advance(0);
    ask('b');
    assert.deepEqual(log, ['group: a after 0 ms', 'group: b after 0 ms']);
    assert.equal(time.timerCount, 0);
  });

  it('are sent by this tab after 300 ms, and later ones at once', async () => {
    const { time, log, ask } = setUp(never);
    ask('a');
    await time.advance(299);
    assert.deepEqual(log, []);
    await time.advance(701);
    ask('b');
    await time.advance(0);
    assert.deepEqual(log, ['alone: a after 300 ms', 'alone: b after 1000 ms']);
  });

  it('are sent at once when it cannot be loaded', async () => {
    const { time, log, ask } = setUp(() => Promise.reject(new Error('offline')));
    ask('a');
    await time.advance(0);
    assert.deepEqual(log, ['alone: a after 0 ms']);
    assert.equal(time.timerCount, 0);
  });

  it('let the tab enter its group when it comes late', async () => {
    let load = (): void => undefined;
    const loading = new Promise<void>((resolve) => (load = resolve));
    const { time, log, ask } = setUp(() => loading);
    ask('a');
    await time.advance(5000);
    load();
    await time.advance(0);
    ask('b');
    await time.advance(0);
    assert.deepEqual(log, [
      'alone: a after 300 ms',
      'group: nothing after 5000 ms',
      'group: b after 5000 ms',
    ]);
  });

  it('are not sent for a stream that was released meanwhile', async () => {
    const { time, log, ask } = setUp(never);
    ask('a').phase = { kind: 'idle' };
    await time.advance(1000);
    assert.deepEqual(log, []);
  });

  it('wait for nothing without a session', async () => {
    const { time, log, ask } = setUp(never, '');
    ask('a');
    await time.advance(0);
    assert.deepEqual(log, ['alone: a after 0 ms']);
  });
});
