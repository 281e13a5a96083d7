import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, type MediaRequest, type MediaResponse } from '@gatecast/token';
import { PlaylistRereader } from '@gatecast/player/internal/loading/reread-playlist';
import { readClones } from '@gatecast/player/internal/loading/reread/pathway-clones';

const START_MS = 1_800_000_000_000;
const LIFE_S = 6;

/** CDNs that serve the same, and sign each address for six seconds. One of their recordings has two renditions. */
function open() {
  const cdn = { nowMs: START_MS, refusals: [] as string[], sent: [] as string[] };
  const sign = (address: string): string => {
    const end = String(Math.floor(cdn.nowMs / 1000) + LIFE_S);
    return `${address}?expires=${end}&sig=${end.padStart(20, '0')}`;
  };
  const send = ({ url }: MediaRequest): Promise<MediaResponse> => {
    const { pathname, searchParams, origin, search } = new URL(url);
    cdn.sent.push(origin + pathname);
    const isRefused = Number(searchParams.get('expires') ?? Infinity) * 1000 <= cdn.nowMs;
    if (isRefused) {
      cdn.refusals.push(origin + pathname + search);
      return Promise.reject(new GatecastError('source-failed', 'refused', { hint: 'test', status: 403 }));
    }
    const data = pathname.endsWith('/index.m3u8')
      ? [
          '#EXTM3U',
          `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",STABLE-RENDITION-ID="en",URI="${sign('audio.m3u8')}"`,
          '#EXT-X-STREAM-INF:BANDWIDTH=500000,PATHWAY-ID="A",STABLE-VARIANT-ID="low",AUDIO="a"',
          sign('low.m3u8'),
        ]
      : ['#EXTM3U', '#EXT-X-TARGETDURATION:2', '#EXTINF:2,', sign('0.m4s'), '#EXT-X-ENDLIST'];
    const body = pathname.endsWith('.m3u8') ? `${data.join('\n')}\n` : pathname;
    const timing = { startMs: 0, firstByteMs: 0, endMs: 0 };
    return Promise.resolve({ url, status: 200, data: body, headers: new Headers(), timing });
  };
  const rereader = new PlaylistRereader({
    send,
    serverNow: () => cdn.nowMs,
    now: () => cdn.nowMs,
    version: () => 1,
    leadMs: () => 60_000,
    random: () => 0.5,
  });
  const load = async (
    url: string,
    responseType: MediaRequest['responseType'] = 'text',
  ): Promise<MediaResponse> => {
    const request: MediaRequest = { url, stream: 'a', responseType };
    const response = await rereader.request(request, send, new AbortController().signal);
    return responseType === 'text' ? rereader.give({ request, response }) : response;
  };
  return { cdn, rereader, load, sign };
}

function manifest(id: string, baseId: string, replacement: object): unknown {
  return { VERSION: 1, 'PATHWAY-CLONES': [{ ID: id, 'BASE-ID': baseId, 'URI-REPLACEMENT': replacement }] };
}

describe('a clone of a signed pathway', () => {
  it('has addresses with the latest tokens of its base', async () => {
    const { cdn, rereader, load, sign } = open();
    await load('https://a.example/index.m3u8');
    rereader.steer(manifest('B', 'A', { HOST: 'b.example', PARAMS: { x: '1/2', a: 'b' } }));
    rereader.steer(manifest('C', 'B', { HOST: 'c.example' }));
    // As hls.js makes them.
    const clones = ['low', 'audio'].flatMap((name) =>
      ['b', 'c'].map((host) => `${sign(`https://${host}.example/${name}.m3u8`)}&a=b&x=1%2F2`),
    );
    cdn.nowMs += 20_000;
    for (const url of clones) {
      const { data } = await load(url);
      const segment = new URL(/^0.*$/m.exec(String(data))?.[0] ?? '', url);
      assert.equal((await load(segment.href, 'arraybuffer')).data, '/0.m4s');
    }
    assert.deepEqual(cdn.refusals, []);
    for (const host of ['b', 'c'])
      for (const path of ['low.m3u8', 'audio.m3u8', '0.m4s'])
        assert.ok(cdn.sent.includes(`https://${host}.example/${path}`), `${host} ${path}`);
  });

  it('has the latest addresses of its own, by stable identifier', async () => {
    const { cdn, rereader, load, sign } = open();
    await load('https://a.example/index.m3u8');
    const own = () => ({
      'PER-VARIANT-URIS': { low: sign('https://b.example/own.m3u8') },
      'PER-RENDITION-URIS': { en: sign('https://b.example/own-audio.m3u8') },
    });
    const first = own();
    rereader.steer(manifest('B', 'A', first));
    cdn.nowMs += 20_000;
    rereader.steer(manifest('B', 'A', own()));
    await load(first['PER-VARIANT-URIS'].low);
    await load(first['PER-RENDITION-URIS'].en);
    assert.deepEqual(cdn.refusals, []);
  });

  it('is left out in another form, and costs no more than its manifest', async () => {
    for (const form of [null, 1, 'x', [], {}, { 'PATHWAY-CLONES': 1 }, { 'PATHWAY-CLONES': [null, 1, {}] }])
      assert.deepEqual(readClones(form), []);
    const { rereader, load } = open();
    await load('https://a.example/index.m3u8');
    for (let at = 0; at < 200; at += 1)
      rereader.steer(manifest(`C${String(at)}`, at === 0 ? 'A' : `C${String(at - 1)}`, { HOST: 'x y' }));
    rereader.steer(manifest('own', 'own', { HOST: 'b.example' }));
  });
});
