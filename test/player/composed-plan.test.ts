import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ComposedEntries } from '@gatecast/player/internal/engine/hls/composed-entries';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';

const MEDIA = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n';
const MULTIVARIANT = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1.4d401f,mp4a.40.2"\nlow.m3u8\n';

/** What is known of a source with two entries, whose playlists are this text; `null`: they are not there. */
async function codecsOf(text: string | null): Promise<string | null | undefined> {
  const playlists = new Map<string, unknown>();
  const early = {
    playlists,
    segment: () => undefined,
    playlist: (url: string) => {
      if (text === null) return Promise.reject(new Error('404'));
      playlists.set(url, {});
      return Promise.resolve({ data: text, url });
    },
  };
  const source = resolveSource(
    { entries: [{ hls: '/a.m3u8' }, { hls: '/b.m3u8' }] },
    'https://page.example/',
  );
  const options = { source, early: early as never, bandwidthBps: 1, isSupported: () => true };
  return (await new ComposedEntries(options).plan()).codecs;
}

describe('what is known of a source with several entries before it plays', () => {
  it('is the codecs that its playlist names, or that there is one', async () => {
    assert.match((await codecsOf(MULTIVARIANT)) ?? '', /avc1\.4d401f,mp4a/);
    assert.equal(await codecsOf(MEDIA), '');
  });

  it('is nothing without a playlist', async () => {
    assert.equal(await codecsOf(null), null);
  });
});
