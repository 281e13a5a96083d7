import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostAddressesFor } from '../../../demo/backend/webrtc/host-addresses.js';

describe('the addresses of a session', () => {
  const own = () => ['192.0.2.7', '198.51.100.7'];
  const firefox = 'v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 1 0 IN IP4 0.0.0.0\r\n';
  const chromium = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n';

  it('have one of the network for Firefox, which does not use the loopback', () => {
    assert.deepEqual(hostAddressesFor(firefox, ['127.0.0.1'], own), ['127.0.0.1', '192.0.2.7']);
    assert.deepEqual(
      hostAddressesFor(firefox, ['127.0.0.1'], () => []),
      ['127.0.0.1'],
    );
  });

  it('are those of the settings for others, and if a network is among these', () => {
    assert.deepEqual(hostAddressesFor(chromium, ['127.0.0.1'], own), ['127.0.0.1']);
    assert.deepEqual(hostAddressesFor(firefox, ['203.0.113.1'], own), ['203.0.113.1']);
  });
});
