import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DrmOptions } from '@gatecast/player';
import { GatecastError } from '@gatecast/token';
import { readDrm, withDrm } from '@gatecast/player/internal/engine/hls/drm/read-drm';

const base = 'https://page.example/watch/';

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof GatecastError);
    assert.equal(error.code, 'option-invalid');
    return `${error.message} ${error.hint}`;
  }
  return 'nothing';
}

describe('the property drm', () => {
  it('names the licence servers for hls.js, with addresses relative to the page', () => {
    const drm = readDrm(
      {
        widevine: '/wv',
        playready: { licenseUrl: 'https://drm.example/pr', headers: { 'X-Tenant': 'a' } },
        fairplay: { licenseUrl: 'fps', certificateUrl: 'fps.cer', headers: { 'X-Tenant': 'b' } },
      },
      base,
    );
    assert.ok(drm);
    assert.deepEqual(drm.systems, {
      'com.widevine.alpha': { licenseUrl: 'https://page.example/wv' },
      'com.microsoft.playready': { licenseUrl: 'https://drm.example/pr' },
      'com.apple.fps': {
        licenseUrl: 'https://page.example/watch/fps',
        serverCertificateUrl: 'https://page.example/watch/fps.cer',
      },
    });
    assert.deepEqual(drm.headers.get('https://page.example/watch/fps.cer'), { 'x-tenant': 'b' });
    assert.equal(drm.headers.get('https://page.example/wv'), undefined);
    assert.equal(drm.placement, null);
    assert.deepEqual(withDrm({ maxBufferLength: 9 }, drm), {
      maxBufferLength: 9,
      emeEnabled: true,
      drmSystems: drm.systems,
    });
  });

  it('may say where the token goes', () => {
    const drm = readDrm({ clearkey: '/ck', placement: 'header' }, base);
    assert.deepEqual(drm?.placement, { kind: 'header', name: 'Authorization', scheme: 'Bearer ' });
  });

  for (const [what, given, expected] of [
    ['another type', 'https://drm.example', /drm is not an object/],
    ['no key system', {}, /drm names no licence server/],
    ['only a placement', { placement: 'header' }, /drm names no licence server/],
    ['a misspelt key system', { widewine: '/wv' }, /drm has no option "widewine".*widevine/],
    ['a misspelt member', { widevine: { licenceUrl: '/wv' } }, /drm\.widevine has no option.*licenseUrl/],
    ['no address', { widevine: {} }, /drm\.widevine\.licenseUrl is not an address/],
    ['an address of another kind', { widevine: 'javascript:alert(1)' }, /drm\.widevine\.licenseUrl/],
    ['null', { widevine: null }, /"widevine" of drm is not an address/],
    ['FairPlay without a certificate', { fairplay: '/fps' }, /drm\.fairplay\.certificateUrl/],
    ['a wrong certificate address', { widevine: { licenseUrl: '/a', certificateUrl: '' } }, /certificateUrl/],
    ['wrong headers', { widevine: { licenseUrl: '/a', headers: { 'a b': 'secret' } } }, /widevine\.headers/],
    ['a wrong placement', { clearkey: '/ck', placement: 'somewhere' }, /drm\.placement/],
  ] as const)
    it(`is refused with ${what}`, () => {
      const text = refusal(() => readDrm(given as DrmOptions, base));
      assert.match(text, expected);
      assert.doesNotMatch(text, /secret/);
    });
});

describe('hlsConfig beside drm', () => {
  const drm = readDrm({ widevine: '/wv' }, base);

  for (const [what, config] of [
    ['drmSystems', { drmSystems: { 'com.widevine.alpha': { licenseUrl: '/wv' } } }],
    ['widevineLicenseUrl', { widevineLicenseUrl: '/wv' }],
  ] as const)
    it(`is refused with ${what}`, () => {
      assert.match(
        refusal(() => withDrm(config, drm)),
        /Both drm and hlsConfig/,
      );
    });

  it('is refused with emeEnabled: false, and allowed with true', () => {
    assert.match(
      refusal(() => withDrm({ emeEnabled: false }, drm)),
      /emeEnabled/,
    );
    assert.equal(withDrm({ emeEnabled: true }, drm)['emeEnabled'], true);
  });

  it('is switched on for drmSystems alone, which hls.js would ignore', () => {
    const config = { drmSystems: { 'org.w3.clearkey': { licenseUrl: '/ck' } } };
    assert.equal(withDrm(config, null)['emeEnabled'], true);
    assert.equal(withDrm({ ...config, emeEnabled: false }, null)['emeEnabled'], false);
    const other = { maxBufferLength: 9 };
    assert.equal(withDrm(other, null), other);
  });
});
