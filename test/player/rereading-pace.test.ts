import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MediaRequest, MediaResponse } from '@gatecast/token';
import { PlaylistRereader } from '@gatecast/player/internal/loading/reread-playlist';

const ORIGIN = 'https://cdn.example';
const SEGMENTS = 100;
const REQUEST_MS = 20;

/** Counts the readings of playlists while 100 segments are requested from an origin that renews the token with each answer. */
async function countReadings(query: string): Promise<number> {
  let now = 1_700_000_000_000;
  let version = 1;
  let readings = 0;
  const send = (request: MediaRequest): Promise<MediaResponse> => {
    version += 1;
    now += REQUEST_MS;
    const isPlaylist = request.responseType === 'text';
    if (isPlaylist) readings += 1;
    const lines = Array.from({ length: SEGMENTS }, (_, index) => `#EXTINF:2,\n${String(index)}.ts?${query}`);
    const data = isPlaylist ? `#EXTM3U\n${lines.join('\n')}\n#EXT-X-ENDLIST\n` : new ArrayBuffer(1);
    const timing = { startMs: 0, firstByteMs: 0, endMs: 0 };
    return Promise.resolve({ url: request.url, status: 200, data, headers: new Headers(), timing });
  };
  const rereader = new PlaylistRereader({
    send,
    serverNow: () => now,
    version: () => version,
    leadMs: () => 60_000,
    now: () => now,
    random: () => 0.5,
  });
  const { signal } = new AbortController();
  const request: MediaRequest = { url: `${ORIGIN}/vod.m3u8`, stream: 'a', responseType: 'text' };
  rereader.give({ request, response: await rereader.request(request, send, signal) });
  for (let index = 0; index < SEGMENTS; index += 1) {
    const url = `${ORIGIN}/${String(index)}.ts?${query}`;
    await rereader.request({ url, stream: 'a', responseType: 'arraybuffer' }, send, signal);
    await new Promise(setImmediate);
  }
  return readings;
}

describe('an origin that renews the token with each answer', () => {
  const queries = {
    'with an end that cannot be read': 'session=abcdefghijklmnopqrstu',
    'with an end that stays': 'Expires=1700000002',
  };
  for (const [name, query] of Object.entries(queries))
    it(`is not asked for a playlist again with each segment ${name}`, async () => {
      assert.ok((await countReadings(query)) <= 5);
    });
});
