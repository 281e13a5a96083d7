import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  adaptRtcUserV4,
  isRtcUserV4,
  type RtcUserV4,
} from '@gatecast/webcaster/internal/publisher/nanostream/rtc-user-v4';

/** A client of version 4 that records its calls. */
function recordingUser(extras: Partial<RtcUserV4> = {}): { user: RtcUserV4; calls: unknown[][] } {
  const calls: unknown[][] = [];
  const user: RtcUserV4 = {
    on: (name) => calls.push(['on', name]),
    setConfig: (...args) => calls.push(['setConfig', ...args]),
    startPreview: (...args) => calls.push(['startPreview', ...args]),
    startBroadcast: (...args) => calls.push(['startBroadcast', ...args]),
    ...extras,
  };
  return { user, calls };
}

const jwt = (claims: unknown) =>
  `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

describe('the vendor’s client of version 4', () => {
  it('is recognized by its missing signIn', () => {
    assert.equal(isRtcUserV4(recordingUser().user), true);
    assert.equal(isRtcUserV4({ signIn: () => undefined }), false);
  });

  it('gets server, names and token by setConfig, and is signed in at once', () => {
    const { user, calls } = recordingUser();
    const adapted = adaptRtcUserV4(user);
    let signedIn = 0;
    adapted.on('SignInSuccess', () => (signedIn += 1));
    adapted.signIn({ server: 'wss://a.example/p', userName: 'u', room: 'r', jwt: 'the-token' });
    assert.deepEqual(calls, [['setConfig', 'wss://a.example/p', 'u', 'r', 'the-token']]);
    assert.equal(signedIn, 1);
  });

  it('gets the ingest from the token’s claims, unless the page sets it', () => {
    const { user, calls } = recordingUser();
    const adapted = adaptRtcUserV4(user);
    const token = jwt({ ingesturl: 'rtmp://ingest.example/live', streamname: 'Grüße' });
    adapted.startBroadcast({ jwt: token });
    adapted.startBroadcast({ jwt: token, transcodingTargets: { output: 'rtmp://mine.example/live' } });
    adapted.startBroadcast({ jwt: 'opaque' });
    assert.deepEqual(
      calls.map(([, options]) => options),
      [
        { transcodingTargets: { output: 'rtmp://ingest.example/live', streamname: 'Grüße' } },
        { transcodingTargets: { output: 'rtmp://mine.example/live', streamname: 'Grüße' } },
        { transcodingTargets: {} },
      ],
    );
  });

  it('gets the id of its local media first, and lacks what the build lacks', () => {
    const muted: unknown[][] = [];
    const adapted = adaptRtcUserV4(recordingUser({ muteAudio: (...args) => muted.push(args) }).user);
    adapted.muteAudio?.(true);
    assert.deepEqual(muted, [['local', true]]);
    for (const name of ['muteVideo', 'setConfig', 'stopBroadcast', 'signOut']) {
      assert.equal(Reflect.get(adapted, name), undefined);
    }
  });
});
