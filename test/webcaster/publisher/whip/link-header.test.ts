import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseIceServers } from '@gatecast/webcaster/internal/publisher/whip/link-header';

describe('parseIceServers', () => {
  it('reads STUN and TURN servers with their credentials', () => {
    const header =
      '<stun:stun.example>; rel="ice-server", <turn:turn.example?transport=udp>; rel="ice-server"; username="user"; credential="my;pass,word"; credential-type="password"';
    assert.deepEqual(parseIceServers(header), [
      { urls: 'stun:stun.example' },
      { urls: 'turn:turn.example?transport=udp', username: 'user', credential: 'my;pass,word' },
    ]);
  });

  it('reads unquoted and escaped parameters, in any case', () => {
    assert.deepEqual(
      parseIceServers(String.raw`<turns:t.example>;REL=ice-server;Username=u;credential="a\"b\\c"`),
      [{ urls: 'turns:t.example', username: 'u', credential: String.raw`a"b\c` }],
    );
  });

  it('ignores links that are not ICE servers', () => {
    assert.deepEqual(parseIceServers('<https://x.example>; rel="ice-server", <stun:s>; rel="next"'), []);
    assert.deepEqual(parseIceServers(null), []);
    assert.deepEqual(parseIceServers('nonsense'), []);
  });
});
