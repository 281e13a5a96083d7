import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildVendorSource } from '@gatecast/player/internal/engine/nanoplayer/build-vendor-source';
import { EntrySelection } from '@gatecast/player/internal/engine/nanoplayer/entry-selection';
import { playableSource, type EngineName } from '@gatecast/player/internal/engine/registry';
import type { ResolvedSource } from '@gatecast/player/internal/source/player-source';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';
import type { PlayerSource } from '@gatecast/player';
import { EXAMPLE_TOKEN, vendorExamples } from './support/vendor-examples.js';

const PAGE = 'https://page.example/';
const resolve = (source: PlayerSource): ResolvedSource => resolveSource(source, PAGE);

/** What the vendor's player is given at its set-up, as JSON: undefined members do not reach it. */
function sentToVendor(source: ResolvedSource) {
  const playable = playableSource('nanoplayer', source);
  const selection = new EntrySelection(playable);
  const sent = buildVendorSource({
    source: playable,
    tokens: new Map(playable.entries.map(({ stream }) => [stream, EXAMPLE_TOKEN])),
    position: selection.position,
    rule: selection.rule,
    isPlaying: true,
  });
  return JSON.parse(JSON.stringify(sent)) as typeof sent & Record<string, unknown>;
}

/** Old members that version 5 does not read, and that version 4 reads only without `entries`. */
const OLD_MEMBERS = ['h5live', 'bintu', 'hls'];

describe('an example configuration of the vendor’s documentation', () => {
  for (const { page, name, source, streams, sent, hls } of vendorExamples) {
    it(`plays as pasted: ${name} (${page})`, () => {
      const pasted = structuredClone(source);
      const resolved = resolve(source);
      assert.deepEqual(source, pasted, 'the page’s object is not changed');
      assert.deepEqual(resolved.warnings, []);
      assert.deepEqual(
        resolved.entries.map(({ stream }) => stream),
        streams,
      );

      const addresses = resolved.entries.flatMap(({ url }) => url ?? []);
      assert.deepEqual(addresses, hls);
      for (const engine of ['hls', 'native'] satisfies EngineName[]) {
        if (hls.length > 0) assert.equal(playableSource(engine, resolved).entries.length, hls.length);
        else
          assert.throws(() => playableSource(engine, resolved), {
            code: 'source-missing',
            hint: /"hls" or "h5live\.server\.hls", or set engine="nanoplayer"/,
          });
      }

      if (Object.keys(sent).length === 0) {
        assert.throws(() => playableSource('nanoplayer', resolved), {
          hint: /"h5live" or "bintu\.streamid"/,
        });
        return;
      }
      const { connections, bintu, options, ...members } = sent;
      const given = sentToVendor(resolved);
      assert.deepEqual(
        given.entries?.map(({ h5live }) => h5live),
        connections,
      );
      if (bintu)
        assert.deepEqual(
          given.entries?.map((entry) => entry['bintu']),
          bintu,
        );
      if (options) assert.deepEqual(given.options, options);
      assert.deepEqual(
        {
          ...(given.startIndex !== undefined && { startIndex: given.startIndex }),
          ...Object.fromEntries(
            ['group', 'defaults', 'general'].flatMap((each) => (each in given ? [[each, given[each]]] : [])),
          ),
        },
        members,
      );
      assert.deepEqual(
        OLD_MEMBERS.filter((each) => each in given),
        [],
      );
      for (const [index, entry] of (given.entries ?? []).entries()) {
        assert.equal(entry.index, index);
        assert.ok(!('hls' in entry) && !('stream' in entry));
      }
    });
  }

  it('keeps its entry members: label, tag and info', () => {
    const { source } = vendorExamples.find(({ name }) => name === 'several entries with ABR') ?? {};
    assert.ok(source);
    const { entries = [] } = sentToVendor(resolve(source));
    assert.deepEqual(
      entries.map(({ label, tag, info }) => ({ label, tag, info })),
      source.entries?.map(({ label, tag, info }) => ({ label, tag, info })),
    );
  });

  it('may have null for a member that it does not set', () => {
    const [example] = vendorExamples;
    const pasted = JSON.parse(
      JSON.stringify({ ...example?.source, options: null, group: null, bintu: null, entries: null }),
    ) as PlayerSource;
    assert.equal(resolve(pasted).entries.length, 1);
    const entries = [{ hls: 'https://a.example/x.m3u8', h5live: null, info: null, bintu: null }];
    const withNulls = JSON.parse(JSON.stringify({ entries })) as PlayerSource;
    assert.equal(resolve(withNulls).entries[0]?.stream, 'x');
  });
});

