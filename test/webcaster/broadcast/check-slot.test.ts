import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import type { SecureBroadcastCheckEvent } from '@gatecast/webcaster';
import type { BroadcastHost } from '@gatecast/webcaster/internal/broadcast/broadcast-host';
import type { BroadcastTokens } from '@gatecast/webcaster/internal/broadcast/broadcast-tokens';
import type { CaptureControl } from '@gatecast/webcaster/internal/broadcast/capture-control';
import { CheckSlot } from '@gatecast/webcaster/internal/broadcast/check-slot';
import { FakeClock } from '../../support/fake-clock.js';
import { until } from '../../support/wait.js';

/** A page whose permission prompts the test responds to, in the order in which they opened. */
function setUp() {
  const events: string[] = [];
  const page = Object.assign(new EventTarget(), { capture: 'camera', requestUpdate: () => undefined });
  const host = page as Partial<BroadcastHost> as BroadcastHost;
  host.addEventListener('secure-broadcast-check', (event: SecureBroadcastCheckEvent) =>
    events.push(event.state),
  );
  const world = { prompts: [] as (() => void)[], closed: 0, isOpen: false, isBroadcasting: false };
  const capture = {
    media: null,
    close: () => {
      world.closed += 1;
      world.isOpen = false;
    },
    get isOpen() {
      return world.isOpen;
    },
  } as Partial<CaptureControl> as CaptureControl;
  const slot = new CheckSlot({
    host,
    clock: new FakeClock().clock,
    capture,
    tokens: {} as Partial<BroadcastTokens> as BroadcastTokens,
    settings: () => {
      throw new GatecastError('settings-invalid', 'No endpoint.', { hint: 'Set it.' });
    },
    openCapture: () =>
      new Promise<void>((resolve) => {
        world.prompts.push(() => {
          world.isOpen = true;
          resolve();
        });
      }),
    loadPublisher: () => Promise.resolve({}),
    isBroadcasting: () => world.isBroadcasting,
    wantsPreview: () => false,
    onClosed: () => undefined,
  });
  return { slot, world, events };
}

const nameOf = (error: unknown): string => (error as Error).message;

describe('the check of a webcaster', () => {
  it('that was cancelled during a permission prompt ends at once, and the next one is another one', async () => {
    const { slot, world, events } = setUp();
    const first = slot.run().catch(nameOf);
    await until(() => world.prompts.length === 1, 'the first prompt');
    slot.cancel('Closed.');
    assert.equal(await first, 'Closed.');
    assert.equal(events.at(-1), 'cancelled');
    const second = slot.run();
    await until(() => world.prompts.length === 2, 'the second check');
    world.prompts[0]?.();
    await Promise.resolve();
    assert.deepEqual([world.closed, slot.isRunning], [0, true], 'the second one still needs the devices');
    world.prompts[1]?.();
    assert.equal((await second).code, 'settings-invalid');
    assert.deepEqual([world.closed, slot.isRunning, events.at(-1)], [1, false, 'done']);
  });

  it('closes what a prompt opens after the last caller has left', async () => {
    const { slot, world } = setUp();
    const controller = new AbortController();
    const check = slot.run(controller.signal).catch(nameOf);
    await until(() => world.prompts.length === 1, 'the prompt');
    controller.abort(new Error('Left.'));
    assert.equal(await check, 'Left.');
    assert.equal(slot.isRunning, false);
    world.prompts[0]?.();
    await until(() => world.closed === 1, 'the end of the capture');
  });

  it('forgets its verdict when a setting changes, but not during a broadcast', async () => {
    const { slot, world } = setUp();
    const check = slot.run();
    await until(() => world.prompts.length === 1, 'the prompt');
    world.prompts[0]?.();
    const report = await check;
    world.isBroadcasting = true;
    slot.outdate('Changed.');
    assert.equal(slot.report, report);
    world.isBroadcasting = false;
    slot.outdate('Changed.');
    assert.deepEqual([slot.report, slot.checks], [null, []]);
  });
});
