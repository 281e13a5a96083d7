import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { PlayerOptions } from '@gatecast/player/internal/element/player-options';
import { isProtected, readSettings } from '@gatecast/player/internal/element/read-settings';
import { compareSources } from '@gatecast/player/internal/source/compare-sources';
import type { ResolvedSource } from '@gatecast/player/internal/source/player-source';
import { readVendorParameters } from '@gatecast/player/internal/source/read-vendor-parameters';
import { resolveSource, sourceFromUrl } from '@gatecast/player/internal/source/resolve-source';
import { engineDefinitions } from '@gatecast/player/internal/engine/registry';
import type { PlayerSource } from '@gatecast/player';
import { secretOf } from '@gatecast/token';
import { rememberSecret } from '@gatecast/token/internal/known-secrets';
import { notations } from './support/source-notations.js';

const PAGE = 'https://page.example/watch/';
const hls = 'https://media.example/live/demo-low.m3u8';
const stream = 'demo-low';
const security = { jwtoken: 'a.b.c' };

/** The options of a bare element. */
const bare: PlayerOptions = {
  tokenUrl: '',
  tokenCredentials: 'same-origin',
  tokenPlacement: 'query:token',
  tokenOrigins: '',
  refreshLead: 60,
  engine: 'auto',
  playlistSigner: '',
  nanoplayerSrc: '',
  refreshMode: 'eager',
  whepConfig: {},
  maxLiveLatency: 30,
  liveCatchUp: 'jump',
  wait: false,
  token: null,
  tokenSource: null,
  hlsConfig: {},
  cmcd: null,
  drm: null,
  nanoPlayerConfig: {},
  hasAttribute: () => false,
};

const resolve = (source: PlayerSource): ResolvedSource => resolveSource(source, PAGE);

/** What is played and how: all that a source decides, apart from what is kept for the vendor's player as it is. */
function outcome(source: ResolvedSource, options: PlayerOptions = bare) {
  const { token, placement, isProtected: isSourceProtected, tokens } = readSettings(options, source);
  return {
    entries: source.entries.map(({ raw: _, security: own, ...entry }) => ({
      ...entry,
      secret: own === null ? token && secretOf(token) : secretOf(own),
    })),
    startIndex: source.startIndex,
    rule: source.rule,
    warnings: source.warnings,
    placement,
    isSourceProtected,
    tokens,
  };
}

