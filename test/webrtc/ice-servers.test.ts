import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addIceServers } from '@gatecast/webrtc/internal/ice-servers';

/** A peer connection that refuses what the test says. */
class FakePeer {
  configuration: RTCConfiguration = { iceServers: [{ urls: 'stun:own.example' }] };
  refuses = '';

  getConfiguration(): RTCConfiguration {
    return this.configuration;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    if (this.refuses !== '' && JSON.stringify(configuration).includes(this.refuses)) {
      throw new DOMException('Refused', 'SyntaxError');
    }
    this.configuration = configuration;
  }
}

function add(link: string, refuses = '') {
  const peer = Object.assign(new FakePeer(), { refuses });
  const logged: unknown[] = [];
  const log = (type: string, details: unknown): void => {
    logged.push([type, details]);
  };
  addIceServers(peer as never, link, { log, protocol: 'whip' });
  return { urls: peer.configuration.iceServers?.map(({ urls }) => urls), logged };
}

const GOOD = '<turn:good.example>; rel="ice-server"; username="u"; credential="c"';

describe('addIceServers', () => {
  for (const bare of ['', '; username="u"', '; credential="c"', '; username=""; credential=""']) {
    it(`leaves out TURN with ${bare === '' ? 'no credentials' : bare.slice(2)}, and logs it`, () => {
      const { urls, logged } = add(`<turns:bad.example>; rel="ice-server"${bare}, ${GOOD}`);
      assert.deepEqual(urls, ['stun:own.example', 'turn:good.example']);
      assert.deepEqual(logged, [
        ['whip-ice-server-skipped', { scheme: 'turns', reason: 'no username or credential' }],
      ]);
    });
  }

  it('leaves out a server that the browser refuses, and logs it', () => {
    const { urls, logged } = add(`<stun:bad:99999>; rel="ice-server", ${GOOD}`, 'bad');
    assert.deepEqual(urls, ['stun:own.example', 'turn:good.example']);
    assert.deepEqual(logged, [
      ['whip-ice-server-skipped', { scheme: 'stun', reason: 'refused by the browser' }],
    ]);
  });
});
