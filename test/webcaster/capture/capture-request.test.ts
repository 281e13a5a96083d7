import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  deviceConstraints,
  isSameTrack,
  originOf,
  parseResolution,
  readCaptureRequest,
  type CaptureRequest,
} from '@gatecast/webcaster/internal/capture/capture-request';

const camera: CaptureRequest = {
  kind: 'camera',
  video: '',
  audio: '',
  audioMode: 'speech',
  width: 1280,
  height: 720,
  framerate: 30,
  media: null,
};

describe('parseResolution', () => {
  it('reads width and height, or the height of a 16:9 video', () => {
    assert.deepEqual(parseResolution('1920x1080'), { width: 1920, height: 1080 });
    assert.deepEqual(parseResolution(' 640 × 360 '), { width: 640, height: 360 });
    assert.deepEqual(parseResolution('720p'), { width: 1280, height: 720 });
    assert.deepEqual(parseResolution('480p'), { width: 854, height: 480 });
  });

  it('refuses anything else', () => {
    for (const text of ['', 'hd', '1280', '1280x'])
      assert.throws(() => parseResolution(text), { code: 'settings-invalid' });
  });
});

describe('readCaptureRequest', () => {
  const options = { capture: 'camera', video: '', audio: '', mediaStream: null } as const;
  const read = (resolution: unknown, framerate: unknown) =>
    readCaptureRequest({ ...options, resolution: resolution as string, framerate: framerate as number });

  it('reads attributes that were removed as their defaults', () => {
    const { width, height, framerate } = read(null, null);
    assert.deepEqual([width, height, framerate], [1280, 720, 30]);
  });

  it('refuses a frame rate that no picture can have', () => {
    for (const framerate of [NaN, 0, -5, Infinity])
      assert.throws(() => read('720p', framerate), { code: 'settings-invalid' });
  });
});

describe('originOf', () => {
  it('returns the origin of each kind of track', () => {
    assert.equal(originOf(camera, 'video'), 'camera');
    assert.equal(originOf(camera, 'audio'), 'microphone');
    assert.equal(originOf({ ...camera, kind: 'screen' }, 'video'), 'screen');
    assert.equal(originOf({ ...camera, kind: 'screen' }, 'audio'), 'microphone');
    assert.equal(originOf({ ...camera, kind: 'audio' }, 'video'), null);
    assert.equal(originOf({ ...camera, audio: 'none' }, 'audio'), null);
    assert.equal(originOf({ ...camera, kind: 'none' }, 'audio'), null);
  });
});

describe('isSameTrack', () => {
  it('opens a microphone again for another mode, but not the camera, nor tracks of the page', () => {
    const music: CaptureRequest = { ...camera, audioMode: 'music' };
    assert.equal(isSameTrack(camera, music, 'audio'), false);
    assert.equal(isSameTrack(camera, music, 'video'), true);
    const media = {} as MediaStream;
    assert.equal(isSameTrack({ ...camera, media }, { ...music, media }, 'audio'), true);
  });

  it('keeps the microphone when only the video changes', () => {
    const screen = { ...camera, kind: 'screen' as const };
    assert.equal(isSameTrack(camera, screen, 'audio'), true);
    assert.equal(isSameTrack(camera, screen, 'video'), false);
  });

  it('keeps a camera whose size changes, but not another camera', () => {
    assert.equal(isSameTrack(camera, { ...camera, width: 640, height: 360 }, 'video'), true);
    assert.equal(isSameTrack(camera, { ...camera, video: 'front' }, 'video'), false);
  });
});

describe('deviceConstraints', () => {
  it('leaves speech to the browser, and takes music in stereo and as it is', () => {
    const music: CaptureRequest = { ...camera, audio: 'mixer', audioMode: 'music' };
    assert.deepEqual(deviceConstraints(camera, 'audio'), {});
    assert.deepEqual(deviceConstraints(music, 'audio'), {
      deviceId: { exact: 'mixer' },
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
      channelCount: { ideal: 2 },
      sampleRate: { ideal: 48_000 },
    });
    assert.deepEqual(deviceConstraints(music, 'video'), deviceConstraints(camera, 'video'));
  });

  it('has an exact constraint only for a chosen device', () => {
    assert.deepEqual(deviceConstraints(camera, 'audio'), {});
    assert.deepEqual(deviceConstraints({ ...camera, video: 'front' }, 'video'), {
      deviceId: { exact: 'front' },
      width: { ideal: 1280 },
      height: { ideal: 720 },
      frameRate: { ideal: 30 },
    });
  });
});