describe('the notations of one source', () => {
  const global = globalThis as { document?: unknown };
  before(() => (global.document = { baseURI: PAGE }));
  after(() => delete global.document);

  const reference = (given: typeof security | null) => {
    const entry = { index: 0, hls, stream, ...(given && { h5live: { security: given } }) };
    return outcome(resolve({ entries: [entry] }));
  };

  for (const [name, write] of Object.entries(notations)) {
    for (const given of [security, null]) {
      it(`resolve to the same source and settings: ${name}, ${given ? 'protected' : 'open'}`, () => {
        assert.deepEqual(outcome(resolve(write({ hls, stream, security: given }))), reference(given));
      });
    }
  }

  it('reads RTMP names in h5live.params, as the vendor’s player does since 3.10.1', () => {
    const server = { websocket: 'wss://a.example/x', hls: 'https://a.example/h/playlist.m3u8' };
    const names = { url: 'rtmp://a.example/live', stream: 'A-B' };
    const [entry] = resolveSource({ h5live: { server, params: names } }, 'https://page.example/').entries;
    assert.deepEqual([entry?.stream, entry?.hasH5live], ['A-B', true]);
    assert.match(entry?.url ?? '', /[?]url=rtmp.*&stream=A-B$/);
  });

  it('name the stream to a vendor’s server in the same way in a pasted source and in URL parameters', () => {
    const server = { hls: 'https://h5live.example/playlist.m3u8' };
    const rtmp = { url: 'rtmp://play.example/play', streamname: 'abc-0' };
    const parameters = new URLSearchParams({
      'h5live.server.hls': server.hls,
      'h5live.rtmp.url': rtmp.url,
      'h5live.rtmp.streamname': rtmp.streamname,
    });
    const pasted = outcome(resolve({ entries: [{ index: 0, h5live: { server, rtmp } }] }));
    const read = readVendorParameters(parameters, { allowedOrigins: ['https://h5live.example'] });
    assert.ok(read);
    assert.deepEqual(outcome(resolve(read)), pasted);
    assert.equal(
      pasted.entries[0]?.url,
      'https://h5live.example/playlist.m3u8?url=rtmp%3A%2F%2Fplay.example%2Fplay&stream=abc-0',
    );
  });

  it('include an address with a token in the token property', () => {
    const source = resolve(sourceFromUrl({ hls: '../live/demo-low.m3u8' }, null));
    const fromUrl = resolve(sourceFromUrl({ hls }, stream));
    assert.deepEqual(source.entries[0]?.stream, stream);
    assert.deepEqual(outcome(fromUrl, { ...bare, token: security.jwtoken }), reference(security));
  });

  it('use the token of the entry before that of its group and that of the page', () => {
    const source = resolve({
      entries: [
        { index: 0, hls, h5live: { security } },
        { index: 1, hls },
      ],
      group: { security: { jwtoken: 'of-the-group' } },
    });
    const secrets = source.entries.map(({ security: own }) => own?.jwtoken);
    assert.deepEqual(secrets, [security.jwtoken, 'of-the-group']);
  });

  it('sign nothing if security contains no token', () => {
    for (const empty of [{}, { jwtoken: '' }, { token: '', expires: '1', tag: '' }]) {
      const { placement } = readSettings(bare, resolve({ hls, h5live: { security: empty } }));
      assert.deepEqual(placement, { kind: 'none' });
    }
  });

  it('keep unknown members, and do not copy the source’s options to the entry of the old single form', () => {
    const { entries, extra, options } = resolve({ hls, label: 'one', own: 1, options: { adaption: {} } });
    assert.deepEqual(entries[0]?.raw, { index: 0, label: 'one', own: 1, hls });
    assert.deepEqual([extra['own'], options], [1, { adaption: {} }]);
  });

  it('differ only in their token between open and protected, in both directions', () => {
    const write = notations['entries with hls'];
    assert.ok(write);
    const open = resolve(write({ hls, stream, security: null }));
    const secured = resolve(write({ hls, stream, security }));
    assert.equal(compareSources(open, secured, engineDefinitions.hls).kind, 'security');
    assert.equal(compareSources(secured, open, engineDefinitions.hls).kind, 'none');
    assert.deepEqual([isProtected(bare, open), isProtected(bare, secured)], [false, true]);
    const withEndpoint = { ...bare, tokenUrl: '/api/tokens' };
    assert.deepEqual([isProtected(withEndpoint, open), isProtected(withEndpoint, secured)], [true, true]);
  });

  it('use the placement that the page has set by attribute or property', () => {
    const open = resolve({ hls });
    assert.deepEqual(readSettings({ ...bare, tokenPlacement: 'cookie' }, open).placement, {
      kind: 'none',
      credentials: 'include',
    });
    const byAttribute = { ...bare, hasAttribute: (name: string) => name === 'token-placement' };
    assert.deepEqual(readSettings(byAttribute, open).placement, { kind: 'query', name: 'token' });
    assert.deepEqual(readSettings(bare, open).placement, { kind: 'none' });
  });

  it('names the stream by the file, decoded where that is possible, whatever tokens the page knows', () => {
    rememberSecret('morning-show-2026-signature');
    for (const [file, name] of [
      ['100%.m3u8', '100%'],
      ['a%20b.M3U8?x=1#y', 'a b'],
      ['a.m3u8%3Ftoken=x', 'a'],
      ['morning-show-2026.m3u8', 'morning-show-2026'],
    ])
      assert.equal(resolve(sourceFromUrl({ hls: `/live/${file}` }, null)).entries[0]?.stream, name);
  });
});
