import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { saysMediaIsSent, SentMedia } from '@gatecast/webcaster/internal/publisher/nanostream/sent-media';

const report = (audioBitrate?: number, videoBitrate?: number) => ({
  data: {
    results: {
      ...(audioBitrate !== undefined && { audioBitrate }),
      ...(videoBitrate !== undefined && { videoBitrate }),
    },
  },
});
const track = (change: Partial<MediaStreamTrack> = {}) =>
  ({ getSettings: () => ({}), readyState: 'live', enabled: true, ...change }) as MediaStreamTrack;

describe('reports of the vendor’s RtcUser', () => {
  it('say that media is sent, that it is not, or nothing', () => {
    assert.equal(saysMediaIsSent(report(0, 800)), true);
    assert.equal(saysMediaIsSent(report(64)), true);
    assert.equal(saysMediaIsSent(report(0, 0)), false);
    assert.equal(saysMediaIsSent({ data: { stats: { results: { videoBitrate: 0 } } } }), false);
    assert.equal(saysMediaIsSent(report()), null);
    assert.equal(saysMediaIsSent({}), null);
  });

  it('show that media has stopped after five in a row without it, once', () => {
    const sentMedia = new SentMedia(() => [track()]);
    const silence = [1, 2, 3, 4].map(() => sentMedia.add(report(0, 0)));
    assert.deepEqual(silence, [false, false, false, false]);
    assert.equal(sentMedia.add(report(0, 800)), false);
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6].map(() => sentMedia.add(report(0, 0))),
      [false, false, false, false, true, false],
    );
  });

  it('show nothing while every track is muted, has ended, or is a canvas', () => {
    const canvas = Object.assign(track(), { canvas: {} });
    const sentMedia = new SentMedia(() => [
      track({ enabled: false }),
      track({ readyState: 'ended' }),
      canvas,
    ]);
    assert.equal(
      [1, 2, 3, 4, 5, 6].some(() => sentMedia.add(report(0, 0))),
      false,
    );
  });
});
