import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { iceServersOf, parseLinks } from '@gatecast/webrtc/internal/link-header';

describe('parseLinks', () => {
  it('reads target, relations and parameters', () => {
    const header = '</events?s=1>; rel="urn:x:events other"; Events="active,inactive", <b>';
    const [events, bare] = parseLinks(header);
    assert.deepEqual(
      [events?.target, events?.relations, events?.parameters.get('events')],
      ['/events?s=1', ['urn:x:events', 'other'], 'active,inactive'],
    );
    assert.equal(bare?.target, 'b');
  });

  it('reads at most 64 links', () => assert.equal(parseLinks('<a>, '.repeat(100)).length, 64));
});

describe('iceServersOf', () => {
  it('reads STUN and TURN servers with their credentials', () => {
    const header =
      '<stun:stun.example>; rel="ice-server", <turn:turn.example?transport=udp>; rel="ice-server"; username="user"; credential="my;pass,word"; credential-type="password"';
    assert.deepEqual(iceServersOf(header), [
      { urls: 'stun:stun.example' },
      { urls: 'turn:turn.example?transport=udp', username: 'user', credential: 'my;pass,word' },
    ]);
  });

  it('reads unquoted and escaped parameters, in any case', () => {
    assert.deepEqual(
      iceServersOf(String.raw`<turns:t.example>;REL=ice-server;Username=u;credential="a\"b\\c"`),
      [{ urls: 'turns:t.example', username: 'u', credential: String.raw`a"b\c` }],
    );
  });

  it('ignores links that are not ICE servers', () => {
    assert.deepEqual(iceServersOf('<https://x.example>; rel="ice-server", <stun:s>; rel="next"'), []);
    assert.deepEqual(iceServersOf(null), []);
    assert.deepEqual(iceServersOf('nonsense'), []);
  });
});
