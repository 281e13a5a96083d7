import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, type MediaRequest, type MediaResponse } from '@gatecast/token';
import { PlaylistRereader } from '@gatecast/player/internal/loading/reread-playlist';
import { expandVariables } from '@gatecast/player/internal/loading/reread/expand-variables';

const ORIGIN = 'https://cdn.example';
const START_MS = 1_800_000_000_000;
const LIFE_S = 6;

/** Where the token of the segments is. */
type Form = 'VALUE' | 'IMPORT' | 'QUERYPARAM';

/** An origin whose playlists carry a token of six seconds in variables. It refuses every other request. */
function openOrigin(form: Form, isLive: boolean) {
  const origin = { nowMs: START_MS, refusals: [] as string[], sent: [] as string[] };
  const send = (request: MediaRequest): Promise<MediaResponse> => {
    const { pathname, searchParams } = new URL(request.url);
    origin.sent.push(pathname);
    const token = tokenAt(origin.nowMs);
    const end = Number(/^exp=(\d+)~hmac=[\da-f]{16}$/.exec(searchParams.get('hdnts') ?? '')?.[1] ?? 0);
    if (pathname !== '/index.m3u8' && end * 1000 <= origin.nowMs) {
      origin.refusals.push(pathname);
      return Promise.reject(new GatecastError('source-failed', 'refused', { hint: 'test', status: 403 }));
    }
    const sequence = isLive ? Math.floor((origin.nowMs - START_MS) / 2000) : 0;
    const define = {
      VALUE: `NAME="t",VALUE="${token}"`,
      IMPORT: 'IMPORT="t"',
      QUERYPARAM: 'QUERYPARAM="hdnts"',
    }[form];
    const name = form === 'QUERYPARAM' ? '{$hdnts}' : '{$t}';
    const data =
      pathname === '/index.m3u8'
        ? [
            '#EXTM3U',
            `#EXT-X-DEFINE:NAME="t",VALUE="${token}"`,
            '#EXT-X-DEFINE:NAME="folder",VALUE="live"',
            '#EXT-X-STREAM-INF:BANDWIDTH=500000',
            '{$folder}/low.m3u8?hdnts={$t}',
          ]
        : [
            '#EXTM3U',
            '#EXT-X-TARGETDURATION:2',
            `#EXT-X-MEDIA-SEQUENCE:${String(sequence)}`,
            `#EXT-X-DEFINE:${define}`,
            `#EXT-X-MAP:URI="init.mp4?hdnts=${name}"`,
            ...Array.from(
              { length: isLive ? 4 : 30 },
              (_, index) => `#EXTINF:2,\n${String(sequence + index)}.m4s?hdnts=${name}`,
            ),
            ...(isLive ? [] : ['#EXT-X-ENDLIST']),
          ];
    const timing = { startMs: 0, firstByteMs: 0, endMs: 0 };
    const body = pathname.endsWith('.m3u8') ? `${data.join('\n')}\n` : pathname;
    return Promise.resolve({ url: request.url, status: 200, data: body, headers: new Headers(), timing });
  };
  return Object.assign(origin, { send });
}

function tokenAt(nowMs: number): string {
  const end = Math.floor(nowMs / 1000) + LIFE_S;
  return `exp=${String(end)}~hmac=${end.toString(16).padStart(16, '0')}`;
}

/** The parser of hls.js, which reads what the rereader gives it. */
async function openEngine(form: Form, isLive: boolean) {
  Object.assign(globalThis, { self: globalThis });
  const { M3U8Parser } = await import('hls.js');
  const origin = openOrigin(form, isLive);
  const rereader = new PlaylistRereader({
    send: origin.send,
    serverNow: () => origin.nowMs,
    now: () => origin.nowMs,
    version: () => 1,
    leadMs: () => 60_000,
    random: () => 0.5,
  });
  const load = async (url: string, responseType: MediaRequest['responseType']): Promise<MediaResponse> => {
    const request: MediaRequest = { url, stream: 'a', responseType };
    const response = await rereader.request(request, origin.send, new AbortController().signal);
    return responseType === 'text' ? rereader.give({ request, response }) : response;
  };
  const multivariant = await load(`${ORIGIN}/index.m3u8`, 'text');
  const { levels, variableList } = M3U8Parser.parseMasterPlaylist(
    String(multivariant.data),
    multivariant.url,
  );
  const levelUrl = levels[0]?.url ?? '';
  const loadLevel = async () => {
    const { data, url } = await load(levelUrl, 'text');
    const details = M3U8Parser.parseLevelPlaylist(String(data), url, 0, 'main' as never, 0, variableList);
    assert.equal(details.playlistParsingError, null);
    return details;
  };
  return { origin, loadLevel, load };
}

describe('a playlist with a token in its variables', () => {
  for (const form of ['VALUE', 'IMPORT', 'QUERYPARAM'] as const) {
    it(`is read again before the token in ${form} ends, for a recording`, async () => {
      const { origin, loadLevel, load } = await openEngine(form, false);
      const { fragments } = await loadLevel();
      for (const { url } of fragments) {
        assert.equal((await load(url, 'arraybuffer')).data, new URL(url).pathname);
        origin.nowMs += 1500;
      }
      assert.deepEqual(origin.refusals, []);
      const count = (path: string): number => origin.sent.filter((each) => each === path).length;
      assert.equal(count('/live/29.m4s'), 1);
      // 45 s of tokens of six seconds.
      assert.ok(
        count('/live/low.m3u8') >= 7 && count('/live/low.m3u8') <= 14,
        `${count('/live/low.m3u8')} readings`,
      );
    });

    it(`is reloaded live over the end of the token in ${form}, with the init segment that the engine has`, async () => {
      const { origin, loadLevel, load } = await openEngine(form, true);
      const inits = new Set<string>();
      const played = new Set<string>();
      for (let step = 0; step < 20; step += 1) {
        const { fragments } = await loadLevel();
        const last = fragments.at(-1);
        inits.add(last?.initSegment?.url ?? '');
        if (last) played.add(String((await load(last.url, 'arraybuffer')).data));
        origin.nowMs += 2000;
      }
      assert.deepEqual(origin.refusals, []);
      assert.equal(played.size, 20);
      assert.equal(inits.size, 1);
    });
  }

  it('is the same text if it has no variables', () => {
    const text = '#EXTM3U\n#EXTINF:2,\n{$a}.ts\n';
    assert.equal(expandVariables({ text, baseUrl: ORIGIN }, undefined).text, text);
  });

  it('keeps what has no value, and lets no value end an attribute or a line', () => {
    const text =
      '#EXTM3U\n#EXT-X-DEFINE:QUERYPARAM="q"\n#EXT-X-DEFINE:IMPORT="x"\n#EXT-X-MAP:URI="{$q}{$x}"\n';
    const baseUrl = `${ORIGIN}/a.m3u8?q=1%22,X=%0A%23EXTINF`;
    const expanded = expandVariables({ text, baseUrl }, undefined).text;
    assert.ok(expanded.endsWith('#EXT-X-MAP:URI="1%22,X=#EXTINF{$x}"\n'));
  });

  it('does not grow without end', () => {
    const lines = Array.from({ length: 40 }, (_, at) => {
      const before = at === 0 ? 'x'.repeat(64) : `{$v${String(at - 1)}}`.repeat(8);
      return `#EXT-X-DEFINE:NAME="v${String(at)}",VALUE="${before}"`;
    });
    const { text } = expandVariables({ text: lines.join('\n'), baseUrl: ORIGIN }, undefined);
    assert.ok(text.length < 10_000_000, `${text.length} characters`);
  });
});
