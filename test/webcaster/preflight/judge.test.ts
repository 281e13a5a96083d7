import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeCamera, type CameraReading } from '@gatecast/webcaster/internal/preflight/judge-camera';
import { judgeEncoder } from '@gatecast/webcaster/internal/preflight/judge-encoder';
import { isGoodLevel, judgeMicrophone } from '@gatecast/webcaster/internal/preflight/judge-microphone';
import { judgeToken } from '@gatecast/webcaster/internal/preflight/judge-token';
import {
  judgeUpload,
  nextUploadBytes,
  uploadKbps,
} from '@gatecast/webcaster/internal/preflight/judge-upload';
import { brightestLuma } from '@gatecast/webcaster/internal/preflight/watch-camera';
import { levelOf } from '@gatecast/webcaster/internal/preflight/watch-microphone';

const good: CameraReading = { framesPerSecond: 30, width: 1280, height: 720, brightest: 200, isStill: false };
const wish = { width: 1280, height: 720, framerate: 30, isCamera: true };
const level = (rms: number, peak = rms * 3) => Array.from({ length: 20 }, () => ({ rms, peak }));

describe('the check of the camera', () => {
  for (const [what, reading, result, code] of [
    ['gives what was asked for', good, 'passed', 'camera-ok'],
    ['is held upright', { ...good, width: 720, height: 1280 }, 'passed', 'camera-ok'],
    ['gives no frame', { ...good, framesPerSecond: null }, 'failed', 'camera-no-frames'],
    ['stands still', { ...good, isStill: true }, 'failed', 'camera-frozen'],
    ['is covered', { ...good, brightest: 17 }, 'warning', 'camera-black'],
    ['is a small one', { ...good, width: 640, height: 480 }, 'warning', 'camera-small'],
    ['is slow in the dark', { ...good, framesPerSecond: 15 }, 'warning', 'camera-slow'],
  ] as const)
    it(`says that it ${what}`, () => {
      const finding = judgeCamera(reading, wish);
      assert.deepEqual([finding.result, finding.code], [result, code]);
      assert.equal(finding.hint === undefined, result === 'passed');
    });

  it('lets a screen stand still, or have another size', () => {
    const screen = { ...good, isStill: true, framesPerSecond: 2, width: 800, height: 600 };
    assert.equal(judgeCamera(screen, { ...wish, isCamera: false }).result, 'passed');
    assert.equal(
      judgeCamera({ ...screen, framesPerSecond: null }, { ...wish, isCamera: false }).result,
      'passed',
    );
  });

  it('says that other video gives no picture at all', () => {
    const nothing = { ...good, framesPerSecond: null, width: 0, height: 0 };
    assert.equal(judgeCamera(nothing, { ...wish, isCamera: false }).code, 'camera-no-frames');
  });

  it('reads the brightest pixel', () => {
    assert.equal(brightestLuma(new Uint8ClampedArray([0, 0, 0, 255, 0, 255, 0, 255])), 0.7152 * 255);
    assert.equal(brightestLuma(new Uint8ClampedArray()), 0);
  });
});

describe('the check of the microphone', () => {
  for (const [what, readings, code] of [
    ['gives speech', level(0.1), 'microphone-ok'],
    ['gives exact silence', level(0), 'microphone-silent'],
    ['gives the noise of a room', level(0.001), 'microphone-low'],
    ['cuts the sound off', level(0.5, 1), 'microphone-clipping'],
    ['has one click', [...level(0.1), { rms: 0.2, peak: 1 }], 'microphone-ok'],
    ['has given nothing yet', [], 'microphone-silent'],
  ] as const)
    it(`says that it ${what}`, () => {
      assert.equal(judgeMicrophone(readings).code, code);
    });

  it('may end as soon as speech was heard', () => {
    assert.equal(isGoodLevel(level(0.1)), true);
    assert.equal(isGoodLevel(level(0.1).slice(0, 4)), false);
    assert.equal(isGoodLevel(level(0.005)), false);
  });

  it('measures peak and root mean square', () => {
    assert.deepEqual(levelOf(new Float32Array([0.5, -0.5])), { peak: 0.5, rms: 0.5 });
    assert.deepEqual(levelOf(new Float32Array()), { peak: 0, rms: 0 });
  });
});

describe('the check of the token', () => {
  const nowMs = 1_000_000_000_000;
  for (const [what, reading, code] of [
    ['is good', { expiresAtMs: nowMs + 300_000, nowMs, clockOffsetMs: 500 }, 'token-ok'],
    ['has no known end', { expiresAtMs: null, nowMs, clockOffsetMs: 0 }, 'token-ok'],
    ['is too short', { expiresAtMs: nowMs + 5000, nowMs, clockOffsetMs: 0 }, 'token-short'],
    ['shows a wrong clock', { expiresAtMs: nowMs + 300_000, nowMs, clockOffsetMs: -120_000 }, 'token-clock'],
  ] as const)
    it(`says that it ${what}`, () => {
      assert.equal(judgeToken(reading).code, code);
    });
});

describe('the check of the upload', () => {
  it('counts only the time of the upload', () => {
    assert.equal(uploadKbps({ bytes: 125_000, elapsedMs: 1100 }, 100), 1000);
    assert.equal(uploadKbps({ bytes: 125_000, elapsedMs: 100 }, 400), 20_000, 'never an endless rate');
  });

  it('takes two seconds at the measured rate for the next test, within limits', () => {
    const limits = { least: 1000, most: 1_000_000 };
    assert.equal(nextUploadBytes(800, limits), 200_000);
    assert.equal(nextUploadBytes(1, limits), 1000);
    assert.equal(nextUploadBytes(1e9, limits), 1_000_000);
  });

  for (const [kbps, code] of [
    [2000, 'upload-low'],
    [3000, 'upload-tight'],
    [4000, 'upload-ok'],
  ] as const)
    it(`compares ${String(kbps)} kbit/s with a broadcast of 2628`, () => {
      const finding = judgeUpload(kbps, 2628);
      assert.equal(finding.code, code);
      assert.deepEqual(finding.value, { uploadKbps: kbps, broadcastKbps: 2628 });
    });

  it('names a bitrate that the network takes', () => {
    assert.match(judgeUpload(2000, 2628).hint ?? '', /video-bitrate to at most 1300/);
  });
});

describe('the check of the encoder', () => {
  for (const [reading, result] of [
    [{ codec: null, isSmooth: null, isPowerEfficient: null }, 'failed'],
    [{ codec: 'H264', isSmooth: null, isPowerEfficient: null }, 'skipped'],
    [{ codec: 'H264', isSmooth: false, isPowerEfficient: false }, 'warning'],
    [{ codec: 'H264', isSmooth: true, isPowerEfficient: false }, 'passed'],
  ] as const)
    it(`judges ${JSON.stringify(reading)} as ${result}`, () => {
      assert.equal(judgeEncoder(reading).result, result);
    });
});
