import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Composer } from '@gatecast/webcaster/internal/composition/composer';
import { CheckedOptions } from '@gatecast/webcaster/internal/composition/checked-options';
import { evenSize } from '@gatecast/webcaster/internal/composition/picture-layout';
import type { Scene } from '@gatecast/webcaster/internal/composition/picture-painter';
import { FakeClock } from '../../support/fake-clock.js';
import { fakeFrames, FakeFrame, FakeVideoTrack } from '../support/fake-frames.js';

const SCENE: Scene = {
  layout: 'picture-in-picture',
  inset: { corner: 'bottom-right', percent: 25 },
  overlays: [],
  slate: null,
};

type ComposerTrack = Parameters<Composer['setSource']>[1];

interface Rig {
  readonly composer: Composer;
  readonly time: FakeClock;
  readonly failures: unknown[];
  readonly breakCanvas: () => void;
  /** How often a text was measured. */
  readonly measured: () => number;
  readonly show: (place: 'camera' | 'screen', track: FakeVideoTrack | null, origin?: string) => void;
  /** What the next frame shows; `null` if nothing is drawn within a second. */
  readonly next: () => Promise<readonly unknown[] | null>;
}

async function withComposer(test: (rig: Rig) => Promise<void>): Promise<void> {
  const { drawn, breakCanvas, measured, restore } = fakeFrames();
  const time = new FakeClock();
  const failures: unknown[] = [];
  const composer = new Composer({
    clock: time.clock,
    size: { width: 640, height: 360 },
    framerate: 25,
    scene: SCENE,
    onDrawFailed: (cause) => failures.push(cause),
  });
  const next = async (): Promise<readonly unknown[] | null> => {
    drawn.length = 0;
    await time.advance(1000);
    return drawn.at(-1) ?? null;
  };
  const show: Rig['show'] = (place, track, origin) => {
    const given: unknown = track;
    composer.setSource(place, given as ComposerTrack, origin);
  };
  try {
    await test({ composer, time, failures, breakCanvas, measured, show, next });
  } finally {
    composer.stop();
    restore();
  }
}

function imageOverlay(image: FakeFrame): Scene['overlays'][number] {
  const source: unknown = image;
  const content = { image: source as CanvasImageSource, width: 10, height: 10 };
  return { content, position: 'top-right', opacity: 0.5, size: 10 };
}

