import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Authorizer,
  type AuthorizerOptions,
  type Placement,
  type Token,
  type TokenValue,
} from '@gatecast/token';
import type { EngineHost } from '@gatecast/player/internal/engine/engine';
import type { HlsOptions } from '@gatecast/player/internal/engine/hls/hls-options';
import { offerAirPlay } from '@gatecast/player/internal/engine/hls/offer-airplay';
import { licenceHost } from '@gatecast/player/internal/engine/hls/drm/player-licences';
import { readDrm } from '@gatecast/player/internal/engine/hls/drm/read-drm';

const url = 'https://drm.example/wv';

/** What licence requests use of an element whose token has the signed address of its stream. */
function hostWithSignedEntry() {
  const value: TokenValue = {
    parts: [{ url: 'https://cdn.example/live.m3u8?signature=1', headers: { 'X-A': 'b' } }],
  };
  const tokens: AuthorizerOptions['tokens'] = {
    get: () => Promise.resolve({ stream: 'a', value, version: 1 } as Token),
    peek: () => null,
    rejected: () => Promise.reject(new Error('not needed')),
    accepted: () => undefined,
  };
  const placement: Placement = { kind: 'query', name: 'token' };
  const origins = ['https://drm.example/live.m3u8'];
  const host: unknown = {
    authorizer: new Authorizer({ tokens, placement, origins }),
    source: { entries: [{ stream: 'a' }] },
    signal: new AbortController().signal,
    tokens,
  };
  return host as EngineHost<HlsOptions>;
}

describe('an encrypted stream', () => {
  it('is not offered to AirPlay receivers, which would get no licence', () => {
    for (const servers of [{ drm: { fairplay: url } }, { hlsConfig: { drmSystems: {} } }]) {
      const added: unknown[] = [];
      const video = {
        disableRemotePlayback: false,
        querySelector: () => ({}),
        append: (source: unknown) => added.push(source),
      };
      const host: unknown = {
        output: { video },
        signal: new AbortController().signal,
        source: { entries: [{ url: 'https://cdn.example/live.m3u8' }] },
        options: { drm: null, hlsConfig: {}, ...servers },
        tokens: null,
      };
      const offer = offerAirPlay(host as EngineHost<HlsOptions>);
      // hls.js has set it, as it does without a second source.
      video.disableRemotePlayback = true;
      // It would create a `<source>`, for which Node.js has no document.
      offer.attached();
      assert.deepEqual([added, video.disableRemotePlayback], [[], true]);
    }
  });
});

describe('licence requests of the player', () => {
  it('go to the licence server, also where the token has the address of the stream', async () => {
    for (const placement of [undefined, 'header']) {
      const drm = readDrm({ widevine: url, placement }, 'https://page.example/');
      const { authorizerFor } = licenceHost(hostWithSignedEntry(), {}, drm);
      assert.equal((await authorizerFor(url).authorize(url, 'a')).url, url);
    }
  });
});
