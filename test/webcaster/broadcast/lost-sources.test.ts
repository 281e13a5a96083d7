import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, type ErrorCode } from '@gatecast/token';
import { LostSources } from '@gatecast/webcaster/internal/broadcast/lost-sources';
import type { TrackKind } from '@gatecast/webcaster';
import { FakeClock } from '../../support/fake-clock.js';

interface Device {
  readonly id: string;
  readonly label: string;
}

interface World {
  devices: Device[];
  /** The code of the error with which devices do not open. */
  refusal: ErrorCode | null;
  /** The device that was opened last. */
  open: Device | null;
  attempts: number;
}

const CAMERA: Device = { id: 'camera', label: 'USB camera' };
const OTHER: Device = { id: 'other', label: 'Built-in camera' };

/** A capture with one camera, whose devices the test connects and disconnects. */
function setUp({
  deviceLoss = 'slate',
  device = CAMERA,
}: { deviceLoss?: string; device?: Device | null } = {}) {
  const fake = new FakeClock();
  const startMs = fake.wallMs;
  const events: string[] = [];
  const add = (event: string) => void events.push(`${String(fake.wallMs - startMs)} ${event}`);
  const world: World = { devices: [CAMERA], refusal: null, open: device, attempts: 0 };
  const lost = new LostSources({
    clock: fake.clock,
    random: () => 0.5,
    media: { set: (_: TrackKind, status: string, reason: string) => add(`${status} ${reason}`) } as never,
    deviceLoss: () => deviceLoss as never,
    deviceOf: () => world.open,
    listDevices: () => Promise.resolve(world.devices),
    reopen: (_, id) => {
      world.attempts += 1;
      if (world.refusal) return Promise.reject(new GatecastError(world.refusal, 'No.', { hint: 'None.' }));
      world.open = world.devices.find((each) => each.id === id) ?? null;
      return Promise.resolve();
    },
    substitute: (_, isNeeded) => add(isNeeded ? 'slate' : 'no slate'),
    log: () => undefined,
  });
  return { fake, events, world, lost };
}

describe('LostSources', () => {
  it('sends a slate, and returns to the camera when it is connected', async () => {
    const { fake, events, world, lost } = setUp();
    world.devices = [];
    lost.lose('video', 'ended');
    assert.equal(lost.error?.code, 'device-lost');
    await fake.advance(20_000);
    assert.deepEqual(events, ['0 lost device-ended', '0 slate']);
    assert.equal(world.attempts, 0, 'attempts without the device');
    world.devices = [OTHER];
    lost.lookAgain();
    await fake.advance(10_000);
    assert.equal(world.attempts, 0, 'another camera is not opened without the page’s consent');
    world.devices = [OTHER, CAMERA];
    lost.lookAgain();
    await fake.advance(0);
    assert.deepEqual(events.slice(2), ['30000 on device-returned']);
    assert.equal(lost.error, null);
    assert.equal(fake.clock.pending, 0);
  });

  it('finds the device also if the browser does not report it', async () => {
    const { fake, events, world, lost } = setUp();
    world.devices = [];
    lost.lose('video', 'ended');
    await fake.advance(20_000);
    world.devices = [CAMERA];
    await fake.advance(4000);
    assert.match(events[2] ?? '', /on device-returned$/);
  });

  it('knows the device by its name when another port gave it another id', async () => {
    const { fake, events, world, lost } = setUp();
    world.devices = [OTHER, { ...CAMERA, id: 'new' }];
    lost.lose('video', 'ended');
    await fake.advance(0);
    assert.equal(world.open?.id, 'new');
    assert.deepEqual(events.at(-1), '0 on device-returned');
  });

  it('lets another device take over with device-loss="switch", and returns', async () => {
    const { fake, events, world, lost } = setUp({ deviceLoss: 'switch' });
    world.devices = [OTHER];
    lost.lose('video', 'ended');
    await fake.advance(60_000);
    assert.deepEqual(events, ['0 lost device-ended', '0 replaced device-replaced']);
    assert.equal(lost.error, null);
    world.devices = [OTHER, CAMERA];
    lost.lookAgain();
    await fake.advance(0);
    assert.equal(world.open?.id, 'camera');
    assert.deepEqual(events.at(-1), '60000 on device-returned');
    assert.equal(fake.clock.pending, 0);
  });

  it('returns to the first device also after the second one was lost', async () => {
    const { fake, events, world, lost } = setUp({ deviceLoss: 'switch' });
    world.devices = [OTHER];
    lost.lose('video', 'ended');
    await fake.advance(0);
    world.devices = [];
    lost.lose('video', 'ended');
    await fake.advance(0);
    assert.deepEqual(events.slice(2), ['0 lost device-ended', '0 slate']);
    world.devices = [CAMERA];
    lost.lookAgain();
    await fake.advance(0);
    assert.equal(world.open?.id, 'camera');
  });

  it('sends a slate with device-loss="switch" if there is no other device', async () => {
    const { fake, events, world, lost } = setUp({ deviceLoss: 'switch' });
    world.devices = [];
    lost.lose('video', 'ended');
    await fake.advance(10_000);
    assert.deepEqual(events, ['0 lost device-ended', '0 slate']);
    lost.reset('video', false);
  });

  it('sends nothing new with device-loss="none", but returns', async () => {
    const { fake, events, lost } = setUp({ deviceLoss: 'none' });
    lost.lose('video', 'ended');
    await fake.advance(0);
    assert.deepEqual(events, ['0 lost device-ended', '0 on device-returned']);
  });

  it('waits for a camera that is held back, without opening it again', async () => {
    const { fake, events, world, lost } = setUp();
    lost.lose('video', 'muted');
    await fake.advance(60_000);
    assert.equal(world.attempts, 0);
    lost.back('video');
    assert.deepEqual(events, [
      '0 lost device-muted',
      '0 slate',
      '60000 no slate',
      '60000 on device-returned',
    ]);
    lost.back('video');
    assert.equal(events.length, 4);
  });

  it('replaces a microphone only when it is gone: one that is held back sends silence by itself', async () => {
    const { events, world, lost, fake } = setUp();
    lost.lose('audio', 'muted');
    assert.deepEqual(events, ['0 lost device-muted']);
    world.devices = [];
    lost.lose('audio', 'ended');
    assert.deepEqual(events.slice(1), ['0 lost device-ended', '0 slate']);
    await fake.advance(0);
    lost.reset('audio', false);
  });

  it('asks a device in use again with backoff, and a user who denied it not at all', async () => {
    const { fake, world, lost } = setUp();
    world.refusal = 'device-in-use';
    lost.lose('video', 'ended');
    await fake.advance(60_000);
    assert.ok(world.attempts >= 10 && world.attempts <= 22, String(world.attempts));
    world.refusal = 'permission-denied';
    await fake.advance(10_000);
    const { attempts } = world;
    await fake.advance(60_000);
    assert.equal(world.attempts, attempts);
    assert.equal(fake.timerCount, 0);
    world.refusal = null;
    lost.lookAgain();
    await fake.advance(0);
    assert.equal(lost.error, null);
    assert.equal(fake.clock.pending, 0);
  });

  it('leaves the page’s own track to the page', async () => {
    const { fake, events, world, lost } = setUp({ device: null });
    lost.lose('video', 'ended');
    await fake.advance(10_000);
    assert.deepEqual(events, ['0 lost device-ended', '0 slate']);
    assert.equal(world.attempts, 0);
    lost.reset('video', true);
    assert.equal(events.at(-1), '10000 on opened');
    assert.equal(fake.clock.pending, 0);
  });
});