describe('the token of an entry', () => {
  const h5live = {
    rtmp: { url: 'rtmp://play.example/play', streamname: 's' },
    server: { websocket: 'wss://h5live.example/stream.mp4' },
  };
  const written = (source: PlayerSource, token: Parameters<typeof buildVendorSource>[0]['tokens']) => {
    const [entry] =
      buildVendorSource({
        source: resolve(source),
        tokens: token,
        position: 0,
        rule: 'none',
        isPlaying: false,
      }).entries ?? [];
    return entry?.['h5live'];
  };

  it('goes back to h5live.token where the page has written one', () => {
    const source = { entries: [{ h5live: { ...h5live, token: 'old' } }] };
    assert.deepEqual(written(source, new Map([['s', { token: 'fresh' }]])), { ...h5live, token: 'fresh' });
  });

  it('replaces h5live.token when it is of another kind, so that no old token is sent', () => {
    const source = { entries: [{ h5live: { ...h5live, token: 'old' } }] };
    assert.deepEqual(written(source, new Map([['s', 'fresh-jwt']])), {
      ...h5live,
      security: { jwtoken: 'fresh-jwt' },
    });
  });

  it('is asked for by stream, stream name, HLS file and stream id, in this order', () => {
    const bintu = { streamid: 'an-id' };
    const hls = 'https://a.example/file.m3u8';
    const rtmp = { streamname: 'rtmp-name' };
    const names = [
      { stream: 'own', hls, bintu, h5live: { rtmp } },
      { hls, bintu, h5live: { rtmp } },
      { hls, bintu },
      { bintu, h5live: { server: { hls: 'https://a.example/playlist.m3u8' } } },
    ].map((entry) => resolve({ entries: [entry] }).entries[0]?.stream);
    assert.deepEqual(names, ['own', 'rtmp-name', 'file', 'an-id']);
  });
});

describe('a source that cannot be played', () => {
  const reasons: readonly (readonly [string, PlayerSource, RegExp])[] = [
    ['an empty source', {}, /The player has no source that it can play\.$/],
    [
      'an empty entry',
      { entries: [{}] },
      /Entry 0 .*"hls", "whep" or "bintu\.streamid" .*"h5live\.rtmp\.streamname"/,
    ],
    [
      'a stream name without a server',
      { entries: [{ index: 3, h5live: { rtmp: { url: 'rtmp://a.example/play', streamname: 's' } } }] },
      /Entry 3 .*needs "h5live\.server"\./,
    ],
    [
      'a server without a stream name',
      { entries: [{ h5live: { server: { websocket: 'wss://a.example/' } } }] },
      /"h5live\.rtmp\.streamname" and "h5live\.rtmp\.url"/,
    ],
    [
      'defaults without a stream name',
      { defaults: { service: 'bintu' }, entries: [{ h5live: {} }] },
      /needs "h5live\.rtmp\.streamname"\./,
    ],
    ['an empty stream id', { entries: [{ bintu: { streamid: '' } }] }, /"bintu\.streamid"/],
  ];
  for (const [name, source, message] of reasons) {
    it(`is refused with the name of the member: ${name}`, () => {
      assert.throws(() => resolve(source), { code: 'source-missing', message });
    });
  }

  it('names the member of an entry that is left out, and plays the others', () => {
    const { entries, warnings } = resolve({
      entries: [
        { index: 0, h5live: {} },
        { index: 1, hls: 'https://a.example/x.m3u8' },
      ],
    });
    assert.equal(entries.length, 1);
    assert.match(warnings[0] ?? '', /Entry 0 .*"h5live\.rtmp\.streamname"/);
  });
});