describe('Composer', () => {
  it('goes on with everything that can be drawn, and reports the rest once', () =>
    withComposer(async ({ composer, failures, show, next }) => {
      const camera = new FakeVideoTrack();
      show('camera', camera, 'camera');
      camera.give(new FakeFrame('camera 1'));
      const bitmap = new FakeFrame('bitmap');
      composer.update({ ...SCENE, overlays: [imageOverlay(bitmap), imageOverlay(new FakeFrame('logo'))] });
      assert.deepEqual(await next(), ['camera 1', 'bitmap', 'logo']);
      bitmap.close();
      assert.deepEqual(await next(), ['camera 1', 'logo']);
      camera.give(new FakeFrame('camera 2'));
      assert.deepEqual(await next(), ['camera 2', 'logo']);
      assert.equal(failures.length, 1);
    }));

  it('shows the slate although the canvas can no longer be read', () =>
    withComposer(async ({ composer, breakCanvas, show, next }) => {
      const camera = new FakeVideoTrack();
      show('camera', camera, 'camera');
      camera.give(new FakeFrame('camera'));
      await next();
      breakCanvas();
      composer.update({ ...SCENE, slate: { text: 'Pause', image: null } });
      assert.deepEqual(await next(), ['Pause']);
    }));

  it('keeps the last picture of a camera until the next camera has one', () =>
    withComposer(async ({ show, next }) => {
      const [first, second] = [new FakeVideoTrack(), new FakeVideoTrack()];
      show('camera', first, 'camera');
      first.give(new FakeFrame('first'));
      await next();
      show('camera', second, 'camera');
      assert.deepEqual(await next(), ['first']);
      second.give(new FakeFrame('second'));
      assert.deepEqual(await next(), ['second']);
      assert.equal(first.isRead, false);
    }));

  it('shows nothing of a camera that a quiet screen replaces', () =>
    withComposer(async ({ show, next }) => {
      const [camera, screen] = [new FakeVideoTrack(), new FakeVideoTrack()];
      show('camera', camera, 'camera');
      camera.give(new FakeFrame('camera'));
      await next();
      show('camera', screen, 'screen');
      assert.deepEqual(await next(), []);
      assert.equal(camera.isRead, false);
    }));

  it('moves a screen to the place of the camera with its last picture', () =>
    withComposer(async ({ show, next }) => {
      const [camera, screen] = [new FakeVideoTrack(), new FakeVideoTrack()];
      show('camera', camera, 'camera');
      show('screen', screen, 'screen');
      camera.give(new FakeFrame('camera'));
      screen.give(new FakeFrame('screen'));
      await next();
      show('camera', screen, 'screen');
      show('screen', null);
      assert.deepEqual(await next(), ['screen']);
      screen.give(new FakeFrame('screen 2'));
      assert.deepEqual(await next(), ['screen 2']);
    }));

  it('keeps the text of a screen readable on a slow network, while the picture shows one', () =>
    withComposer(({ composer, show }) => {
      const [camera, screen] = [new FakeVideoTrack(), new FakeVideoTrack()];
      screen.contentHint = 'detail';
      const hints: string[] = [];
      const note = (): void => void hints.push(composer.track.contentHint);
      show('camera', camera, 'camera');
      note();
      show('screen', screen, 'screen');
      note();
      composer.update({ ...SCENE, layout: 'camera' });
      note();
      composer.update({ ...SCENE, layout: 'side-by-side' });
      note();
      show('screen', null);
      note();
      assert.deepEqual(hints, ['', 'detail', '', 'detail', '']);
      return Promise.resolve();
    }));

  it('lays out a text once, not for each frame', () =>
    withComposer(async ({ composer, measured, next }) => {
      const content = { text: 'a b c d' };
      const text = { content, position: 'top', opacity: 1, size: 5 } as const;
      composer.update({ ...SCENE, overlays: [text] });
      const afterFirst = measured();
      assert.ok(afterFirst > 0);
      assert.deepEqual(await next(), ['a b c d']);
      assert.equal(measured(), afterFirst);
      composer.resize({ width: 1280, height: 720 }, 25);
      assert.ok(measured() > afterFirst);
    }));

  it('takes away a source that ends, and skips one that has ended', () =>
    withComposer(async ({ show, next, time }) => {
      const screen = new FakeVideoTrack();
      show('camera', screen, 'screen');
      screen.give(new FakeFrame('screen'));
      await next();
      show('camera', null);
      assert.deepEqual(await next(), []);
      screen.readyState = 'ended';
      show('camera', screen, 'screen');
      assert.deepEqual(await next(), []);
      assert.equal(time.timerCount, 1);
    }));
});

describe('evenSize', () => {
  it('limits what is drawn, in the same shape', () => {
    assert.deepEqual(evenSize({ width: 20_000, height: 10_000 }), { width: 4096, height: 2048 });
    assert.deepEqual(evenSize({ width: 1279, height: 0 }), { width: 1280, height: 2 });
  });
});

describe('CheckedOptions', () => {
  it('keeps the last valid value of each option, and says what is invalid', () => {
    const options = new CheckedOptions();
    const code = (): string | undefined => options.problem?.code;
    options.read({ layout: 'camera', inset: 'top-left 40%', overlay: { text: 'a' } });
    assert.equal(code(), undefined);
    options.read({ layout: null, inset: 'middle', overlay: { text: 'x'.repeat(501) } });
    assert.equal(code(), 'settings-invalid');
    assert.deepEqual(
      [options.layout, options.inset.percent, options.overlays[0]?.content],
      ['camera', 40, { text: 'a' }],
    );
    options.read({ layout: 'screen', inset: null, overlay: null });
    assert.deepEqual([options.layout, options.overlays], ['screen', []]);
    assert.equal(code(), 'settings-invalid');
  });

  it('survives a getter of the page that throws', () => {
    const options = new CheckedOptions();
    const overlay = {
      get text(): string {
        throw new Error('mine');
      },
    };
    options.read({ layout: 'camera', inset: 'top-left', overlay });
    assert.deepEqual([options.problem?.code, options.inset.corner], ['settings-invalid', 'top-left']);
  });
});
