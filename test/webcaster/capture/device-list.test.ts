import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sortDevices } from '@gatecast/webcaster/internal/capture/device-list';

const info = (kind: MediaDeviceKind, deviceId: string, label: string) =>
  ({ kind, deviceId, label, groupId: '', toJSON: () => ({}) }) satisfies MediaDeviceInfo;

describe('sortDevices', () => {
  it('separates cameras and microphones and omits loudspeakers', () => {
    const devices = sortDevices([
      info('audioinput', 'm', 'Desk'),
      info('videoinput', 'c', 'Front'),
      info('audiooutput', 's', 'Room'),
    ]);
    assert.deepEqual(devices, { video: [{ id: 'c', label: 'Front' }], audio: [{ id: 'm', label: 'Desk' }] });
  });

  it('omits devices that cannot be chosen before permission', () => {
    assert.deepEqual(sortDevices([info('videoinput', '', '')]), { video: [], audio: [] });
  });
});
