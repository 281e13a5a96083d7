import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import {
  isRestarted,
  countReload,
  reloadWaitMs,
} from '@gatecast/player/internal/engine/hls/playlist-restart';
import { elapsedS, readSegmentTimeS } from '@gatecast/player/internal/engine/hls/read-segment-time';
import { TimelineBreaks } from '@gatecast/player/internal/engine/hls/timeline-breaks';
import { WaitReasons } from '@gatecast/player/internal/engine/hls/wait-reasons';
import { packTransportStream } from '../../demo/backend/live-origin/transport-stream.js';
import { loadClip } from '../../demo/backend/live-origin/clip.js';
import { retimeTransportStream } from './support/retime-transport-stream.js';

const WRAP_S = 2 ** 33 / 90_000;

describe('the first timestamp of a segment', () => {
  const clip = loadClip().get('low');
  assert.ok(clip);

  it('is read from an MPEG-2 transport stream', () => {
    const segment = packTransportStream(clip, 3);
    assert.ok(Math.abs((readSegmentTimeS(segment) ?? NaN) - 6.1) < 0.05);
    const moved = retimeTransportStream(segment, 1_000_000);
    assert.ok(Math.abs((readSegmentTimeS(moved) ?? NaN) - 1000.1) < 0.05);
  });

  it('is read from packed audio', () => {
    const owner = 'com.apple.streaming.transportStreamTimestamp\0';
    const ticks = Buffer.alloc(8);
    ticks.writeBigUInt64BE(90_000n * 25n);
    const tag = Buffer.concat([
      Buffer.from('ID3\x04\0\0\0\0\0\x3fPRIV\0\0\0\x35\0\0', 'latin1'),
      Buffer.from(owner),
      ticks,
    ]);
    assert.equal(readSegmentTimeS(tag), 25);
  });

  it('is unknown for fMP4, for encrypted and for empty data', () => {
    assert.equal(readSegmentTimeS(clip.init), null);
    assert.equal(readSegmentTimeS(new Uint8Array(400).fill(7)), null);
    assert.equal(readSegmentTimeS(new Uint8Array()), null);
    assert.equal(readSegmentTimeS(packTransportStream(clip, 0).fill(0xff, 4)), null);
  });

  it('wraps after 26.5 hours', () => {
    assert.equal(Math.round(elapsedS(WRAP_S - 1, 1)), 2);
    assert.equal(Math.round(elapsedS(1, WRAP_S - 1)), -2);
  });
});

describe('TimelineBreaks', () => {
  const segment = (sn: number, { cc = 0, duration = 2, type = 'main' } = {}) => ({ sn, cc, duration, type });

  it('finds timestamps that restart at 0 or jump ahead', () => {
    for (const nextS of [0, 2000]) {
      const breaks = new TimelineBreaks();
      assert.equal(breaks.isBreak(segment(1), 100), false);
      assert.equal(breaks.isBreak(segment(2), 102), false);
      assert.equal(breaks.isBreak(segment(3), nextS), true);
      assert.equal(breaks.isBreak(segment(4, { cc: 1 }), nextS + 2), false);
    }
  });

  it('accepts drift, gaps shorter than a segment, missing segments and a wrap', () => {
    const breaks = new TimelineBreaks();
    assert.equal(breaks.isBreak(segment(1), WRAP_S - 3), false);
    assert.equal(breaks.isBreak(segment(2), 0.5), false);
    assert.equal(breaks.isBreak(segment(5), 6.5), false);
    assert.equal(breaks.isBreak(segment(6), 8), false);
  });

  it('accepts a discontinuity of the playlist, a seek back and audio on its own timeline', () => {
    const breaks = new TimelineBreaks();
    assert.equal(breaks.isBreak(segment(9), 100), false);
    assert.equal(breaks.isBreak(segment(10, { cc: 1 }), 0), false);
    assert.equal(breaks.isBreak(segment(2), 86), false);
    assert.equal(breaks.isBreak(segment(3), 88), false);
    assert.equal(breaks.isBreak(segment(3, { type: 'audio' }), 1000), false);
  });
});

describe('a playlist of a restarted encoder', () => {
  it('has a media sequence that starts again, or one far below', () => {
    assert.equal(isRestarted({ startSN: 500, endSN: 505 }, { startSN: 0, endSN: 0 }), true);
    assert.equal(isRestarted({ startSN: 5, endSN: 10 }, { startSN: 1, endSN: 2 }), true);
    assert.equal(isRestarted({ startSN: 500, endSN: 505 }, { startSN: 100, endSN: 105 }), true);
  });

  it('is not one that a cache kept, that overlaps, or that goes on', () => {
    assert.equal(isRestarted({ startSN: 500, endSN: 502 }, { startSN: 495, endSN: 497 }), false);
    assert.equal(isRestarted({ startSN: 0, endSN: 5 }, { startSN: 0, endSN: 3 }), false);
    assert.equal(isRestarted({ startSN: 500, endSN: 505 }, { startSN: 540, endSN: 545 }), false);
  });

  it('is reloaded at once, and less and less often if it happens again and again', () => {
    const state = { nowMs: 1000, lastReloadMs: -Infinity, reloads: 0 };
    assert.equal(reloadWaitMs(state), 0);
    const times: number[] = [];
    let { nowMs, lastReloadMs, reloads } = state;
    for (let index = 0; index < 6; index += 1) {
      nowMs += reloadWaitMs({ nowMs, lastReloadMs, reloads });
      reloads = countReload({ nowMs, lastReloadMs, reloads });
      times.push(nowMs - lastReloadMs);
      lastReloadMs = nowMs;
    }
    assert.deepEqual(times, [Infinity, 5000, 10_000, 20_000, 40_000, 60_000]);
    assert.equal(reloadWaitMs({ nowMs: nowMs + 121_000, lastReloadMs, reloads }), 0);
    assert.equal(countReload({ nowMs: nowMs + 121_000, lastReloadMs, reloads }), 1);
  });
});

describe('a stall that needs no restart', () => {
  const at = (edge: number, live = true) => ({ latestLevelDetails: { edge, live, targetduration: 2 } });
  let nowMs = 1000;
  let reasons: WaitReasons;

  beforeEach(() => {
    mock.method(performance, 'now', () => nowMs);
    reasons = new WaitReasons();
  });
  afterEach(() => {
    mock.restoreAll();
  });

  it('is one at the end of what a live origin has, as long as its playlists arrive', () => {
    reasons.onPlaylist();
    assert.equal(reasons.hasReason(at(60), { currentTime: 59.9 }), true);
    assert.equal(reasons.hasReason(at(60), { currentTime: 50 }), false);
    assert.equal(reasons.hasReason(at(10), { currentTime: 59.9 }), false);
    assert.equal(reasons.hasReason(at(60, false), { currentTime: 59.9 }), false);
    assert.equal(reasons.hasReason(null, { currentTime: 0 }), false);
    nowMs += 11_000;
    assert.equal(reasons.hasReason(at(60), { currentTime: 59.9 }), false);
  });

  it('is one while a slow segment is still arriving', () => {
    assert.equal(reasons.hasReason(at(60), { currentTime: 30 }), false);
    reasons.onSlowBytes();
    nowMs += 4000;
    assert.equal(reasons.hasReason(at(60), { currentTime: 30 }), true);
    nowMs += 2000;
    assert.equal(reasons.hasReason(at(60), { currentTime: 30 }), false);
  });
});
