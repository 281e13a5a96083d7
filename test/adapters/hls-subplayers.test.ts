import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type Hls from 'hls.js';
import type { HlsConfig } from 'hls.js';
import type { TokenControl, TokenOptions } from '@gatecast/adapters';
import { hlsWithSession } from '@gatecast/adapters/internal/hls/with-tokens';
import { FakeOrigin, MEDIA, PLAYLIST } from './support/fake-origin.js';
import { loadHls } from './support/hls-in-node.js';
import { load, pass } from './support/run-loader.js';

const HlsPlayer = await loadHls();
const AD = 'https://ads.example/spot.m3u8';
const MULTIVARIANT = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=100\nv.m3u8\n';
const RENDITION = '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n1.m4s\n#EXT-X-ENDLIST\n';

const level = (url: string) => ({ url, type: 'level', level: 0 }) as never;

/** As the library creates a player for an interstitial, or for I-frames: of what the page has given. */
function subPlayer({ userConfig, sessionId }: Hls): Hls {
  return new HlsPlayer({ ...userConfig, primarySessionId: sessionId });
}

function start(form: 'instance' | 'configuration', options: Partial<TokenOptions> = {}) {
  const origin = new FakeOrigin();
  const own = { autoStartLoad: false, enableWorker: false };
  origin.body = (url) => (url.includes('v.m3u8') ? RENDITION : MULTIVARIANT);
  const given = { tokenSource: origin.backend.tokenFunction, ...options };
  const isInstance = form === 'instance';
  const hls = new HlsPlayer(
    isInstance ? own : (hlsWithSession(own, given, origin.context) as Partial<HlsConfig>),
  );
  const control = isInstance ? (hlsWithSession(hls, given, origin.context) as TokenControl) : null;
  const open = async (player: Hls, url: string): Promise<void> => {
    const settled = new Promise<void>((resolve) => {
      player.once(HlsPlayer.Events.MANIFEST_PARSED, () => {
        resolve();
      });
      player.once(HlsPlayer.Events.ERROR, () => {
        resolve();
      });
    });
    player.loadSource(url);
    await pass(origin.time);
    await settled;
  };
  return { origin, own, hls, control, open };
}

/** Each request: its address without the query, and whether it had a token. */
const seen = ({ requests, tokens }: FakeOrigin) =>
  requests.map(({ url }, index) => `${url.replace(/\?.*/, '')} ${tokens[index] ?? 'bare'}`);

describe('players that the real hls.js creates itself', () => {
  for (const form of ['instance', 'configuration'] as const) {
    it(`sends no token to the origin of an interstitial, by ${form}`, async () => {
      const { origin, hls, open } = start(form);
      origin.status = (_token, url) => (url.includes('ads.example') || url.includes('token=') ? 200 : 401);
      await open(hls, PLAYLIST);
      const ad = subPlayer(hls);
      await open(ad, AD);
      load(ad.config.loader, level('https://ads.example/v.m3u8'));
      load(hls.config.loader, level(`${MEDIA}/live/v.m3u8`));
      await pass(origin.time);
      assert.deepEqual(seen(origin), [
        `${PLAYLIST} demo-1`,
        `${AD} bare`,
        'https://ads.example/v.m3u8 bare',
        `${MEDIA}/live/v.m3u8 demo-1`,
      ]);
      assert.deepEqual(
        origin.backend.requests.map(({ streams }) => streams),
        [['demo']],
      );
      ad.destroy();
      hls.destroy();
    });

    it(`sends tokens to the stream's own origin for I-frames and clips of it, by ${form}`, async () => {
      const { origin, hls, open } = start(form);
      await open(hls, PLAYLIST);
      const clip = subPlayer(hls);
      await open(clip, `${MEDIA}/live/intro.m3u8`);
      assert.deepEqual(seen(origin), [`${PLAYLIST} demo-1`, `${MEDIA}/live/intro.m3u8 demo-1`]);
      clip.destroy();
      hls.destroy();
    });
  }

  it('has the page’s configuration as it was, during and after', async () => {
    const { own, hls, control, open } = start('instance');
    await open(hls, PLAYLIST);
    assert.equal('loader' in own, false, 'another player may be created of it');
    control?.release();
    assert.equal(hls.userConfig, own);
    hls.destroy();
  });
});
