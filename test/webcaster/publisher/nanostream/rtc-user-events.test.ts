import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  isBroadcasting,
  isReconnecting,
} from '@gatecast/webcaster/internal/publisher/nanostream/rtc-user-events';

describe('statuses of the vendor’s RtcUser', () => {
  it('say that media flows, wherever a build puts them', () => {
    const shapes = [
      { data: { message: 'broadcasting' } },
      { data: { text: 'broadcasting' } },
      { data: { state: 6 } },
      { message: 'broadcasting' },
    ];
    for (const shape of shapes) assert.equal(isBroadcasting(shape), true);
  });

  it('mean no media otherwise', () => {
    for (const message of ['signalling', 'connected', 'reconnecting', 'reconnecting_broadcast', '']) {
      assert.equal(isBroadcasting({ data: { message } }), false);
    }
    assert.equal(isBroadcasting({}), false);
  });

  it('tell reconnects of the server and of the client', () => {
    assert.equal(isReconnecting({ data: { message: 'reconnecting' } }), true);
    assert.equal(isReconnecting({ data: { message: 'reconnecting_broadcast' } }), true);
    assert.equal(isReconnecting({ data: { message: 'connected' } }), false);
  });
});
