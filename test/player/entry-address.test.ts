import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Authorizer,
  customSource,
  parsePlacement,
  requestMedia,
  TokenManager,
  type MediaResponse,
} from '@gatecast/token';

const SRC = 'https://cdn.example/live/demo.m3u8?x=1';
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJkZW1vIn0.c2lnbmF0dXJlLW9mLXRoaXM';

/** Requests what an engine asks for, with a token whose `url` is the signed address of the entry. */
async function open(url: string) {
  const source = customSource(async () => ({ tokens: [{ stream: 'demo', url }] }));
  const tokens = new TokenManager({ source, purpose: 'playback' });
  const lease = tokens.lease({ streams: ['demo'] });
  await tokens.get('demo');
  lease.release();
  const origins = [SRC, new URL(url).origin];
  const authorizer = new Authorizer({ tokens, placement: parsePlacement('query:token'), origins });
  const sent: string[] = [];
  const request = (address: string): Promise<MediaResponse> =>
    requestMedia(
      authorizer,
      { url: address, stream: 'demo', responseType: 'text' },
      {
        signal: new AbortController().signal,
        fetch: async (input) => {
          const address = new Request(input).url;
          sent.push(address);
          const response = new Response('#EXTM3U\n#EXTINF:2,\n7.m4s\n');
          Object.defineProperty(response, 'url', { value: address });
          return response;
        },
      },
    );
  return { sent, request };
}

describe('the signed address of the entry', () => {
  it('is requested instead of src, and is the base of what its playlist names', async () => {
    const url = 'https://edge.example/session-4/index.m3u8?Expires=2000000000&Signature=nitfHRCrtziwO2HwPfWw';
    const { sent, request } = await open(url);
    const { url: base } = await request(SRC);
    assert.deepEqual(sent, [url]);
    assert.equal(base, 'https://edge.example/session-4/index.m3u8');
    // hls.js reloads a media playlist at the address of its answer.
    assert.equal((await request(base)).url, base);
    assert.deepEqual(sent, [url, url]);
  });

  it('changes no base if its path is that of src', async () => {
    const { request } = await open('https://cdn.example/live/demo.m3u8?Signature=nitfHRCrtziwO2HwPfWw');
    assert.equal((await request(SRC)).url, SRC);
  });

  it('has no token in its base, and each request in its folder has the token', async () => {
    const url = `https://cdn.example/${JWT}/manifest/video.m3u8`;
    const { sent, request } = await open(url);
    const { url: base } = await request(SRC);
    assert.ok(!base.includes(JWT));
    const child = new URL('7.m4s', base).href;
    await request(child);
    assert.deepEqual(sent, [url, `https://cdn.example/${JWT}/manifest/7.m4s`]);
  });
});
