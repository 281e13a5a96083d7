import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import type { GatecastError } from '@gatecast/token';
import { checkHlsConfig } from '@gatecast/player/internal/engine/hls/check-hls-config';
import { optionsNeedFullBuild } from '@gatecast/player/internal/engine/hls/full-build-options';
import Hls from 'hls.js';
import HlsLight from 'hls.js/light';
import ts from 'typescript';

const defaults: Readonly<Record<string, unknown>> = { ...Hls.DefaultConfig };

/** Every option in the type declarations of hls.js. */
function declaredOptions(): string[] {
  const file = createRequire(import.meta.url)
    .resolve('hls.js')
    .replace(/hls(?:\.min)?\.js$/, 'hls.d.ts');
  const program = ts.createProgram([file], { strict: true, noEmit: true, skipLibCheck: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  assert.ok(module, file);
  const config = checker.getExportsOfModule(module).find(({ name }) => name === 'HlsConfig');
  assert.ok(config);
  return checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(config)).map(({ name }) => name);
}

function refusal(config: Record<string, unknown>): string {
  let text = '';
  assert.throws(
    () => {
      checkHlsConfig(config, defaults);
    },
    (error: GatecastError) => {
      text = `${error.message} ${error.hint}`;
      return error.code === 'option-invalid' && !error.retryable;
    },
  );
  return text;
}

/** Options that only the full build reads, or that only its streams need. */
const FULL_BUILD = [
  'audioPreference',
  'audioStreamController',
  'audioTrackController',
  'captionsTextTrack1Label',
  'captionsTextTrack1LanguageCode',
  'captionsTextTrack2Label',
  'captionsTextTrack2LanguageCode',
  'captionsTextTrack3Label',
  'captionsTextTrack3LanguageCode',
  'captionsTextTrack4Label',
  'captionsTextTrack4LanguageCode',
  'cmcd',
  'cueHandler',
  'drmSystemOptions',
  'drmSystems',
  'emeController',
  'emeEnabled',
  'enableCEA708Captions',
  'enableIMSC1',
  'enableInterstitialPlayback',
  'enableWebVTT',
  'iframeCacheLimit',
  'iframeController',
  'interstitialAppendInPlace',
  'interstitialAssetListLoadPolicy',
  'interstitialLiveLookAhead',
  'interstitialsController',
  'subtitlePreference',
  'subtitleStreamController',
  'subtitleTrackController',
  'timelineController',
  'useMediaCapabilities',
  'widevineLicenseUrl',
];
const DECLARED_COUNT = 151;

const declared = declaredOptions();

describe('checkHlsConfig', () => {
  it('allows every option that hls.js declares, except those that the player sets', () => {
    const refused = declared.filter((name) => {
      try {
        checkHlsConfig({ emeEnabled: true, [name]: 'changed' }, defaults);
        return false;
      } catch {
        return true;
      }
    });
    assert.deepEqual(refused.sort(), [
      ...['autoStartLoad', 'certLoadPolicy', 'fLoader', 'loader', 'pLoader', 'progressive'],
    ]);
  });

  it('has been decided for each option of this version of hls.js', () => {
    // Another version has other options: look whether they work with both builds and with the player's loader.
    assert.equal(declared.length, DECLARED_COUNT);
    assert.deepEqual(declared.filter((name) => optionsNeedFullBuild({ [name]: {} })).sort(), FULL_BUILD);
  });

  it('refuses options for licences where the page has named no licence server', () => {
    for (const name of ['licenseXhrSetup', 'drmSystemOptions', 'reuseKeySessions'])
      assert.match(refusal({ [name]: Map }), new RegExp(`${name} has no effect.*property drm`));
    checkHlsConfig({ emeEnabled: true, licenseXhrSetup: () => undefined }, defaults);
  });

  it('knows the same options with the light build', () => {
    assert.deepEqual(Object.keys(HlsLight.DefaultConfig).sort(), Object.keys(defaults).sort());
  });

  it('names the nearest option for a name that hls.js does not know', () => {
    for (const [wrong, right] of [
      ['maxBufferLenght', 'maxBufferLength'],
      ['maxbufferlength', 'maxBufferLength'],
      ['lowlatency', 'lowLatencyMode'],
      ['cmdc', 'cmcd'],
      ['xhrSetUp', 'xhrSetup'],
      ['fetchsetup', 'fetchSetup'],
      ['manifestLoadPolicies', 'manifestLoadPolicy'],
      ['emeEnable', 'emeEnabled'],
    ] as const)
      assert.match(refusal({ [wrong]: 1 }), new RegExp(`"${wrong}".* ${right}\\.$`));
    assert.match(refusal({ volumeOfTheUniverse: 11 }), /"volumeOfTheUniverse".*Remove it/);
  });

  it('says what replaces an option that the player sets', () => {
    for (const name of ['loader', 'fLoader', 'pLoader'])
      assert.match(refusal({ [name]: Map }), new RegExp(`hlsConfig\\.${name} .*fetchSetup`));
    assert.match(refusal({ autoStartLoad: false }), /autoStartLoad.*preload="none"/);
  });

  it('allows the defaults, undefined, and options for controllers of the page', () => {
    checkHlsConfig({ ...Hls.DefaultConfig }, defaults);
    checkHlsConfig({ autoStartLoad: true, nameOfNothing: undefined }, defaults);
    checkHlsConfig({ abrController: Map, abrOfThePage: 1 }, defaults);
  });
});
