import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  NetworkControl,
  NO_REDUCTION,
  startShare,
  type NetworkLimits,
  type NetworkReading,
  type Reduction,
} from '@gatecast/webcaster/internal/publisher/whip/follow-network';
import { networkLimits as LIMITS } from '../../support/network-limits.js';

const GOOD: NetworkReading = {
  videoKbps: 2400,
  audioKbps: 100,
  availableKbps: 3000,
  lossPercent: 0,
  roundTripMs: 40,
  reportedAtMs: null,
  limitedBy: null,
  width: 1280,
  height: 720,
  framesPerSecond: 30,
};
const NARROW: NetworkReading = { ...GOOD, videoKbps: 400, availableKbps: 500, limitedBy: 'bandwidth' };
/** Firefox has no estimate. */
const BLIND: NetworkReading = { ...GOOD, availableKbps: null };
const BLIND_NARROW: NetworkReading = { ...NARROW, availableKbps: null };

class Broadcast {
  nowMs = 1000;
  #control = new NetworkControl();
  #limits: NetworkLimits;

  constructor(limits: Partial<NetworkLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  change(limits: Partial<NetworkLimits>): void {
    this.#limits = { ...this.#limits, ...limits };
  }

  reconnect(): void {
    this.#control = new NetworkControl(this.#control, this.nowMs);
  }

  /** Reads the same values each second; returns the last reduction. */
  run(seconds: number, reading: NetworkReading): Reduction {
    let reduction: Reduction = NO_REDUCTION;
    for (let second = 0; second < seconds; second += 1) {
      this.nowMs += 1000;
      reduction = this.#control.update(reading, this.#limits, this.nowMs);
    }
    return reduction;
  }

  /** Seconds in which more was sent than the network takes, which is 30% of the settings. */
  runNarrow(seconds: number): number[] {
    let { bitrate } = this.run(4, { ...BLIND, lossPercent: 70 });
    const failed: number[] = [];
    for (let second = 0; second < seconds; second += 1) {
      const lossPercent = bitrate > 0.3 ? 6 : 0;
      if (lossPercent > 0) failed.push(second);
      ({ bitrate } = this.run(1, { ...BLIND, videoKbps: bitrate * 2500, lossPercent }));
    }
    return failed;
  }

  /** Seconds until the reduction is no longer this one, at most 300. */
  secondsUntilChange(reading: NetworkReading, from: Reduction): number {
    for (let second = 1; second <= 300; second += 1) {
      const next = this.run(1, reading);
      if (next.scale !== from.scale || next.frames !== from.frames || next.bitrate !== from.bitrate)
        return second;
    }
    return Infinity;
  }
}

describe('the control of what is sent', () => {
  it('leaves the settings alone while the network takes them', () => {
    assert.deepEqual(new Broadcast().run(600, GOOD), NO_REDUCTION);
    assert.deepEqual(new Broadcast().run(600, BLIND), NO_REDUCTION);
  });

  it('does not take the browser’s first seconds for a slow network', () => {
    const broadcast = new Broadcast();
    assert.deepEqual(broadcast.run(2, NARROW), NO_REDUCTION);
    assert.deepEqual(broadcast.run(60, GOOD), NO_REDUCTION);
  });

  it('sends a smaller picture when little is left, and the whole one when all is back', () => {
    const broadcast = new Broadcast();
    const reduced = broadcast.run(4, NARROW);
    assert.deepEqual(reduced, { scale: 2, frames: 1, bitrate: 1 });
    assert.deepEqual(broadcast.run(60, { ...NARROW, width: 640, height: 360 }), reduced, 'it stays');
    assert.equal(broadcast.secondsUntilChange(GOOD, reduced), 11);
    assert.deepEqual(broadcast.run(30, GOOD), NO_REDUCTION);
  });

  it('keeps the frame rate or the size, as wanted', () => {
    const tiny = { ...NARROW, availableKbps: 300, videoKbps: 200 };
    const motion = new Broadcast({ degradationPreference: 'maintain-framerate' }).run(4, tiny);
    assert.deepEqual([motion.frames, motion.scale > 2], [1, true]);
    const detail = new Broadcast({ degradationPreference: 'maintain-resolution' }).run(4, tiny);
    assert.deepEqual([detail.scale, detail.frames < 0.4], [1, true]);
  });

  it('does nothing where the browser has already reduced the picture', () => {
    const reading = { ...NARROW, width: 640, height: 360 };
    assert.deepEqual(new Broadcast().run(60, reading), NO_REDUCTION);
  });

  it('does not take a screen that stands still for a slow network', () => {
    const still = { ...BLIND, videoKbps: 40, framesPerSecond: 2 };
    assert.deepEqual(
      new Broadcast({ degradationPreference: 'maintain-resolution' }).run(60, still),
      NO_REDUCTION,
    );
  });

  it('lets the browser choose among the layers of a simulcast', () => {
    assert.deepEqual(new Broadcast({ hasLayers: true }).run(60, NARROW), NO_REDUCTION);
  });

  it('waits longer each time for a larger picture that does not fit', () => {
    const broadcast = new Broadcast();
    const waits: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const reduced = broadcast.run(4, BLIND_NARROW);
      assert.equal(reduced.scale, 2);
      // Small enough, the browser is content; whether more fits, it does not say.
      waits.push(
        broadcast.secondsUntilChange({ ...BLIND, videoKbps: 400, width: 640, height: 360 }, reduced),
      );
    }
    assert.deepEqual(waits, [11, 21, 41, 81, 81]);
  });

  it('sends less where packets are lost and the browser does not react', () => {
    const broadcast = new Broadcast();
    assert.equal(broadcast.run(3, { ...GOOD, lossPercent: 20 }).bitrate, 1);
    const low = broadcast.run(3, { ...GOOD, lossPercent: 20 });
    assert.ok(low.bitrate <= 0.7);
    // It helps, and goes on while it does.
    assert.ok(broadcast.run(4, { ...GOOD, lossPercent: 10 }).bitrate < low.bitrate);
    assert.deepEqual(broadcast.run(240, GOOD), NO_REDUCTION);
  });

  it('does not wait for a third report of loss that leaves no picture', () => {
    const broadcast = new Broadcast();
    assert.equal(broadcast.run(1, { ...GOOD, lossPercent: 60, reportedAtMs: 1 }).bitrate, 1);
    assert.equal(
      broadcast.run(1, { ...GOOD, lossPercent: 60, reportedAtMs: 2 }).bitrate,
      0.4 * (2400 / 2500) * 0.85,
    );
  });

  it('takes a rise back that makes the round trip longer, before packets are lost', () => {
    const broadcast = new Broadcast();
    broadcast.run(30, GOOD);
    const { bitrate } = broadcast.run(5, { ...GOOD, lossPercent: 20 });
    let raised = bitrate;
    while (raised === bitrate) raised = broadcast.run(1, GOOD).bitrate;
    assert.equal(
      broadcast.run(1, { ...GOOD, roundTripMs: 200 }).bitrate,
      raised,
      'one report may be an exception',
    );
    assert.ok(broadcast.run(1, { ...GOOD, roundTripMs: 200 }).bitrate < bitrate);
  });

  it('raises the bitrate on a path whose round trip varies', () => {
    const broadcast = new Broadcast();
    broadcast.run(30, GOOD);
    broadcast.run(5, { ...GOOD, lossPercent: 20 });
    for (let second = 0; second < 120; second += 1)
      broadcast.run(1, { ...GOOD, roundTripMs: second % 2 ? 240 : 60, lossPercent: second % 5 ? 0 : 2 });
    assert.equal(broadcast.run(1, GOOD).bitrate, 1);
  });

  it('takes back what does not help: the loss of a radio link', () => {
    const broadcast = new Broadcast();
    const lossy = { ...GOOD, lossPercent: 11 };
    assert.ok(broadcast.run(9, lossy).bitrate < 0.7);
    assert.equal(broadcast.run(20, lossy).bitrate, 1);
    assert.equal(broadcast.run(600, lossy).bitrate, 1, 'and does not try again');
    assert.ok(broadcast.run(5, { ...GOOD, lossPercent: 50 }).bitrate < 0.7, 'but more loss is seen');
  });

  it('waits with more while some packets are lost', () => {
    const broadcast = new Broadcast();
    broadcast.run(5, { ...GOOD, lossPercent: 30 });
    const { bitrate } = broadcast.run(8, { ...GOOD, lossPercent: 4 });
    assert.ok(bitrate < 1);
    assert.equal(broadcast.run(6, { ...GOOD, lossPercent: 4 }).bitrate, bitrate);
    assert.equal(broadcast.run(300, { ...GOOD, lossPercent: 4 }).bitrate, 1, 'but not without end');
  });

  it('counts a report of loss once, however often it is read', () => {
    const broadcast = new Broadcast();
    assert.equal(broadcast.run(6, { ...GOOD, lossPercent: 30, reportedAtMs: 1 }).bitrate, 1);
    assert.ok(broadcast.run(1, { ...GOOD, lossPercent: 30, reportedAtMs: 2 }).bitrate < 1);
  });

  it('reduces what is really sent: a limit above it would change nothing', () => {
    const lossy: NetworkReading = {
      ...GOOD,
      ...{ videoKbps: 600, lossPercent: 20, limitedBy: 'bandwidth', availableKbps: 700 },
    };
    const { bitrate } = new Broadcast().run(8, lossy);
    assert.equal(Math.round(bitrate * 2500), 600 * 0.8 * 0.85);
  });

  it('does not take a picture that needs little for a network that takes nothing', () => {
    for (const videoKbps of [40, 500]) {
      const broadcast = new Broadcast();
      const { bitrate } = broadcast.run(6, { ...GOOD, videoKbps, lossPercent: 20 });
      assert.equal(bitrate, 0.7, `${videoKbps} kbit/s`);
      assert.equal(broadcast.run(60, { ...GOOD, videoKbps, lossPercent: 20 }).bitrate, 1);
    }
  });

  it('counts no time of sleep', () => {
    const broadcast = new Broadcast();
    broadcast.run(3, { ...GOOD, lossPercent: 20 });
    broadcast.nowMs += 3_600_000;
    assert.equal(broadcast.run(3, { ...GOOD, lossPercent: 20 }).bitrate, 1);
  });

  it('sees loss that varies from second to second', () => {
    const broadcast = new Broadcast();
    for (let second = 0; second < 4; second += 1)
      broadcast.run(1, { ...GOOD, lossPercent: second % 2 ? 4 : 20 });
    assert.ok(broadcast.run(1, { ...GOOD, lossPercent: 20 }).bitrate < 1);
  });

  it('waits longer each time for a bitrate that is too high', () => {
    const failedAt = new Broadcast().runNarrow(300);
    const waits = failedAt.flatMap((second, index) => {
      const waited = second - (failedAt[index - 1] ?? second);
      return waited > 1 ? [waited] : [];
    });
    const doubled = waits.filter((wait, index) => wait > (waits[index - 1] ?? wait));
    assert.ok(doubled.length > 2 && Math.max(...waits) >= 20, String(waits));
    assert.ok(failedAt.length < 300 * 0.12, `${failedAt.length} s of loss`);
  });

  it('sends less where a queue grows, and not on a path that is only long', () => {
    const broadcast = new Broadcast();
    assert.equal(broadcast.run(60, { ...GOOD, roundTripMs: 700 }).bitrate, 1);
    const short = new Broadcast();
    short.run(5, GOOD);
    assert.ok(short.run(5, { ...GOOD, roundTripMs: 700 }).bitrate < 1);
    // The path itself has become longer, as after a change of the network: a lower bitrate does not make it shorter.
    assert.equal(short.run(120, { ...GOOD, roundTripMs: 700 }).bitrate, 1);
  });

  it('leaves the bitrate for twice as long to a browser that has reduced it', () => {
    const broadcast = new Broadcast();
    assert.equal(broadcast.run(6, { ...NARROW, lossPercent: 20 }).bitrate, 1);
    assert.ok(broadcast.run(1, { ...NARROW, lossPercent: 20 }).bitrate < 1);
  });

  it('reads values that are not known', () => {
    const nothing: NetworkReading = {
      videoKbps: null,
      audioKbps: null,
      availableKbps: null,
      lossPercent: null,
      roundTripMs: null,
      reportedAtMs: null,
      limitedBy: 'bandwidth',
      width: null,
      height: null,
      framesPerSecond: null,
    };
    assert.deepEqual(new Broadcast({ pixels: null }).run(60, nothing), NO_REDUCTION);
  });

  it('goes on after a reconnect where it was, and waits as long for more', () => {
    const broadcast = new Broadcast();
    broadcast.runNarrow(120);
    const before = broadcast.run(1, BLIND);
    broadcast.reconnect();
    assert.deepEqual(broadcast.run(1, BLIND), before);
    assert.ok(before.bitrate < 0.35);
    assert.ok(broadcast.secondsUntilChange(BLIND, before) >= 18);
  });

  it('does not compare a new path with the round trip of the one before', () => {
    const broadcast = new Broadcast();
    broadcast.run(20, { ...BLIND, roundTripMs: 20 });
    broadcast.reconnect();
    assert.deepEqual(broadcast.run(60, { ...BLIND, roundTripMs: 450 }), NO_REDUCTION);
  });

  it('keeps as few pixels when another preference comes', () => {
    const broadcast = new Broadcast();
    assert.deepEqual(broadcast.run(4, NARROW), { scale: 2, frames: 1, bitrate: 1 });
    broadcast.change({ degradationPreference: 'maintain-resolution' });
    assert.deepEqual(broadcast.run(1, NARROW), { scale: 1, frames: 1 / 4, bitrate: 1 });
    broadcast.change({ degradationPreference: 'maintain-framerate' });
    assert.deepEqual(broadcast.run(1, NARROW), { scale: 2, frames: 1, bitrate: 1 });
  });

  it('starts a connection with a bitrate that its picture has had', () => {
    const start = (reduction: Partial<Reduction>) =>
      Math.round(2500 * startShare({ ...NO_REDUCTION, ...reduction }));
    assert.deepEqual([start({}), start({ bitrate: 0.2 }), start({ scale: 2 })], [1500, 300, 354]);
    assert.equal(start({ scale: 2, bitrate: 0.05 }), 75);
  });
});
