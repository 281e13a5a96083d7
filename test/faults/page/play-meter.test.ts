import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlayMeter } from './play-meter.js';

const stepMs = 100;

/** Moves a playhead and samples it. */
class Run {
  readonly media = { currentTime: 0 };
  nowMs = 0;
  readonly meter = new PlayMeter(this.media, 0);

  play(ms: number): void {
    for (let spent = 0; spent < ms; spent += stepMs) this.#step(stepMs / 1000);
  }

  stall(ms: number): void {
    for (let spent = 0; spent < ms; spent += stepMs) this.#step(0);
  }

  jump(seconds: number): void {
    this.#step(seconds);
  }

  #step(seconds: number): void {
    this.nowMs += stepMs;
    this.media.currentTime += seconds;
    this.meter.sample(this.nowMs);
  }
}

describe('meter of playback', () => {
  it('says how long after an instant the last stall ended', () => {
    const run = new Run();
    run.play(4_000);
    run.stall(3_000);
    const faultEndedMs = run.nowMs;
    run.stall(1_000);
    run.play(2_000);
    run.stall(1_000);
    run.play(3_000);
    assert.equal(run.meter.backAfter(faultEndedMs), 1_000 + 2_000 + 1_000 + stepMs);
    assert.ok(Math.abs(run.meter.playedMs - 9_000) < 1);
    assert.ok(Math.abs(run.meter.steadyMs(run.nowMs) - 3_000) <= stepMs);
  });

  it('does not take a jump for playback', () => {
    const run = new Run();
    run.play(2_000);
    run.stall(2_000);
    run.jump(20);
    run.stall(1_000);
    assert.equal(run.meter.backAfter(0), null);
    assert.ok(run.meter.stalledMs(2_000, run.nowMs) >= 3_000);
    run.play(1_000);
    assert.notEqual(run.meter.backAfter(0), null);
  });

  it('counts jumps back, and no stall where there is none', () => {
    const run = new Run();
    run.play(3_000);
    const instantMs = run.nowMs;
    run.play(1_000);
    assert.equal(run.meter.backAfter(instantMs), 0);
    assert.equal(run.meter.stalledMs(instantMs, run.nowMs), 0);
    run.jump(-2);
    assert.equal(run.meter.rewinds, 1);
  });
});
