import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import {
  Authorizer,
  customSource,
  entryOf,
  parsePlacement,
  TokenManager,
  type MediaResponse,
} from '@gatecast/token';
import { EarlyRequests } from '@gatecast/player/internal/loading/early-requests';
import { PlaylistRereader } from '@gatecast/player/internal/loading/reread-playlist';
import { createBackend } from '../../demo/backend/backend.js';
import { describeScheme } from '../../demo/backend/schemes/describe-scheme.js';
import { findScheme, schemeTable } from '../../demo/backend/schemes/scheme-table.js';

const ORIGIN = 'https://media.example';
const STREAM = 'demo-vod';
/** Its token is in a header by an attribute of the page, of which the token endpoint knows nothing. */
const rows = schemeTable.filter(({ name, renewsFirst }) => name !== 'jwt-header' && !renewsFirst);
const backend = await createBackend();
const realFetch = globalThis.fetch;

/** What a page with a scheme has after its first token request, and the media requests that it sends from then on. */
async function open(scheme: string, query: string) {
  const row = findScheme(scheme);
  assert.ok(row, scheme);
  const { src, tokenUrl } = describeScheme(row);
  let playlists: Readonly<Record<string, string>> = {};
  let cookies: readonly string[] = [];
  const source = customSource(async (request) => {
    const response = await backend.fetch(
      new Request(`${ORIGIN}${tokenUrl}?ttl=60${query}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(request),
      }),
    );
    cookies = response.headers.getSetCookie().map((line) => line.split(';', 1)[0] ?? '');
    return (await response.json()) as { tokens: [] };
  });
  const tokens = new TokenManager({ source, purpose: 'playback' });
  const lease = tokens.lease({
    streams: [STREAM],
    onEvent: (event) => {
      if (event.type === 'playlists') playlists = event.playlists;
    },
  });
  const { value } = await tokens.get(STREAM);
  const entry = src === null ? entryOf(value, STREAM) : ORIGIN + src.replace('{stream}', STREAM);
  assert.ok(entry !== null, scheme);
  const asked: string[] = [];
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    asked.push(request.url);
    if (init?.credentials === 'include') request.headers.set('Cookie', cookies.join('; '));
    return backend.fetch(request);
  };
  const life = new AbortController();
  const authorizer = new Authorizer({ tokens, placement: parsePlacement('query:token'), origins: [entry] });
  const early = new EarlyRequests(authorizer, life.signal);
  early.offerPlaylists(playlists, ORIGIN);
  const end = (): void => {
    life.abort();
    lease.release();
  };
  return { entry, early, tokens, asked, playlists, end };
}

/** The playlists with which a player starts: the first one, its variants, and its default rendition. */
async function readAll({ entry, early }: Awaited<ReturnType<typeof open>>): Promise<MediaResponse[]> {
  const first = await early.playlist(entry, STREAM);
  const lines = String(first.data).split('\n');
  const uris = lines.flatMap((line) =>
    line.startsWith('#')
      ? line.includes('DEFAULT=YES')
        ? (/URI="([^"]*)"/.exec(line)?.[1] ?? [])
        : []
      : line === ''
        ? []
        : line,
  );
  assert.equal(uris.length, 4);
  const others = uris.map((uri) => early.playlist(new URL(uri, first.url).href, STREAM));
  return [first, ...(await Promise.all(others))];
}

/** Signatures, ends and the like differ between two tokens, as does the marker of a token in a path. */
const withoutTokens = (text: string): string =>
  text.replace(/\?[^\s"]*/g, '?…').replace(/\/(?:eyJ[^/\s]*|~[a-z\d]+~)\//g, `/${STREAM}/`);

describe('the playlists of the token response', () => {
  afterEach(() => {
    globalThis.fetch = realFetch;
  });

  for (const { name, label } of rows) {
    it(`save the requests for the first playlists: ${label}`, async () => {
      const page = await open(name, '&bootstrap');
      const offered = await readAll(page);
      page.end();
      assert.deepEqual(page.asked, []);

      const control = await open(name, '');
      const read = await readAll(control);
      control.end();
      assert.equal(control.asked.length, 5);
      const facts = (responses: MediaResponse[]) =>
        responses.map(({ url, status, data }) => [withoutTokens(url), status, withoutTokens(String(data))]);
      assert.deepEqual(facts(offered), facts(read));
    });
  }

  it('are not there if the answer of the media origin brings the cookie, which the page then needs', async () => {
    for (const { name } of schemeTable.filter(({ renewsFirst }) => renewsFirst)) {
      const { playlists, end } = await open(name, '&bootstrap');
      end();
      assert.deepEqual(playlists, {}, name);
    }
  });

  it('have no token in the keys of those whose token goes with each request', async () => {
    for (const { name, way } of rows.filter((row) => row.way === 'request')) {
      const { playlists, end } = await open(name, '&bootstrap');
      end();
      for (const key of Object.keys(playlists)) {
        assert.doesNotMatch(key, /[?]|eyJ/, `${name} (${way})`);
        assert.ok(key.includes(`/${STREAM}`), name);
      }
    }
  });

  it('are found at addresses in which another playlist has a token of this page', async () => {
    const page = await open('cloudflare-stream', '');
    await page.early.playlist(page.entry, STREAM);
    const token = /\/(eyJ[^/]+)\//.exec(page.asked[0] ?? '')?.[1] ?? '';
    const text = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n/cdn/own/' + token + '/low.m3u8\n';
    page.early.offerPlaylists(
      { [`${ORIGIN}/cdn/own.m3u8`]: text, [`${ORIGIN}/cdn/own/${token}/low.m3u8`]: '#EXTM3U\n' },
      ORIGIN,
    );
    const first = await page.early.take(`${ORIGIN}/cdn/own.m3u8`);
    page.end();
    const address = new URL(String(first?.data).trim().split('\n').at(-1) ?? '', first?.url).href;
    assert.ok(!address.includes(token));
    assert.equal((await page.early.take(address))?.data, '#EXTM3U\n');
  });

  it('are known to the code that exchanges the addresses in them', async () => {
    const page = await open('cloudfront-canned', '&bootstrap');
    const [first, variant] = await readAll(page);
    assert.ok(first && variant);
    const { early, tokens } = page;
    const rereader = new PlaylistRereader({
      send: (request) => early.send(request, { signal: new AbortController().signal }),
      serverNow: () => tokens.serverClock.now(),
      version: (stream) => tokens.peek(stream)?.version ?? null,
      leadMs: () => 60_000,
    });
    for (const playlist of early.playlists.values()) rereader.give(playlist);
    const { refused, sent } = await repeatRefused(rereader, variant.url);
    page.end();
    assert.equal(refused, 1);
    // The first playlist was read again, with its signed address.
    assert.match(page.asked.join('\n'), /\/cdn\/cloudfront-canned\/demo-vod\/index\.m3u8\?Expires=/);
    assert.equal(sent, 'answer');
  });
});

/** Sends a request for a playlist whose first answer is a refusal. */
async function repeatRefused(rereader: PlaylistRereader, url: string) {
  let refused = 0;
  const request = { url, stream: STREAM, responseType: 'text' } as const;
  const refusal = Object.assign(new Error('refused'), { code: 'source-failed', status: 403 });
  const send = async () => {
    refused += 1;
    if (refused === 1) throw refusal;
    return answer;
  };
  const answer: MediaResponse = {
    ...{ url, status: 200, data: 'answer', headers: new Headers() },
    timing: { startMs: 0, firstByteMs: 0, endMs: 0 },
  };
  const { data } = await rereader.request(request, send, new AbortController().signal);
  return { refused: refused - 1, sent: data };
}
