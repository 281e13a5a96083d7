import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { buildDocs } from '../../demo/docs/.vitepress/build-docs.js';
import config from '../../demo/docs/.vitepress/config.js';

interface Index {
  search(words: string): { readonly id: string }[];
}

interface MiniSearch {
  loadJSON(json: string, options: object): Index;
}

/** The index of the built site, with the options of its search box. The library is the one that VitePress has. */
async function openIndex(folder: string): Promise<Index> {
  const ofVitePress = createRequire(createRequire(import.meta.url).resolve('vitepress/package.json'));
  const library = (await import(pathToFileURL(ofVitePress.resolve('minisearch')).href)) as {
    readonly default: MiniSearch;
  };
  const chunks = join(folder, 'assets/chunks');
  const name = readdirSync(chunks).find((file) => file.startsWith('@localSearchIndexroot'));
  assert.ok(name, 'The site has no search index.');
  const { default: json } = (await import(pathToFileURL(join(chunks, name)).href)) as {
    readonly default: string;
  };
  const { search } = config.themeConfig ?? {};
  assert.ok(search?.provider === 'local');
  return library.default.loadJSON(json, {
    fields: ['title', 'titles', 'text'],
    storeFields: ['title', 'titles'],
    // As in VPLocalSearchBox.vue of VitePress.
    searchOptions: {
      fuzzy: 0.2,
      prefix: true,
      boost: { title: 4, text: 2, titles: 1 },
      ...search.options?.miniSearch?.searchOptions,
    },
  });
}

/** What people type, and the page that helps them. */
const words: readonly (readonly [string, string])[] = [
  ['403 after some minutes', 'guide/it-does-not-play'],
  ['403', 'guide/it-does-not-play'],
  ['black screen', 'guide/it-does-not-play'],
  ['spinner', 'guide/it-does-not-play'],
  ['does not play', 'guide/it-does-not-play'],
  ['cors', 'guide/it-does-not-play'],
  ['safari', 'guide/it-does-not-play'],
  ['clock', 'guide/it-does-not-play'],
  ['mixed content', 'guide/it-does-not-play'],
  ['diagnostics', 'guide/it-does-not-play'],
  ['token expired', 'reference/errors'],
  ['signed url', 'quick-start/cdn'],
  ['updateSource', 'reference/'],
  ['updateSource', 'quick-start/h5live'],
  ['refresh token', 'quick-start/hls'],
  ['mux', 'issuers/mux'],
  ['cloudfront', 'issuers/cloudfront'],
  ['akamai', 'issuers/akamai-edgeauth'],
  ['whip', 'quick-start/whip'],
  ['react', 'quick-start/frameworks'],
  ['next.js', 'quick-start/frameworks'],
  ['vue', 'quick-start/frameworks'],
  ['csp', 'guide/security'],
  ['airplay', 'guide/receivers'],
  ['whep with hls', 'guide/whep-and-hls'],
  ['nanoplayer', 'quick-start/h5live'],
  ['change the token without a reload', 'guide/engines'],
  ['laptop wakes up', 'guide/it-does-not-play'],
  ['stops after sleep', 'guide/it-does-not-play'],
  ['retry after 403', 'guide/operations'],
  ['query string lost in segments', 'quick-start/hls'],
  ['safari segments 403', 'engines/native'],
  ['webrtc playback', 'engines/whep'],
  ['jitter buffer', 'engines/whep'],
  ['async token function', 'guide/your-endpoint'],
  ['clock skew', 'guide/it-does-not-play'],
  ['too many token requests', 'guide/operations'],
  ['broadcast reconnects', 'quick-start/webcaster'],
  ['login page', 'reference/errors'],
  ['withCredentials', 'engines/hls'],
  ['end a session', 'guide/operations'],
  ['several tabs', 'guide/tabs'],
  ['countdown', 'guide/go-live'],
  ['upload rate', 'guide/go-live'],
  ['picture in picture', 'guide/picture'],
  ['record a broadcast', 'guide/picture'],
  ['stereo music', 'guide/codecs'],
  ['simulcast', 'guide/sending'],
  ['iframe postMessage', 'guide/embed'],
  ['revoke a token', 'guide/revoke'],
  ['widevine', 'guide/drm'],
  ['ban a user', 'guide/revoke'],
  ['chromecast', 'guide/receivers'],
  ['shaka player', 'adapters/shaka-player'],
  ['video.js', 'adapters/video-js'],
  ['chromecast', 'guide/controls'],
  ['local network', 'guide/it-does-not-play'],
];

describe('the search of the documentation', () => {
  let index: Index;

  before(async () => {
    index = await openIndex((await buildDocs()).folder);
  });

  for (const [typed, page] of words)
    it(`has ${page} among its first three results for “${typed}”`, () => {
      const results = index.search(typed).map(({ id }) => id.replace(/^\/docs\/|\.html|#.*$/g, ''));
      assert.ok(results.slice(0, 3).includes(page), `It has ${results.slice(0, 5).join(', ')}.`);
    });
});
