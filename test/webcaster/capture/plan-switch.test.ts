import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CaptureRequest } from '@gatecast/webcaster/internal/capture/capture-request';
import { planSwitch } from '@gatecast/webcaster/internal/capture/plan-switch';

const request = (kind: CaptureRequest['kind'], more: Partial<CaptureRequest> = {}): CaptureRequest => ({
  kind,
  video: '',
  audio: '',
  audioMode: 'speech',
  width: 1280,
  height: 720,
  framerate: 30,
  media: null,
  ...more,
});
const allLive = () => true;

describe('planSwitch', () => {
  it('opens all at first', () => {
    assert.deepEqual(planSwitch(null, request('camera screen'), allLive).changed, [
      'audio',
      'video',
      'screen',
    ]);
  });

  it('opens only the screen beside a camera, and closes only that', () => {
    const { changed, moved } = planSwitch(request('camera'), request('camera screen'), allLive);
    assert.deepEqual([changed, moved], [['screen'], null]);
    assert.deepEqual(planSwitch(request('camera screen'), request('camera'), allLive).changed, ['screen']);
  });

  it('goes on with the screen that is shared when the camera comes or goes', () => {
    assert.deepEqual(planSwitch(request('screen'), request('camera screen'), allLive), {
      changed: ['video', 'screen'],
      moved: 'screen',
      from: 'video',
    });
    assert.deepEqual(planSwitch(request('camera screen'), request('screen'), allLive), {
      changed: ['video', 'screen'],
      moved: 'video',
      from: 'screen',
    });
  });

  it('asks for another screen when the shared one has ended', () => {
    const { changed, moved } = planSwitch(request('screen'), request('camera screen'), () => false);
    assert.deepEqual([changed, moved], [['audio', 'video', 'screen'], null]);
  });

  it('changes nothing for the same request, and the camera alone for another camera', () => {
    const both = request('camera screen');
    assert.deepEqual(planSwitch(both, both, allLive).changed, []);
    assert.deepEqual(planSwitch(both, request('camera screen', { video: 'b' }), allLive).changed, ['video']);
    assert.deepEqual(planSwitch(both, request('camera screen', { video: 'none' }), allLive).changed, [
      'video',
    ]);
  });
});
