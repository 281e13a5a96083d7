import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { engineDefinitions } from '@gatecast/player/internal/engine/registry';
import { compareSources } from '@gatecast/player/internal/source/compare-sources';
import { describeEntries, sourceOrigins } from '@gatecast/player/internal/source/describe-source';
import { readSourceChildren } from '@gatecast/player/internal/source/read-source-children';
import { resolveSource, sourceFromUrl } from '@gatecast/player/internal/source/resolve-source';
import { buildVendorSource } from '@gatecast/player/internal/engine/nanoplayer/build-vendor-source';
import type { PlayerSource, SourceEntry } from '@gatecast/player';

const PAGE = 'https://page.example/watch/';
const hls = 'https://media.example/live/demo.m3u8';
const whep = 'https://rtc.example/whep/demo';
const resolve = (source: PlayerSource) => resolveSource(source, PAGE);

/** An element with `<source>` children, as far as the player reads it. */
function withChildren(...children: Record<string, string>[]): Element {
  const sources = children.map(({ src, ...dataset }) => ({
    dataset,
    names: [...(src === undefined ? [] : ['src']), ...Object.keys(dataset).map((name) => `data-${name}`)],
    getAttribute: (name: string) => (name === 'src' ? (src ?? null) : null),
  }));
  const querySelectorAll = (selector: string) =>
    sources.filter(({ names }) => names.some((name) => selector.includes(`[${name}]`)));
  return Object.assign(Object.create(null) as Element, { querySelectorAll });
}

describe('the WHEP address of an entry', () => {
  it('is the same in each notation, beside HLS', () => {
    const notations: PlayerSource[] = [
      { entries: [{ index: 0, hls, whep }] },
      { entries: [{ hls, whep }] },
      { hls, whep },
      { entries: [], hls, whep },
      { hls, whep: '//rtc.example/whep/../whep/demo' },
      readSourceChildren(withChildren({ src: hls, whep }), (src) => ({ hls: src })) ?? {},
      // With data-whep, src is HLS, whichever engine the page has chosen.
      readSourceChildren(withChildren({ src: hls, whep }), (src) => ({ whep: src })) ?? {},
    ];
    const [reference, ...others] = notations.map((each) => describeEntries(resolve(each)));
    assert.deepEqual(
      [reference?.[0]?.['url'], reference?.[0]?.['whepUrl'], reference?.[0]?.['stream']],
      [hls, whep, 'demo'],
    );
    for (const other of others) assert.deepEqual(other, reference);
  });

  it('is the same in each notation, alone', () => {
    const notations: PlayerSource[] = [
      { entries: [{ index: 0, whep }] },
      { whep },
      { entries: [{ hls: '', whep }] },
      sourceFromUrl({ whep }, null),
      readSourceChildren(withChildren({ src: whep }), (src) => ({ whep: src })) ?? {},
      readSourceChildren(withChildren({ whep }), (src) => ({ hls: src })) ?? {},
    ];
    for (const each of notations) {
      const { entries, extra, warnings } = resolve(each);
      const [{ url, whepUrl, stream } = { url: '', whepUrl: '', stream: '' }] = entries;
      assert.deepEqual([url, whepUrl, stream, extra, warnings], [null, whep, 'demo', {}, []]);
    }
  });

  it('may be missing in some children, and is enough in others', () => {
    const children = withChildren(
      { src: hls, whep },
      { whep: `${whep}-2` },
      { src: '/live/3.m3u8' },
      { height: '720' },
    );
    const { entries } = resolve(readSourceChildren(children, (src) => ({ hls: src })) ?? {});
    assert.deepEqual(
      entries.map(({ url, whepUrl, stream }) => [url, whepUrl, stream]),
      [
        [hls, whep, 'demo'],
        [null, `${whep}-2`, 'demo-2'],
        ['https://page.example/live/3.m3u8', null, '3'],
      ],
    );
  });

  const names: [SourceEntry, string][] = [
    [{ whep, stream: 'own' }, 'own'],
    [{ whep, h5live: { rtmp: { streamname: 'of-rtmp' } } }, 'of-rtmp'],
    [{ whep, hls: '/live/of-hls.m3u8' }, 'of-hls'],
    [{ whep, bintu: { streamid: 'of-bintu' } }, 'of-bintu'],
    [{ whep: '/whep/a%20b?x=/y' }, 'a b'],
  ];
  for (const [entry, name] of names)
    it(`names the stream last: ${name}`, () => {
      assert.equal(resolve({ entries: [entry] }).entries[0]?.stream, name);
    });

  it('is refused if it is not the URL of an HTTP endpoint, without the address in the message', () => {
    for (const wrong of ['data:application/sdp,secret', 'wss://rtc.example/secret', 'https://secret secret'])
      assert.throws(
        () => resolve({ hls, whep: wrong }),
        (error: unknown) => error instanceof TypeError && error.message.startsWith('whep is not'),
      );
  });

  it('may get tokens and connections as HLS does, and has no signed query in diagnostics', () => {
    const source = resolve({ hls, whep: `${whep}?signature=secret` });
    assert.deepEqual([...sourceOrigins(source)], ['https://media.example', 'https://rtc.example']);
    assert.doesNotMatch(JSON.stringify(describeEntries(source)), /secret/);
  });

  it('makes another source for a player that can play it, and for no other', () => {
    const [one, other] = [whep, `${whep}-2`].map((each) =>
      resolve({ entries: [{ whep: each, stream: 'a' }] }),
    );
    assert.ok(one && other);
    assert.equal(compareSources(one, other, engineDefinitions.hls).kind, 'none');
    assert.equal(compareSources(one, other, { canPlay: () => true }).kind, 'switch');
  });

  it('does not reach a vendor’s player', () => {
    const h5live = {
      rtmp: { url: 'rtmp://a.example/b', streamname: 'c' },
      server: { websocket: 'wss://a.example' },
    };
    const source = resolve({ entries: [{ hls, whep, h5live }] });
    const built = buildVendorSource({ source, tokens: new Map(), position: 0, rule: '', isPlaying: true });
    assert.doesNotMatch(JSON.stringify(built), /whep/);
  });
});
