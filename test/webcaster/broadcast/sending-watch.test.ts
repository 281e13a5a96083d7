import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SendingWatch } from '@gatecast/webcaster/internal/broadcast/sending-watch';
import type { BroadcastStats } from '@gatecast/webcaster';

const STATS: BroadcastStats = {
  ...{ atMs: 0, videoKbps: 480, audioKbps: 90, framesPerSecond: 14.8, width: 640, height: 360 },
  ...{
    roundTripMs: 40,
    lossPercent: 0,
    reportedAtMs: 1,
    packetsSent: 1,
    videoCodec: 'H264',
    audioCodec: 'opus',
  },
  ...{ availableKbps: 3000, limitedBy: null, quality: 'good' },
};

class Seconds {
  #nowMs = 1000;
  readonly #watch = new SendingWatch();

  /** Says the same each second; returns the reasons and sizes of what was new. */
  pass(count: number, stats: Partial<BroadcastStats> = {}, isReduced = false): string[] {
    return Array.from({ length: count }, () => {
      this.#nowMs += 1000;
      const change = this.#watch.update({ ...STATS, ...stats }, isReduced, this.#nowMs);
      return change && `${String(change.reason)} ${String(change.width)}`;
    }).filter((change) => change !== null);
  }

  say(stats: Partial<BroadcastStats>, isReduced = false): string | undefined {
    for (let second = 0; second < 20; second += 1) {
      this.#nowMs += 1000;
      const change = this.#watch.update({ ...STATS, ...stats }, isReduced, this.#nowMs);
      if (change) return change.message;
    }
    return undefined;
  }
}

describe('what limits the sending', () => {
  it('is not said of a broadcast that nothing limits, nor of the first seconds of an encoder', () => {
    const seconds = new Seconds();
    assert.deepEqual(seconds.pass(4, { limitedBy: 'bandwidth' }), []);
    assert.deepEqual(seconds.pass(60), []);
    assert.deepEqual(seconds.pass(4, { limitedBy: 'cpu' }), []);
  });

  it('is said once, again with each size, and when it is over', () => {
    const seconds = new Seconds();
    assert.deepEqual(seconds.pass(30, { limitedBy: 'bandwidth' }), ['network 640']);
    assert.deepEqual(seconds.pass(30, { limitedBy: 'bandwidth', width: 320, height: 180 }), ['network 320']);
    assert.deepEqual(seconds.pass(30), ['null 640']);
  });

  it('tells the network from this device', () => {
    assert.deepEqual(new Seconds().pass(30, { limitedBy: 'cpu' }), ['device 640']);
    assert.deepEqual(new Seconds().pass(30, {}, true), ['network 640'], 'reduced by this page');
    assert.deepEqual(new Seconds().pass(30, { limitedBy: 'other' }), []);
  });

  it('says it in words', () => {
    assert.equal(
      new Seconds().say({ limitedBy: 'bandwidth' }),
      'The network takes less than the settings allow: 640x360 at 15 frames per second, 480 kbit/s.',
    );
    assert.equal(
      new Seconds().say({ limitedBy: 'cpu', width: null, height: null, videoKbps: null }),
      'This device encodes less than the settings allow: a picture of unknown size.',
    );
  });
});
