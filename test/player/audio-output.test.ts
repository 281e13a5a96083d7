import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, it } from 'node:test';
import type { ReactiveController } from '@lit/reactive-element';
import { listAudioOutputs, type AudioDevices } from '../../packages/player/src/audio-output/audio-devices.js';
import { audioOutputOf, type AudioOutput } from '../../packages/player/src/audio-output/audio-output.js';
import { SecureAudioOutputChangedEvent } from '../../packages/player/src/audio-output/audio-output-changed-event.js';

const device = (deviceId: string, label: string, kind = 'audiooutput') => ({
  kind,
  deviceId,
  label,
  groupId: '',
});
const HEADSET = device('h1', 'Headset');
const SCREEN = device('s1', 'Screen');

/** The devices of a computer, of which a test takes some away. */
class FakeDevices extends EventTarget {
  connected = [
    device('default', 'Default - Screen'),
    SCREEN,
    HEADSET,
    device('m1', 'Microphone', 'audioinput'),
  ];
  listeners = 0;
  selectAudioOutput: AudioDevices['selectAudioOutput'];

  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
    this.listeners += 1;
    if (typeof options === 'object') options.signal?.addEventListener('abort', () => (this.listeners -= 1));
  }

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return Promise.resolve(this.connected as MediaDeviceInfo[]);
  }

  connect(...devices: (typeof this.connected)[number][]): void {
    this.connected = devices;
    this.dispatchEvent(new Event('devicechange'));
  }
}

/** A media element that can play on the devices that are connected. */
class FakeMedia {
  sinkId = '';
  calls: string[] = [];
  refuse: string | null = null;
  /** Calls that wait for the test. */
  held: Promise<void> | null = null;

  constructor(readonly devices: FakeDevices) {}

  async setSinkId(deviceId: string): Promise<void> {
    this.calls.push(deviceId);
    const held = this.held;
    if (deviceId !== '') await held;
    if (deviceId !== '' && this.refuse) throw new DOMException('No.', this.refuse);
    if (deviceId !== '' && !this.devices.connected.some((each) => each.deviceId === deviceId))
      throw new DOMException('No such device.', 'NotFoundError');
    this.sinkId = deviceId;
  }
}

class FakePlayer extends EventTarget {
  audioOutput = '';
  isConnected = true;
  media: unknown;
  controllers: ReactiveController[] = [];
  events: (string | null)[][] = [];

  constructor(media: unknown) {
    super();
    this.media = media;
    this.addEventListener('secure-audio-output-changed', (event) => {
      assert.ok(event instanceof SecureAudioOutputChangedEvent);
      const { deviceId, label, error } = event;
      this.events.push([deviceId, label, error?.code ?? null]);
    });
  }

  addController(controller: ReactiveController): void {
    this.controllers.push(controller);
    if (this.isConnected) controller.hostConnected?.();
  }

  choose(deviceId: string): void {
    this.audioOutput = deviceId;
    for (const each of this.controllers) each.hostUpdated?.();
  }

  remove(): void {
    this.isConnected = false;
    for (const each of this.controllers) each.hostDisconnected?.();
  }
}

interface Setup {
  readonly devices: FakeDevices;
  readonly media: FakeMedia;
  readonly player: FakePlayer;
  readonly output: AudioOutput;
  readonly log: unknown[];
}

async function setUp(
  audioOutput = '',
  change?: (devices: FakeDevices, media: FakeMedia) => void,
): Promise<Setup> {
  const devices = new FakeDevices();
  const media = new FakeMedia(devices);
  change?.(devices, media);
  const player = new FakePlayer(media);
  player.audioOutput = audioOutput;
  const log: unknown[] = [];
  const add = (type: string, details: unknown): void => void log.push(type, details);
  const element = player as EventTarget as Parameters<typeof audioOutputOf>[0];
  const output = audioOutputOf(element, { add }, devices as AudioDevices);
  await settle();
  return { devices, media, player, output, log };
}

async function settle(): Promise<void> {
  for (let count = 0; count < 5; count += 1) await turn();
}

