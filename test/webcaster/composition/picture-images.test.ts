import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PictureImages } from '@gatecast/webcaster/internal/composition/picture-images';
import type { Drawable } from '@gatecast/webcaster/internal/composition/picture-painter';
import { FakeClock } from '../../support/fake-clock.js';

const URL_OF_LOGO = 'https://www.example.com/logo.png';

function rig() {
  const time = new FakeClock();
  const requested: unknown[] = [];
  const seen: string[] = [];
  const closed: string[] = [];
  const server = { works: false, version: 0 };
  const images = new PictureImages({
    clock: time.clock,
    random: () => 0.5,
    load: async (image) => {
      requested.push(image);
      const name = `v${String(server.version)}`;
      await Promise.resolve();
      if (!server.works) throw new DOMException('No.', 'EncodingError');
      const copy: unknown = { name, close: () => closed.push(name) };
      return { image: copy as Drawable['image'], width: 10, height: 10 };
    },
    onLoaded: () => seen.push('loaded'),
    onFailed: (of) => seen.push(`failed ${of}`),
  });
  const show = (isNew: boolean, ...names: (string | HTMLCanvasElement)[]) =>
    images.follow(isNew, (use) => names.map((name) => use(name, 'overlay')));
  return { time, requested, seen, closed, server, images, show };
}

describe('PictureImages', () => {
  it('requests an image again that failed, later and later, and reports the failure once', async () => {
    const { time, requested, seen, server, show } = rig();
    show(true, URL_OF_LOGO);
    await time.advance(60_000);
    assert.ok(requested.length > 5 && requested.length <= 14, String(requested.length));
    assert.deepEqual(seen, ['failed overlay']);
    server.works = true;
    await time.advance(6000);
    assert.deepEqual(seen, ['failed overlay', 'loaded']);
    assert.equal(show(false, URL_OF_LOGO)[0]?.width, 10);
    assert.equal(time.timerCount, 0);
  });

  it('requests no address more often because the page sets its overlays each second', async () => {
    const { time, requested, show } = rig();
    for (let second = 0; second < 60; second += 1) {
      show(true, URL_OF_LOGO);
      await time.advance(1000);
    }
    assert.ok(requested.length <= 14, String(requested.length));
  });

  it('ends the attempts for an image that is no longer used, and with the picture', async () => {
    const { time, requested, images, show } = rig();
    show(true, URL_OF_LOGO);
    await time.advance(100);
    show(false);
    assert.equal(time.timerCount, 0);
    show(true, URL_OF_LOGO);
    await time.advance(100);
    images.stop();
    assert.equal(time.timerCount, 0);
    assert.equal(requested.length, 2);
  });

  it('loads an image once for two overlays, and a canvas again when it is set again', async () => {
    const { time, requested, closed, server, show } = rig();
    server.works = true;
    const given: unknown = {};
    const canvas = given as HTMLCanvasElement;
    show(true, URL_OF_LOGO, URL_OF_LOGO, canvas);
    await time.advance(10);
    assert.equal(requested.length, 2);
    server.version = 1;
    const [, , before] = show(true, URL_OF_LOGO, URL_OF_LOGO, canvas);
    assert.equal(before?.width, 10);
    await time.advance(10);
    assert.equal(requested.length, 3);
    assert.deepEqual(closed, ['v0']);
  });

  it('drops what comes late, and frees it', async () => {
    const { time, closed, seen, server, show } = rig();
    server.works = true;
    show(true, URL_OF_LOGO);
    show(false);
    await time.advance(10);
    assert.deepEqual([seen, closed], [[], ['v0']]);
  });
});
