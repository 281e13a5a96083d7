import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import type { CaptureKind, WebcasterOptions } from '@gatecast/webcaster';
import { readSettings } from '@gatecast/webcaster/internal/broadcast/broadcast-settings';
import { defaultOptions } from '../support/default-options.js';

const BASE = 'https://page.example/studio/index.html';

const options: WebcasterOptions = {
  ...defaultOptions,
  endpoint: '/whip/morning-show',
  tokenUrl: '../api/tokens',
};

const read = (changes: Partial<WebcasterOptions>) => readSettings({ ...options, ...changes }, BASE);

describe('readSettings', () => {
  it('resolves URLs against the page', () => {
    const { target, tokens } = read({ publisherConfig: { src: 'vendor.js' } });
    assert.equal(target.endpoint, 'https://page.example/whip/morning-show');
    assert.equal(target.scriptUrl, 'https://page.example/studio/vendor.js');
    assert.equal(tokens.tokenUrl, 'https://page.example/api/tokens');
  });

  it('reads the name of the stream from the attribute, or from the end of the endpoint', () => {
    assert.equal(read({}).target.stream, 'morning-show');
    assert.equal(read({ endpoint: '/whip/a%20b?x=1' }).target.stream, 'a b');
    assert.equal(read({ endpoint: '/whip/100%' }).target.stream, '100%');
    assert.equal(read({ stream: 'evening-show' }).tokens.stream, 'evening-show');
  });

  it('keeps the resolution of a screen only once it is captured', () => {
    const preference = (captured: CaptureKind | null, media: MediaStream | null = null) =>
      readSettings({ ...options, capture: 'screen' }, BASE, captured && { kind: captured, media }).target
        .encoding.degradationPreference;
    assert.equal(preference(null), 'maintain-resolution');
    assert.equal(preference('camera'), 'balanced', 'while the dialog of the browser is open');
    assert.equal(preference('screen'), 'maintain-resolution');
    assert.equal(preference('camera screen'), 'maintain-resolution');
    assert.equal(preference('screen', {} as MediaStream), 'balanced');
  });

  it('replaces {stream} with the encoded name', () => {
    const { target } = read({ endpoint: 'https://ingest.example/{stream}/whip', stream: 'a/b c' });
    assert.equal(target.endpoint, 'https://ingest.example/a%2Fb%20c/whip');
  });

  it('allows the token for the origins of the endpoint and of token-origins only', () => {
    assert.deepEqual(read({ endpoint: 'https://ingest.example/x' }).tokens.origins, [
      'https://ingest.example',
    ]);
    const { origins } = read({ tokenOrigins: ' https://a.example  https://b.example ' }).tokens;
    assert.deepEqual(origins, ['https://page.example', 'https://a.example', 'https://b.example']);
  });

  const malformed: [string, Partial<WebcasterOptions>, RegExp][] = [
    ['no endpoint', { endpoint: null, stream: 'x' }, /endpoint is missing/],
    ['no stream', { endpoint: '/{stream}' }, /name of the stream is missing/],
    ['an endpoint that is not a URL', { endpoint: 'http://', stream: 'x' }, /endpoint is not a valid URL/],
    ['a token-url that is not a URL', { tokenUrl: 'http://' }, /token-url is not a valid URL/],
    ['a malformed token-placement', { tokenPlacement: 'somewhere' }, /token-placement must be/],
  ];
  for (const [what, changes, message] of malformed) {
    it(`names the attribute that is wrong: ${what}`, () => {
      assert.throws(
        () => read(changes),
        (error) =>
          error instanceof GatecastError && error.code === 'settings-invalid' && message.test(error.message),
      );
    });
  }
});