describe('the audio output of a player', () => {
  it('is left alone until a device is chosen', async () => {
    const { media, player } = await setUp();
    assert.deepEqual([media.calls, player.events], [[], []]);
  });

  it('is the chosen device, and the default again without one', async () => {
    const { media, player, log } = await setUp('h1');
    assert.equal(media.sinkId, 'h1');
    player.choose('s1');
    await settle();
    player.choose('');
    await settle();
    assert.equal(media.sinkId, '');
    assert.deepEqual(player.events, [
      ['h1', 'Headset', null],
      ['s1', 'Screen', null],
      ['', '', null],
    ]);
    assert.ok(!JSON.stringify(log).includes('Headset'), 'the log has no name of a device');
  });

  it('is set again on a media element that takes the place of another', async () => {
    const { devices, player } = await setUp('h1');
    const vendors = new FakeMedia(devices);
    player.media = vendors;
    player.dispatchEvent(new Event('playing'));
    player.dispatchEvent(new Event('timeupdate'));
    await settle();
    assert.deepEqual([vendors.sinkId, vendors.calls, player.events.length], ['h1', ['h1'], 1]);
  });

  it('is the default while the device is unplugged, and the device once it is back', async () => {
    const { devices, media, player } = await setUp('h1');
    devices.connect(SCREEN);
    await settle();
    assert.equal(media.sinkId, '');
    devices.connect(SCREEN, HEADSET);
    await settle();
    assert.equal(media.sinkId, 'h1');
    assert.deepEqual(player.events, [
      ['h1', 'Headset', null],
      ['', '', 'device-lost'],
      ['h1', 'Headset', null],
    ]);
  });

  it('is the default when its last other device is unplugged', async () => {
    const { devices, media, player } = await setUp('h1');
    devices.connect(device('default', 'Default'));
    await settle();
    assert.deepEqual([media.sinkId, player.events.at(-1)], ['', ['', '', 'device-lost']]);
  });

  it('is the device once it is plugged in, if it was not at the start', async () => {
    const { devices, media, player } = await setUp('h1', (each) => each.connect(SCREEN));
    assert.deepEqual(player.events, [['', '', 'device-not-found']]);
    for (let count = 0; count < 3; count += 1) player.dispatchEvent(new Event('timeupdate'));
    await settle();
    assert.deepEqual(media.calls, ['h1', ''], 'it does not try again with each event');
    devices.connect(SCREEN, HEADSET);
    await settle();
    assert.equal(media.sinkId, 'h1');
  });

  it('is the default once the only device is gone, in a browser that lists chosen ones only', async () => {
    const { devices, media, player } = await setUp('h1', (each) => {
      each.selectAudioOutput = () => Promise.resolve(HEADSET);
      each.connect(HEADSET);
    });
    devices.connect();
    await settle();
    assert.deepEqual([media.sinkId, player.events.at(-1)], ['', ['', '', 'device-lost']]);
    devices.connect(HEADSET);
    await settle();
    assert.equal(media.sinkId, 'h1');
  });

  it('stays where it is while the browser hides the devices, or names one otherwise', async () => {
    const { devices, media, player } = await setUp('h1');
    for (const hidden of [[], [device('', '')]]) {
      devices.connect(...hidden);
      await settle();
      assert.deepEqual([media.sinkId, player.events.length], ['h1', 1]);
    }
    devices.connect(device('default', 'Default - Screen'), SCREEN, HEADSET);
    player.choose('default');
    await settle();
    devices.connect(device('default', 'Default - Screen'), SCREEN);
    await settle();
    assert.equal(media.sinkId, 'default');
    assert.equal(player.events.length, 2);
  });

  it('is the default where the page’s policy refuses it, with the attribute allow in the hint', async () => {
    let hint = '';
    const { media, player } = await setUp('', (_, each) => (each.refuse = 'NotAllowedError'));
    player.addEventListener('secure-audio-output-changed', (event) => {
      if (event instanceof SecureAudioOutputChangedEvent) hint = event.error?.hint ?? '';
    });
    player.choose('h1');
    await settle();
    assert.equal(media.sinkId, '');
    assert.deepEqual(player.events, [['', '', 'permission-denied']]);
    assert.match(hint, /speaker-selection.*iframe.*allow/s);
  });

  it('is the default in a browser, or a vendor’s player, that has no other', async () => {
    const { player } = await setUp();
    player.media = { sinkId: undefined };
    Reflect.deleteProperty(player.media as object, 'setSinkId');
    player.choose('h1');
    await settle();
    const canvas = await setUp('h1', (_, media) => (media.refuse = 'NotSupportedError'));
    for (const { events } of [player, canvas.player])
      assert.deepEqual(events, [['', '', 'engine-unsupported']]);
  });

  it('is the last one that was chosen, in whatever order the browser gets there', async () => {
    const { media, player } = await setUp('s1');
    let release: () => void = () => undefined;
    media.held = new Promise((resolve) => (release = resolve));
    player.choose('h1');
    await settle();
    media.held = null;
    player.choose('s1');
    await settle();
    release();
    await settle();
    assert.equal(media.sinkId, 's1');
    assert.deepEqual(player.events.at(-1), ['s1', 'Screen', null]);
  });

  it('listens to nothing once the element is removed, and again when it is back', async () => {
    const { devices, media, player } = await setUp('h1');
    assert.equal(devices.listeners, 1);
    player.remove();
    await settle();
    assert.equal(devices.listeners, 0);
    devices.connect(SCREEN);
    await settle();
    assert.equal(media.sinkId, 'h1');
    player.isConnected = true;
    for (const each of player.controllers) each.hostConnected?.();
    await settle();
    assert.deepEqual([devices.listeners, media.sinkId], [1, '']);
  });

  it('keeps its listeners while the element is only moved', async () => {
    const { devices, player } = await setUp('h1');
    player.remove();
    player.isConnected = true;
    await settle();
    assert.equal(devices.listeners, 1);
  });
});

describe('selectAudioOutput()', () => {
  it('plays on the device of the browser’s chooser', async () => {
    const { media, player, output } = await setUp('', (devices) => {
      devices.selectAudioOutput = () => Promise.resolve(HEADSET);
    });
    const devices = await output.select();
    assert.deepEqual(
      devices.map(({ label }) => label),
      ['Screen', 'Headset'],
    );
    assert.deepEqual([player.audioOutput, media.sinkId], ['h1', 'h1']);
  });

  it('says why there was no choice', async () => {
    const cases = { NotAllowedError: 'permission-denied', InvalidStateError: 'permission-denied' };
    for (const [name, code] of Object.entries(cases)) {
      const { output, player } = await setUp('', (devices) => {
        devices.selectAudioOutput = () => Promise.reject(new DOMException('No.', name));
      });
      await assert.rejects(output.select(), { code });
      assert.equal(player.audioOutput, '');
    }
  });

  it('lists the devices in a browser without a chooser, and says what is missing where it hides them', async () => {
    const { devices, output, player } = await setUp();
    assert.equal((await output.select()).length, 2);
    devices.connect(device('', ''));
    await assert.rejects(output.select(), ({ code, hint }: { code: string; hint: string }) => {
      assert.equal(code, 'permission-denied');
      return hint.includes('getUserMedia({ audio: true })');
    });
    player.media = {};
    await assert.rejects(output.select(), { code: 'engine-unsupported' });
    assert.deepEqual(await listAudioOutputs(null), []);
  });
});
