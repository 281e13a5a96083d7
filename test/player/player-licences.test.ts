import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Authorizer, type AuthorizerOptions, type Placement, type Token } from '@gatecast/token';
import type { EngineHost } from '@gatecast/player/internal/engine/engine';
import type { HlsOptions } from '@gatecast/player/internal/engine/hls/hls-options';
import { licenceHost } from '@gatecast/player/internal/engine/hls/drm/player-licences';
import { readDrm } from '@gatecast/player/internal/engine/hls/drm/read-drm';

const url = 'https://drm.example/wv';

/** What licence requests use of an element whose token has the signed address of its stream. */
function hostWithSignedEntry() {
  const tokens: AuthorizerOptions['tokens'] = {
    get: () =>
      Promise.resolve({
        stream: 'a',
        value: { parts: [{ url: 'https://cdn.example/live.m3u8?signature=1', headers: { 'X-A': 'b' } }] },
        version: 1,
      } as Token & { value: { parts: [] } }),
    peek: () => null,
    rejected: () => Promise.resolve(),
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

describe('licence requests of the player', () => {
  it('go to the licence server, also where the token has the address of the stream', async () => {
    for (const placement of [undefined, 'header']) {
      const drm = readDrm({ widevine: url, placement }, 'https://page.example/');
      const { authorizerFor } = licenceHost(hostWithSignedEntry(), {}, drm);
      assert.equal((await authorizerFor(url).authorize(url, 'a')).url, url);
    }
  });
});
