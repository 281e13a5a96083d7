import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openTracks } from '@gatecast/webcaster/internal/capture/open-track';
import type { CaptureRequest } from '@gatecast/webcaster/internal/capture/capture-request';

const REQUEST: CaptureRequest = {
  kind: 'camera screen',
  video: 'other',
  audio: 'none',
  audioMode: 'speech',
  width: 640,
  height: 360,
  framerate: 25,
  media: null,
};

/** A phone: its camera is in use until it is released. */
async function withPhone(
  test: (phone: { calls: string[]; opened: { readyState: string }[]; release: () => void }) => Promise<void>,
): Promise<void> {
  const calls: string[] = [];
  const opened: { readyState: string }[] = [];
  let isInUse = true;
  const streamOf = (call: string) => {
    calls.push(call);
    if (call === 'camera' && isInUse) return Promise.reject(new DOMException('In use.', 'NotReadableError'));
    const track = {
      kind: 'video',
      readyState: 'live',
      stop: () => {
        track.readyState = 'ended';
      },
    };
    opened.push(track);
    return Promise.resolve({ getTracks: () => [track], getVideoTracks: () => [track] });
  };
  const mediaDevices = {
    getUserMedia: () => streamOf('camera'),
    getDisplayMedia: () => streamOf('screen'),
  };
  const fakes = { isSecureContext: true, navigator: { mediaDevices } };
  const names = Object.keys(fakes);
  const before = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  for (const [name, value] of Object.entries(fakes))
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
  try {
    await test({
      calls,
      opened,
      release: () => {
        isInUse = false;
      },
    });
  } finally {
    names.forEach((name, index) => {
      const descriptor = before[index];
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    });
  }
}

describe('openTracks', () => {
  it('lets the user choose the screen once, also when the old camera must be released first', () =>
    withPhone(async ({ calls, opened, release }) => {
      const tracks = await openTracks(REQUEST, ['video', 'screen'], () => {
        release();
        return Promise.resolve(true);
      });
      assert.deepEqual(calls, ['screen', 'camera', 'camera']);
      assert.deepEqual([...tracks.keys()], ['screen', 'video']);
      assert.deepEqual(
        opened.map(({ readyState }) => readyState),
        ['live', 'live'],
      );
    }));

  it('keeps nothing open when there is no camera to release, or that fails', () =>
    withPhone(async ({ opened }) => {
      await assert.rejects(openTracks(REQUEST, ['video', 'screen']), { code: 'device-in-use' });
      const failure = new Error('no picture');
      await assert.rejects(
        openTracks(REQUEST, ['video', 'screen'], () => Promise.reject(failure)),
        failure,
      );
      assert.deepEqual(
        opened.map(({ readyState }) => readyState),
        ['ended', 'ended'],
      );
    }));
});
