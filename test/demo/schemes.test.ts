import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { TokenItem } from '@gatecast/contract';
import { type Backend, createBackend } from '../../demo/backend/backend.js';
import type { SchemeCount } from '../../demo/backend/schemes/scheme-counts.js';
import type { SchemeRow } from '../../demo/backend/schemes/scheme-row.js';
import { referenceCheck } from '../doubles/reference-checks/reference-check.js';
import { schemeTable } from '../../demo/backend/schemes/scheme-table.js';

const ORIGIN = 'http://127.0.0.1:5173';
/** Not before the clock of the issuers, which write it as the begin of a token. */
let nowMs = Date.now();
const now = (): number => nowMs;
const backends = {
  'the check of the issuer': await createBackend({ now }),
  'a check that shares no code with it': await createBackend({ now, schemeCheck: referenceCheck }),
};
let backend: Backend = backends['the check of the issuer'];

/** A token as a client has it: the item of the answer, and the cookies that came with it. */
interface Held {
  readonly item: TokenItem;
  readonly cookies: readonly string[];
}

async function mint({ name }: SchemeRow, stream = 'demo', ttl = 60): Promise<Held> {
  const response = await backend.fetch(
    new Request(`${ORIGIN}/api/schemes/${name}/tokens?ttl=${ttl}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ purpose: 'playback', streams: [stream], reason: 'initial' }),
    }),
  );
  assert.equal(response.status, 200, name);
  const { tokens } = (await response.json()) as { tokens: TokenItem[] };
  assert.ok(tokens[0], name);
  return { item: tokens[0], cookies: cookiesOf(response) };
}

const cookiesOf = ({ headers }: Response): string[] =>
  headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '');

const entryOf = ({ name, entry = '{stream}/index.m3u8' }: SchemeRow, stream = 'demo'): string =>
  `${ORIGIN}/cdn/${name}/${entry.replace('{stream}', stream)}`;

/** The request for the first playlist, or for an address of a playlist. */
function place(row: SchemeRow, { item, cookies }: Held, address: string, isEntry = true): Request {
  const headers = new Headers(item.headers);
  const fields = new Map(Object.entries(item.query ?? {}));
  if (item.token !== undefined) {
    if (row.carriers.headers?.includes('authorization')) headers.set('Authorization', `Bearer ${item.token}`);
    else fields.set('token', item.token);
  }
  if (item.cookie && cookies.length > 0) headers.set('Cookie', cookies.join('; '));
  if (isEntry && item.url !== undefined) return new Request(item.url, { headers });
  const path = new URL(address).pathname;
  // The address of a playlist has the prefix of the one above it.
  const placed =
    item.path === undefined || path.startsWith(item.path)
      ? path
      : item.path.startsWith('/')
        ? item.path.replace(/\/$/, '') + path
        : path.replace('/demo/', `/${item.path}/`);
  const query = [...fields].map(([name, value]) => `${name}=${value}`).join('&');
  return new Request(`${ORIGIN}${placed}${query === '' ? '' : `?${query}`}`, { headers });
}

async function statusOf(request: Request): Promise<number> {
  const { status } = await backend.fetch(request);
  return status;
}

async function fault(patch: object): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(patch) };
  assert.ok((await backend.fetch(new Request(`${ORIGIN}/api/qa/faults`, init))).ok);
}

const withField = (request: Request, field: string): Request =>
  new Request(`${request.url}${request.url.includes('?') ? '&' : '?'}${field}`, request);

function addressesOf(playlist: string, base: string): string[] {
  return [...playlist.matchAll(/^([^#\s].*)$|URI="([^"]*)"/gm)].map(
    ([, line, attribute]) => new URL(line ?? attribute ?? '', base).href,
  );
}

async function countOf(scheme: string): Promise<SchemeCount> {
  const response = await backend.fetch(new Request(`${ORIGIN}/api/schemes/counts`));
  const { counts } = (await response.json()) as { counts: SchemeCount[] };
  const found = counts.find((each) => each.scheme === scheme && each.stream === 'demo');
  assert.ok(found, scheme);
  return found;
}

/** The same request with one character changed, in one of its tokens after the other. */
function tampered({ carriers }: SchemeRow, request: Request): [string, Request][] {
  const { query = [], cookies = [], headers = [], path } = carriers;
  const changedUrl = (before: RegExp): Request =>
    new Request(
      request.url.replace(before, (_, start: string, value: string) => start + changed(value)),
      request,
    );
  const inUrl = query
    .filter((name) => new RegExp(`[?&]${name}=`).test(request.url))
    .map((name): [string, Request] => [name, changedUrl(new RegExp(`([?&]${name}=)([^&]*)`))]);
  const inHeaders = [...headers, ...(cookies.length > 0 ? ['cookie'] : [])].flatMap((header) => {
    const text = request.headers.get(header);
    if (text === null) return [];
    const texts =
      header === 'cookie'
        ? cookies.map((name) =>
            text.replace(
              new RegExp(`(${name}=)([^;]*)`),
              (_, start: string, value: string) => start + changed(value),
            ),
          )
        : [text.replace(/\S+$/, changed)];
    return texts.map((each): [string, Request] => {
      const copy = new Request(request);
      copy.headers.set(header, each);
      return [header, copy];
    });
  });
  const inPath = path === undefined ? [] : [changedUrl(/(\/)(eyJ[^/?]*|[^/?]*=[^/?]*)/)];
  return [...inUrl, ...inHeaders, ...inPath.map((each): [string, Request] => ['path', each])];
}

/** Changes the letter or digit in the middle of a token. */
function changed(value: string): string {
  const places = [...value.matchAll(/(?<!%.?)[A-Za-z\d]/g)];
  const { index, 0: old } = places[Math.floor(places.length / 2)] ?? assert.fail('no token');
  const other = /\d/.test(old) ? String((Number(old) + 1) % 10) : old === 'a' ? 'b' : 'a';
  return value.slice(0, index) + other + value.slice(index + 1);
}

for (const [judge, used] of Object.entries(backends))
  for (const row of schemeTable) {
    describe(`the origin of ${row.label}, with ${judge}`, () => {
      before(() => {
        backend = used;
      });

      it('serves every playlist and segment to a right token, and refuses all others', async () => {
        let held = await mint(row);
        const entry = place(row, held, entryOf(row));
        const first = await backend.fetch(entry);
        assert.equal(first.status, 200);
        if (row.renewsFirst) held = { ...held, cookies: cookiesOf(first) };
        const playlists = addressesOf(await first.text(), entry.url.replace(/\?.*/s, ''));
        assert.equal(playlists.length, 6);
        const isWritten = row.way === 'playlists';
        for (const address of playlists) {
          if (address.includes('/elsewhere/')) {
            assert.notEqual(new URL(address).origin, ORIGIN);
            assert.equal(await statusOf(new Request(address)), 200);
            continue;
          }
          const request = isWritten ? new Request(address) : place(row, held, address, false);
          const response = await backend.fetch(request);
          assert.equal(response.status, 200, `${row.name}: a media playlist`);
          const [init = '', segment = ''] = addressesOf(await response.text(), address.replace(/\?.*/s, ''));
          for (const media of [init, segment]) {
            const own = isWritten ? new Request(media) : place(row, held, media, false);
            assert.equal(await statusOf(own), 200, `${row.name}: a segment`);
          }
        }
        if (isWritten) {
          // The token of the page opens the first playlist only.
          const [media = ''] = playlists;
          const swapped = place(row, held, media.replace(/\?.*/s, ''), false);
          assert.ok([401, 403].includes(await statusOf(swapped)), `${row.name}: a page's token for a child`);
        }
        const bare = await backend.fetch(new Request(entryOf(row).replace('{stream}', 'demo')));
        assert.ok([401, 403, 404].includes(bare.status), `${row.name} without a token: ${bare.status}`);
      });

      it('refuses a token with one other character', async () => {
        const entry = place(row, await mint(row), entryOf(row));
        assert.equal(await statusOf(entry), 200);
        const requests = tampered(row, entry);
        assert.ok(requests.length > 0);
        for (const [where, request] of requests)
          assert.ok([401, 403, 404].includes(await statusOf(request)), `${row.name}: ${where}`);
      });

      it('refuses a token that has ended, is for another stream, or is not alone', async () => {
        const held = await mint(row);
        const entry = (): Request => place(row, held, entryOf(row));
        assert.equal(await statusOf(entry()), 200);
        const { foreign } = await countOf(row.name);
        assert.equal(await statusOf(withField(entry(), 'other=1')), 403);
        const twice = entry();
        twice.headers.append('DPoP', 'x');
        assert.equal(await statusOf(twice), 403);
        assert.equal((await countOf(row.name)).foreign, foreign + 2);
        const other = await mint(row, 'demo-vod');
        if (other.item.url === undefined && row.carriers.path !== 'segment')
          assert.equal(await statusOf(place(row, other, entryOf(row))), 403, 'a token of another stream');
        await fault({ expireNow: true });
        assert.equal(await statusOf(entry()), 403, 'a token that was revoked');
        const later = await mint(row);
        assert.equal(await statusOf(place(row, later, entryOf(row))), 200, 'a token after that');
        await mint(row, 'demo', 5);
        await fault({ expireNow: true });
        const revoked = place(row, later, entryOf(row));
        assert.equal(await statusOf(revoked), 403, 'a token that outlives the newest, revoked');
        nowMs += 62_000;
        assert.equal(await statusOf(entry()), 403, 'a token that has ended');
      });
    });
  }

describe('the origin without tokens', () => {
  it('counts every token that arrives', async () => {
    const address = `${ORIGIN}/cdn/open/demo/index.m3u8`;
    assert.equal(await statusOf(new Request(address)), 200);
    assert.equal(await statusOf(new Request(`${address}?_HLS_msn=1`)), 200);
    assert.equal(await statusOf(new Request(`${address}?token=x`)), 403);
    const headers = { Authorization: 'Bearer x' };
    assert.equal(await statusOf(new Request(address, { headers })), 403);
    assert.equal((await countOf('open')).foreign, 2);
  });
});

describe('the request log', () => {
  it('has no token of a scheme', async () => {
    const secrets: string[] = [];
    for (const row of schemeTable) {
      const held = await mint(row);
      await backend.fetch(place(row, held, entryOf(row)));
      const { token, path, query = {} } = held.item;
      secrets.push(
        ...[token, path, ...Object.values(query)].filter((text) => (text?.length ?? 0) > 20).map(String),
      );
    }
    const log = await (await backend.fetch(new Request(`${ORIGIN}/api/qa/log`))).text();
    assert.ok(secrets.length > 0);
    for (const secret of secrets) assert.ok(!log.includes(secret));
  });
});
