import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  evenSize,
  fitInto,
  parseInset,
  placeSources,
  type PictureSource,
} from '@gatecast/webcaster/internal/composition/picture-layout';
import type { PictureLayout } from '@gatecast/webcaster';
import { placeOverlay } from '@gatecast/webcaster/internal/composition/picture-painter';

const hd = { width: 1280, height: 720 };
const whole = { x: 0, y: 0, ...hd };
const both: PictureSource[] = ['camera', 'screen'];

const place = (layout: PictureLayout, sources = both, inset = 'bottom-right', picture = hd) =>
  placeSources(layout, picture, parseInset(inset), new Set(sources)).map(
    ({ source, area, fit }) =>
      `${source} ${String(area.x)},${String(area.y)} ${String(area.width)}x${String(area.height)} ${fit}`,
  );

describe('placeSources', () => {
  it('puts the camera over the screen, in the corner and the width that inset names', () => {
    assert.deepEqual(place('picture-in-picture'), [
      'screen 0,0 1280x720 contain',
      'camera 934,514 320x180 cover',
    ]);
    assert.deepEqual(place('picture-in-picture', both, 'top-left 50%')[1], 'camera 26,26 640x360 cover');
    assert.deepEqual(place('picture-in-picture', both, 'bottom-left 10%')[1], 'camera 26,622 128x72 cover');
  });

  it('puts them side by side, or one above the other in an upright picture', () => {
    assert.deepEqual(place('side-by-side'), ['screen 0,0 854x720 contain', 'camera 854,0 426x720 cover']);
    assert.deepEqual(place('side-by-side', both, 'top-left', { width: 720, height: 1280 }), [
      'screen 0,0 720x854 contain',
      'camera 0,854 720x426 cover',
    ]);
  });

  it('shows only one of them', () => {
    assert.deepEqual(place('camera'), ['camera 0,0 1280x720 contain']);
    assert.deepEqual(place('screen'), ['screen 0,0 1280x720 contain']);
  });

  it('fills the picture with the source that is left, whatever the layout is', () => {
    for (const layout of ['picture-in-picture', 'side-by-side', 'screen'] as const)
      assert.deepEqual(place(layout, ['camera']), ['camera 0,0 1280x720 contain']);
    assert.deepEqual(place('camera', ['screen']), ['screen 0,0 1280x720 contain']);
    assert.deepEqual(place('camera', []), []);
  });

  it('gives each area an even width and height', () => {
    const odd = evenSize({ width: 853, height: 479.6 });
    assert.deepEqual(odd, { width: 854, height: 480 });
    for (const { area } of placeSources(
      'picture-in-picture',
      odd,
      parseInset('top-right 33%'),
      new Set(both),
    ))
      assert.deepEqual([area.width % 2, area.height % 2], [0, 0]);
  });
});

describe('parseInset', () => {
  it('reads a corner and a width', () => {
    assert.deepEqual(parseInset('top-right'), { corner: 'top-right', percent: 25 });
    assert.deepEqual(parseInset(' bottom-left  40% '), { corner: 'bottom-left', percent: 40 });
  });

  it('refuses anything else with a typed error', () => {
    for (const text of [
      '',
      'middle',
      'top-right 5%',
      'top-right 51%',
      'top-right 25',
      'top-left 20% 3',
      '25%',
    ])
      assert.throws(() => parseInset(text), { code: 'settings-invalid' }, text);
  });
});

describe('fitInto', () => {
  it('keeps a source whole, with bars', () => {
    assert.deepEqual(fitInto({ width: 640, height: 480 }, whole, 'contain'), {
      from: { x: 0, y: 0, width: 640, height: 480 },
      to: { x: 160, y: 0, width: 960, height: 720 },
    });
  });

  it('cuts off the edges of a source to cover its area', () => {
    assert.deepEqual(fitInto({ width: 640, height: 480 }, whole, 'cover'), {
      from: { x: 0, y: 60, width: 640, height: 360 },
      to: whole,
    });
  });

  it('draws nothing of a source without a size', () => {
    assert.equal(fitInto({ width: 0, height: 0 }, whole, 'cover'), null);
  });
});

describe('placeOverlay', () => {
  it('places an overlay at the edges and in the middle', () => {
    const size = { width: 200, height: 100 };
    const at = (position: Parameters<typeof placeOverlay>[0]) => {
      const { x, y } = placeOverlay(position, size, { width: 1000, height: 500 });
      return [x, y];
    };
    assert.deepEqual(at('top-left'), [20, 20]);
    assert.deepEqual(at('bottom-right'), [780, 380]);
    assert.deepEqual(at('bottom'), [400, 380]);
    assert.deepEqual(at('left'), [20, 200]);
    assert.deepEqual(at('center'), [400, 200]);
  });
});
