import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  NetworkControl,
  NO_REDUCTION,
  type NetworkLimits,
} from '@gatecast/webcaster/internal/publisher/whip/follow-network';
import { SimulatedPath } from '../../support/simulated-path.js';

const LIMITS: NetworkLimits = {
  videoBitrateKbps: 2500,
  framerate: 30,
  degradationPreference: 'balanced',
  hasLayers: false,
  pixels: 1280 * 720,
};
const FREE_KBPS = 100_000;
const NARROW_KBPS = 500;

/** A broadcast with a picture that takes each bitrate, over a network with a queue. */
class Broadcast {
  readonly #control = new NetworkControl();
  readonly #path: SimulatedPath;
  #nowMs = 0;
  #reduction = NO_REDUCTION;

  constructor(queueMs: number) {
    this.#path = new SimulatedPath({ roundTripMs: 40, queueMs, estimateKbps: 25_000 });
  }

  /** @returns for each second: loss in percent, sent kbit/s, and what is left of the settings. */
  run(seconds: number, capacityKbps: number) {
    return Array.from({ length: seconds }, () => {
      this.#nowMs += 1000;
      const limitKbps = LIMITS.videoBitrateKbps * this.#reduction.bitrate;
      const reading = this.#path.send(limitKbps, capacityKbps, this.#nowMs);
      this.#reduction = this.#control.update(reading, LIMITS, this.#nowMs);
      return {
        lossPercent: reading.lossPercent ?? 0,
        videoKbps: reading.videoKbps ?? 0,
        reduction: this.#reduction,
      };
    });
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

for (const queueMs of [100, 300, 1000])
  describe(`a network that takes a fifth, with a queue of ${queueMs} ms`, () => {
    it('loses many packets for a few seconds only', () => {
      const broadcast = new Broadcast(queueMs);
      broadcast.run(30, FREE_KBPS);
      const narrow = broadcast.run(60, NARROW_KBPS);
      const losses = narrow.map(({ lossPercent }) => lossPercent);
      assert.ok(losses.slice(0, 10).filter((loss) => loss >= 25).length <= 3, String(losses));
      const settled = losses.slice(10);
      assert.ok(mean(settled) < 3, `${mean(settled)}% of loss: ${String(settled)}`);
      const sent = mean(narrow.slice(10).map(({ videoKbps }) => videoKbps));
      assert.ok(sent > NARROW_KBPS * 0.6, `${sent} kbit/s`);
    });

    it('has its whole picture again within 45 s of a network that takes all', () => {
      const broadcast = new Broadcast(queueMs);
      broadcast.run(30, FREE_KBPS);
      broadcast.run(120, NARROW_KBPS);
      const free = broadcast.run(60, FREE_KBPS);
      const seconds = free.findIndex(({ reduction }) => reduction.scale === 1) + 1;
      assert.ok(seconds > 0 && seconds <= 45, `${seconds} s`);
      assert.deepEqual(free.at(-1)?.reduction, NO_REDUCTION);
    });
  });
