import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, type MediaRequest, type MediaResponse } from '@gatecast/token';
import { PlaylistRereader } from '@gatecast/player/internal/loading/reread-playlist';

const ORIGIN = 'https://cdn.example';
const refusal = (): GatecastError =>
  new GatecastError('token-rejected', 'refused', { hint: 'test', status: 403 });

/**
 * An origin that binds what its playlists name to a session: a multivariant playlist begins one, and it ends on command.
 */
function setUp() {
  let session = 1;
  let isOn = true;
  let now = 0;
  let sequence = 10;
  const sent: string[] = [];
  const text = (name: string, of: number): string =>
    name === 'a.m3u8'
      ? `#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",URI="en_w${of}.m3u8"\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="de",URI="de_w${of}.m3u8"\n#EXT-X-STREAM-INF:BANDWIDTH=2\nhigh_w${of}.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow_w${of}.m3u8\n`
      : `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:${sequence}\n#EXT-X-MAP:URI="init_w${of}.mp4"\n${[
          0, 1, 2,
        ]
          .map((index) => `#EXTINF:2,\n${name.split('_')[0] ?? ''}_${sequence + index}_w${of}.m4s\n`)
          .join('')}`;
  const send = async (request: MediaRequest): Promise<MediaResponse> => {
    sent.push(request.url.replace(`${ORIGIN}/live/`, ''));
    const name = /[^/?]*(?=$|\?)/.exec(request.url)?.[0] ?? '';
    const [, given = ''] = /_w(\d+)/.exec(name) ?? [];
    if (!isOn || (given !== '' && Number(given) !== session)) throw refusal();
    const timing = { startMs: 0, firstByteMs: 0, endMs: 0 };
    return { url: request.url, status: 200, data: text(name, session), headers: new Headers(), timing };
  };
  const rereader = new PlaylistRereader({
    send,
    serverNow: () => now,
    version: () => null,
    leadMs: () => 60_000,
    now: () => now,
    random: () => 0.5,
  });
  /** As the loader does. */
  const load = async (name: string): Promise<MediaResponse> => {
    const isPlaylist = name.includes('.m3u8');
    const request: MediaRequest = {
      url: `${ORIGIN}/live/${name}`,
      stream: 'a',
      responseType: isPlaylist ? 'text' : 'arraybuffer',
    };
    const response = await rereader.request(request, send, new AbortController().signal);
    return isPlaylist ? rereader.give({ request, response }) : response;
  };
  return {
    sent,
    load,
    endSession: () => (session += 1),
    setOn: (is: boolean) => (isOn = is),
    advance: (ms: number) => (now += ms),
    slide: () => (sequence += 1),
  };
}

describe('what a playlist names and the origin refuses', () => {
  it('is requested again after the first playlist has brought another cookie', async () => {
    let hasCookie = false;
    const sent: string[] = [];
    const texts: Record<string, string> = {
      'a.m3u8': '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n',
      'low.m3u8': '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n0.m4s\n#EXTINF:2,\n1.m4s\n',
    };
    const send = async ({ url }: MediaRequest): Promise<MediaResponse> => {
      const name = url.replace(`${ORIGIN}/live/`, '');
      sent.push(name);
      if (name === 'a.m3u8') hasCookie = true;
      else if (!hasCookie) throw refusal();
      const timing = { startMs: 0, firstByteMs: 0, endMs: 0 };
      return { url, status: 200, data: texts[name] ?? '', headers: new Headers(), timing };
    };
    let now = 0;
    const rereader = new PlaylistRereader({
      ...{ send, serverNow: () => now, version: () => null, leadMs: () => 60_000 },
      ...{ now: () => now, random: () => 0.5 },
    });
    const load = async (name: string): Promise<MediaResponse> => {
      const responseType = name.endsWith('.m3u8') ? 'text' : 'arraybuffer';
      const request: MediaRequest = { url: `${ORIGIN}/live/${name}`, stream: 'a', responseType };
      const response = await rereader.request(request, send, new AbortController().signal);
      return responseType === 'text' ? rereader.give({ request, response }) : response;
    };
    for (const name of ['a.m3u8', 'low.m3u8', '0.m4s']) await load(name);
    hasCookie = false;
    now += 60_000;
    sent.length = 0;
    assert.equal((await load('1.m4s')).status, 200);
    assert.deepEqual(sent, ['1.m4s', 'low.m3u8', 'a.m3u8', 'low.m3u8', '1.m4s']);
    hasCookie = false;
    now += 60_000;
    sent.length = 0;
    assert.match(String((await load('low.m3u8')).data), /1\.m4s/);
    assert.deepEqual(sent, ['low.m3u8', 'a.m3u8', 'low.m3u8']);
  });

  it('is loaded from the address that another reading of the playlists gives', async () => {
    const { load, endSession, sent, slide } = setUp();
    await load('a.m3u8');
    await load('low_w1.m3u8');
    await load('low_10_w1.m4s');
    endSession();
    slide();
    sent.length = 0;
    assert.equal((await load('low_12_w1.m4s')).url, `${ORIGIN}/live/low_12_w2.m4s`);
    assert.deepEqual(sent, ['low_12_w1.m4s', 'low_w1.m3u8', 'a.m3u8', 'low_w2.m3u8', 'low_12_w2.m4s']);
    sent.length = 0;
    // hls.js still has the old addresses, until its own next reload.
    await load('low_11_w1.m4s');
    assert.deepEqual(sent, ['low_11_w2.m4s']);
    sent.length = 0;
    const reload = await load('low_w1.m3u8');
    assert.deepEqual(sent, ['low_w2.m3u8']);
    assert.match(String(reload.data), /low_13_w2/);
  });

  it('keeps the names of segments that hls.js compares, over several sessions and reloads', async () => {
    const { load, endSession, advance, slide, sent } = setUp();
    const segments = async (): Promise<string[]> =>
      String((await load('low_w1.m3u8')).data).match(/low_\d+_w\d/g) ?? [];
    await load('a.m3u8');
    assert.deepEqual(await segments(), ['low_10_w1', 'low_11_w1', 'low_12_w1']);
    endSession();
    slide();
    assert.deepEqual(await segments(), ['low_11_w1', 'low_12_w1', 'low_13_w2']);
    sent.length = 0;
    await load('low_12_w1.m4s');
    assert.deepEqual(sent, ['low_12_w2.m4s']);
    endSession();
    advance(5000);
    assert.deepEqual(await segments(), ['low_11_w1', 'low_12_w1', 'low_13_w2']);
    slide();
    assert.deepEqual(await segments(), ['low_12_w1', 'low_13_w2', 'low_14_w3']);
    sent.length = 0;
    for (const name of ['low_12_w1', 'low_13_w2', 'low_14_w3']) await load(`${name}.m4s`);
    assert.deepEqual(sent, ['low_12_w3.m4s', 'low_13_w3.m4s', 'low_14_w3.m4s']);
  });

  for (const [name, next] of [
    ['low_w1.m3u8?_HLS_msn=12&_HLS_part=3', 'low_w2.m3u8?_HLS_msn=12&_HLS_part=3'],
    ['high_w1.m3u8', 'high_w2.m3u8'],
    ['de_w1.m3u8', 'de_w2.m3u8'],
    ['en_w1.m3u8', 'en_w2.m3u8'],
  ] as const) {
    it(`is the rendition at the same place: ${name}`, async () => {
      const { load, endSession, advance, sent } = setUp();
      await load('a.m3u8');
      endSession();
      await load(name);
      assert.equal(sent.at(-1), next);
      endSession();
      advance(5000);
      await load(name);
      assert.equal(sent.at(-1), next.replace('w2', 'w3'));
    });
  }

  it('is an init segment or key of the same segments', async () => {
    const { load, endSession } = setUp();
    await load('a.m3u8');
    await load('high_w1.m3u8');
    endSession();
    assert.equal((await load('init_w1.mp4')).url, `${ORIGIN}/live/init_w2.mp4`);
  });

  it('stays refused if no playlist names it, or the playlist is refused too', async () => {
    const { load, setOn, sent, advance } = setUp();
    await load('a.m3u8');
    await load('low_w1.m3u8');
    setOn(false);
    await assert.rejects(load('elsewhere_w1.m4s'), { code: 'token-rejected' });
    sent.length = 0;
    for (let count = 0; count < 20; count += 1) {
      await assert.rejects(load('low_10_w1.m4s'), { code: 'token-rejected' });
      advance(10);
    }
    assert.equal(sent.filter((name) => name === 'a.m3u8').length, 1, 'not read for each refusal');
    setOn(true);
    advance(5000);
    assert.equal((await load('low_10_w1.m4s')).status, 200);
  });

  it('stays refused when the segment has left the playlist', async () => {
    const { load, endSession, slide } = setUp();
    await load('a.m3u8');
    await load('low_w1.m3u8');
    endSession();
    slide();
    await assert.rejects(load('low_10_w1.m4s'), { code: 'token-rejected' });
  });

  it('is read once for requests at the same time', async () => {
    const { load, endSession, sent } = setUp();
    await load('a.m3u8');
    await load('low_w1.m3u8');
    endSession();
    sent.length = 0;
    await Promise.all(['low_10_w1.m4s', 'low_11_w1.m4s', 'low_12_w1.m4s', 'init_w1.mp4'].map(load));
    assert.equal(sent.filter((name) => name === 'a.m3u8').length, 1);
    assert.equal(sent.filter((name) => name === 'low_w2.m3u8').length, 1);
  });
});
