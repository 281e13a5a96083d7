import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { whipErrors } from '@gatecast/webcaster/internal/publisher/whip/whip-errors';
import { resolveLocation } from '@gatecast/webrtc/internal/read-answer';

describe('resolveLocation', () => {
  const cases: [what: string, location: string, base: string, url: string][] = [
    ['a path', '/s/1', 'https://a.example/whip/x', 'https://a.example/s/1'],
    ['a relative path', '1', 'https://a.example/whip/x', 'https://a.example/whip/1'],
    ['an absolute address', 'https://b.example/s', 'https://a.example/whip', 'https://b.example/s'],
    ['http from an https ingest', 'http://a.example/s', 'https://a.example/w', 'https://a.example/s'],
    [
      'the inner port of an https ingest',
      'http://a.example:8889/s?x=1',
      'https://a.example/w',
      'https://a.example/s?x=1',
    ],
    [
      'http without the port of an https ingest',
      'http://a.example/s',
      'https://a.example:8443/w',
      'https://a.example:8443/s',
    ],
    ['http on another host', 'http://b.example/s', 'https://a.example:8443/w', 'https://b.example/s'],
    ['http from an http ingest', 'http://a.example:81/s', 'http://a.example/w', 'http://a.example:81/s'],
  ];
  for (const [what, location, base, url] of cases) {
    it(`resolves ${what}`, () => assert.equal(resolveLocation(location, base, whipErrors), url));
  }

  it('refuses what is not an HTTP address', () => {
    for (const location of ['javascript:alert(1)', 'blob:https://a.example/1', 'http://']) {
      assert.throws(() => resolveLocation(location, 'https://a.example/', whipErrors), {
        code: 'ingest-response-invalid',
      });
    }
  });
});
