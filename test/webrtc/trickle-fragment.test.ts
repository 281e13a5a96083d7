import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildFragment, readFragment, restartAnswer } from '@gatecast/webrtc/internal/trickle-fragment';

const offer = [
  'v=0',
  'a=group:BUNDLE 0 1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=ice-ufrag:EsAw',
  'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'a=mid:1',
  '',
].join('\r\n');

describe('buildFragment', () => {
  it('contains bundle, first media section, credentials and candidates, as in RFC 9725', () => {
    const body = buildFragment(offer, {
      ufrag: 'EsAw',
      pwd: 'P2uYro0UCOQ4zxjKXaWCBui1',
      candidates: ['candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host'],
      isComplete: true,
    });
    assert.equal(
      body,
      [
        'a=group:BUNDLE 0 1',
        'm=audio 9 UDP/TLS/RTP/SAVPF 111',
        'a=mid:0',
        'a=ice-ufrag:EsAw',
        'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
        'a=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host',
        'a=end-of-candidates',
        '',
      ].join('\r\n'),
    );
  });

  it('has no end-of-candidates while more candidates may follow', () => {
    const body = buildFragment(offer, { ufrag: 'a', pwd: 'b', candidates: [], isComplete: false });
    assert.doesNotMatch(body, /end-of-candidates/);
  });
});

describe('readFragment', () => {
  it('reads credentials and candidates with either line ending', () => {
    assert.deepEqual(readFragment('a=ice-ufrag:u\na=ice-pwd:p\na=candidate:1 x\r\na=candidate:2 y\n'), {
      ufrag: 'u',
      pwd: 'p',
      candidates: ['candidate:1 x', 'candidate:2 y'],
    });
  });

  it('is null for a body without credentials', () => {
    assert.equal(readFragment('a=candidate:1 x'), null);
    assert.equal(readFragment(''), null);
  });
});

describe('restartAnswer', () => {
  it('replaces the ICE part in every media section and keeps the rest', () => {
    const answer = [
      'v=0',
      'm=audio 9 x',
      'a=mid:0',
      'a=ice-ufrag:old',
      'a=ice-pwd:oldpwd',
      'a=candidate:old',
      'a=end-of-candidates',
      'a=fingerprint:sha-256 AA',
      'm=video 9 x',
      'a=mid:1',
      'a=ice-ufrag:old',
      'a=ice-pwd:oldpwd',
      '',
    ].join('\r\n');
    const restarted = restartAnswer(answer, { ufrag: 'new', pwd: 'newpwd', candidates: ['candidate:new'] });
    assert.deepEqual(restarted.split('\r\n'), [
      'v=0',
      'm=audio 9 x',
      'a=mid:0',
      'a=candidate:new',
      'a=ice-ufrag:new',
      'a=ice-pwd:newpwd',
      'a=fingerprint:sha-256 AA',
      'm=video 9 x',
      'a=mid:1',
      'a=ice-ufrag:new',
      'a=ice-pwd:newpwd',
      '',
    ]);
  });
});
