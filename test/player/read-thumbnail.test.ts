import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cueAt, readThumbnail } from '@gatecast/player/internal/overlay/skin/read-thumbnail';

const BASE = 'https://cdn.example/live/board.vtt?v=1';

describe('the picture that a cue of a storyboard names', () => {
  it('is a part of an image, relative to the file', () => {
    assert.deepEqual(readThumbnail('sprite.jpg#xywh=160,90,160,90', BASE), {
      url: 'https://cdn.example/live/sprite.jpg',
      area: [160, 90, 160, 90],
    });
    assert.deepEqual(readThumbnail(' /a.png?x=1#xywh=pixel:0,0,8,9 ', BASE)?.area, [0, 0, 8, 9]);
  });

  it('is a whole image without a fragment, or with one of another kind', () => {
    for (const text of ['a.jpg', 'a.jpg#xywh=percent:0,0,50,50', 'a.jpg#xywh=0,0,0,9', 'a.jpg#xywh=1,2,3'])
      assert.deepEqual(
        readThumbnail(text, BASE),
        { url: 'https://cdn.example/live/a.jpg', area: null },
        text,
      );
  });

  it('is nothing where the text does not name an image', () => {
    for (const text of ['', '  ', 'https://', 'javascript:alert(1)', 'ftp://x/y.jpg'])
      assert.equal(readThumbnail(text, BASE), null, text);
  });
});

describe('the cue at a time', () => {
  const cues = [0, 10, 20].map((startTime) => ({ startTime }));

  it('is the last one that has begun, and the first one before that', () => {
    assert.equal(cueAt(cues, -1)?.startTime, 0);
    assert.equal(cueAt(cues, 9.9)?.startTime, 0);
    assert.equal(cueAt(cues, 10)?.startTime, 10);
    assert.equal(cueAt(cues, 1e9)?.startTime, 20);
    assert.equal(cueAt(cues.slice(3), 5), undefined);
  });
});
