import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  NetworkControl,
  NO_REDUCTION,
  type NetworkLimits,
} from '@gatecast/webcaster/internal/publisher/whip/follow-network';
import { networkLimits as LIMITS } from '../../support/network-limits.js';
import { SimulatedPath, type PathState, type SimulatedPathOptions } from '../../support/simulated-path.js';

const FREE: PathState = { capacityKbps: 100_000, queueMs: 300, roundTripMs: 40, jitterMs: 20 };
const HOUR = 3600;

/** A broadcast with a picture that takes each bitrate. */
class Broadcast {
  readonly #control = new NetworkControl();
  readonly #path: SimulatedPath;
  readonly #limits: NetworkLimits;
  #nowMs = 0;
  #reduction = NO_REDUCTION;

  constructor(options: SimulatedPathOptions = {}, limits: Partial<NetworkLimits> = {}) {
    this.#path = new SimulatedPath(options);
    this.#limits = { ...LIMITS, ...limits };
  }

  run(seconds: number, pathAt: PathState | ((second: number) => PathState)) {
    return Array.from({ length: seconds }, (_, second) => {
      this.#nowMs += 1000;
      const wantedKbps = this.#limits.videoBitrateKbps * this.#reduction.bitrate;
      const path = typeof pathAt === 'function' ? pathAt(second) : pathAt;
      const reading = this.#path.send(wantedKbps, path, this.#nowMs);
      this.#reduction = this.#control.update(reading, this.#limits, this.#nowMs);
      const { lossPercent, videoKbps, roundTripMs } = reading;
      return {
        lossPercent: lossPercent ?? 0,
        videoKbps: videoKbps ?? 0,
        roundTripMs: roundTripMs ?? 0,
        reduction: this.#reduction,
      };
    });
  }
}

type Second = ReturnType<Broadcast['run']>[number];

const mean = (watched: readonly Second[], value: (second: Second) => number): number =>
  watched.reduce((sum, second) => sum + value(second), 0) / watched.length;

describe('a network that takes a fifth', () => {
  for (const queueMs of [50, 300, 1000])
    // With the control of Chromium, and where the browser does not react.
    for (const estimateKbps of [25_000, undefined]) {
      const narrow: PathState = { ...FREE, capacityKbps: 600, queueMs };
      const name = `${queueMs} ms of queue, ${estimateKbps ? 'an' : 'no'} estimate`;
      const options = estimateKbps === undefined ? {} : { estimateKbps };

      it(`costs many packets for a few seconds only (${name})`, () => {
        const broadcast = new Broadcast(options);
        broadcast.run(30, FREE);
        const watched = broadcast.run(HOUR, narrow);
        const severe = watched.slice(0, 10).filter(({ lossPercent }) => lossPercent >= 25);
        assert.ok(severe.length <= 4, `${severe.length} s`);
        const settled = watched.slice(10);
        const loss = mean(settled, ({ lossPercent }) => lossPercent);
        assert.ok(loss < 2, `${loss}% of loss`);
        const sent = mean(settled, ({ videoKbps }) => videoKbps);
        assert.ok(sent > 500 * 0.8, `${sent} kbit/s`);
      });

      it(`leaves the whole picture within 45 s of its end (${name})`, () => {
        const broadcast = new Broadcast(options);
        broadcast.run(30, FREE);
        broadcast.run(120, narrow);
        const free = broadcast.run(75, FREE);
        const seconds = free.findIndex(({ reduction }) => reduction.scale === 1) + 1;
        assert.ok(seconds > 0 && seconds <= 45, `${seconds} s`);
        assert.deepEqual(free.at(-1)?.reduction, NO_REDUCTION);
      });
    }
});

describe('a network that takes less', () => {
  for (const capacityKbps of [300, 800, 1250])
    for (const queueMs of [50, 1000, 10_000])
      it(`gets most of what it takes: ${capacityKbps} kbit/s, queue of ${queueMs} ms`, () => {
        const broadcast = new Broadcast();
        broadcast.run(30, FREE);
        const watched = broadcast.run(HOUR, { ...FREE, capacityKbps, queueMs });
        const settled = watched.slice(120);
        const share = mean(settled, ({ videoKbps }) => videoKbps) / (capacityKbps - 100);
        assert.ok(share > 0.8 && share < 1.05, `${share} of it`);
        const late = settled.filter(({ roundTripMs }) => roundTripMs > 1000).length / settled.length;
        assert.ok(late < 0.05, `${late} of the time more than a second late`);
      });
});

describe('loss that does not depend on the bitrate', () => {
  for (const lossShare of [0.03, 0.05, 0.07, 0.085, 0.1, 0.15, 0.2])
    for (const reportEvery of [1, 5])
      it(`costs nothing of the picture: ${lossShare * 100}%, a report in ${reportEvery} s`, () => {
        const watched = new Broadcast({ reportEvery }).run(HOUR, { ...FREE, lossShare });
        const left = mean(watched, ({ reduction }) => reduction.bitrate);
        assert.ok(left > 0.95, `${left} of the bitrate`);
      });

  it('costs nothing of a small picture, of which one packet is some percent', () => {
    const broadcast = new Broadcast({}, { videoBitrateKbps: 300 });
    const left = mean(
      broadcast.run(HOUR, { ...FREE, lossShare: 0.05 }),
      ({ reduction }) => reduction.bitrate,
    );
    assert.ok(left > 0.9, `${left} of the bitrate`);
  });

  it('costs nothing after some time of a narrow network', () => {
    for (const seed of [1, 2, 3]) {
      const broadcast = new Broadcast({ seed });
      const lossy: PathState = { ...FREE, lossShare: 0.15 };
      broadcast.run(90, lossy);
      const narrow = broadcast.run(300, { ...lossy, capacityKbps: 600 }).slice(30);
      assert.ok(mean(narrow, ({ lossPercent }) => lossPercent) < 20);
      broadcast.run(60, lossy);
      const left = mean(broadcast.run(600, lossy), ({ reduction }) => reduction.bitrate);
      assert.ok(left > 0.95, `${left} of the bitrate`);
    }
  });
});

it('a longer path costs nothing', () => {
  const broadcast = new Broadcast();
  broadcast.run(100, { ...FREE, roundTripMs: 20 });
  broadcast.run(60, { ...FREE, roundTripMs: 450 });
  const watched = broadcast.run(HOUR, { ...FREE, roundTripMs: 450 });
  assert.equal(
    mean(watched, ({ reduction }) => reduction.bitrate),
    1,
  );
});
