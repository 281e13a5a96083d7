import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import { explainLicence } from '@gatecast/player/internal/engine/hls/drm/licence-errors';

const type = 'keySystemError';

describe('the error of an encrypted stream', () => {
  it('passes if the licence server is overloaded or cannot be reached', () => {
    const failures = [undefined, 0, 403, 404, 429, 500, 503].map((status) => {
      const response = status === undefined ? undefined : { code: status };
      const failure = { type, details: 'keySystemLicenseRequestFailed', response };
      return explainLicence(failure, true, true).retryable;
    });
    assert.deepEqual(failures, [true, true, false, false, true, true, true]);
  });

  it('names the property drm where the page has named no licence server', () => {
    for (const [details, hasServers] of [
      ['keyLoadError', false],
      ['keySystemNoKeys', false],
      ['keySystemNoConfiguredLicense', true],
    ] as const) {
      const { code, hint } = explainLicence({ type, details }, hasServers, true);
      assert.equal(code, 'option-invalid');
      assert.match(hint, /drm = \{ widevine: \{ licenseUrl \}/);
    }
  });

  it('names the key systems of a stream that is encrypted for others than those of the page', () => {
    const error = new Error('Expected frag.decryptdata to be defined after setting format org.w3.clearkey');
    const levelkeys = {
      'urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed': {},
      'com.microsoft.playready': {},
      identity: {},
    };
    const failure = { type: 'networkError', details: 'keyLoadError', error, frag: { levelkeys } };
    const explained = explainLicence(failure, true, true);
    assert.equal(explained.code, 'option-invalid');
    assert.match(explained.message, /encrypted for widevine or playready,/);
    const noServer = new Error('no license server URL configured for key-system "com.widevine.alpha"');
    const other = explainLicence({ type, details: 'keySystemNoKeys', error: noServer }, true, true);
    assert.equal(other.code, 'option-invalid');
  });

  it('is the one that the code of licences has thrown', () => {
    const error = new GatecastError('engine-load-failed', 'The code could not be loaded.', {
      hint: 'Serve the chunks.',
      retryable: true,
    });
    assert.equal(explainLicence({ type, details: 'keySystemNoKeys', error }, true, true), error);
  });

  it('tells a page without https from a browser without the key system', () => {
    const failure = { type, details: 'keySystemNoAccess' };
    const [insecure, missing] = [false, true].map((isSecure) => explainLicence(failure, true, isSecure));
    assert.match(insecure?.hint ?? '', /https:/);
    assert.match(missing?.message ?? '', /none of the key systems/);
    assert.deepEqual([insecure?.code, missing?.code], ['engine-unsupported', 'engine-unsupported']);
  });

  it('says what the state of a key means', () => {
    const restricted = explainLicence({ type, details: 'keySystemStatusOutputRestricted' }, true, true);
    assert.match(restricted.hint, /HDCP/);
    const internal = explainLicence({ type, details: 'keySystemStatusInternalError' }, true, true);
    assert.match(internal.message, /cannot use the key/);
    const expired = explainLicence(
      { type, details: 'keySystemNoKeys', error: new Error('key expired (keyId: 00)') },
      true,
      true,
    );
    assert.match(expired.message, /has ended/);
    assert.equal(expired.retryable, true);
  });

  it('has a message of its own for each failure with encrypted media in hls.js 1.7', async () => {
    const { ErrorDetails } = await import('hls.js');
    const names = Object.values(ErrorDetails).filter((name) => /^keySystem(?!Destroy|NoKeys)/.test(name));
    const messages = names.map((details) => explainLicence({ type, details }, true, true).message);
    assert.equal(new Set(messages).size, messages.length);
    assert.deepEqual(
      messages.filter((message) => message.includes('keySystem')),
      [],
    );
  });
});
