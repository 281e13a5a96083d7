import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import type { BroadcastTarget } from '@gatecast/webcaster/internal/publisher/broadcast-target';
import { readSignInNames } from '@gatecast/webcaster/internal/publisher/nanostream/sign-in-names';

function target(config: Record<string, unknown>, stream = 'my stream'): BroadcastTarget {
  return {
    stream,
    endpoint: 'wss://ingest.example/p/webrtcws',
    encoding: {
      codec: 'auto',
      videoBitrateKbps: 1000,
      audioBitrateKbps: 64,
      audioMode: 'speech',
      degradationPreference: 'balanced',
      simulcast: false,
      framerate: 30,
    },
    allowsPartial: false,
    scriptUrl: null,
    config,
  };
}

describe('names for the vendor’s sign-in', () => {
  it('are the stream’s name without blanks, unless the page sets them', () => {
    assert.deepEqual(readSignInNames(target({})), { userName: 'my_stream', room: 'my_stream' });
    assert.deepEqual(readSignInNames(target({ room: 'studio' })), { userName: 'my_stream', room: 'studio' });
    assert.deepEqual(readSignInNames(target({ userName: 'alice', room: 'studio' })), {
      userName: 'alice',
      room: 'studio',
    });
  });

  for (const value of ['', 'my name', 5, null]) {
    it(`are refused when the page sets ${JSON.stringify(value)}`, () => {
      assert.throws(
        () => readSignInNames(target({ userName: value })),
        (error) => error instanceof GatecastError && error.code === 'settings-invalid',
      );
    });
  }
});
