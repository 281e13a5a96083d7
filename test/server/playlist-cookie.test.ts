import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createPlaylistCookie,
  generateSigningKey,
  type LogFields,
  type PlaylistCookie,
} from '@gatecast/server';
import { grantFor, requestWith } from './support/playlist-cookies.js';

const NOW_MS = 1_708_457_000_000;
const { key } = await generateSigningKey({ kid: 'k1' });
const keys = createKeySet([key]);

function setUp(options: Partial<Parameters<typeof createPlaylistCookie>[0]> = {}) {
  const clock = { nowMs: NOW_MS };
  const cookie = createPlaylistCookie({ keys, now: () => clock.nowMs, ...options });
  const grant = (stream: string, part: Parameters<typeof grantFor>[1] = {}) =>
    grantFor(stream, part, clock.nowMs);
  return { clock, cookie, grant };
}

async function streamsIn(cookie: PlaylistCookie, ...setCookies: (string | null)[]): Promise<string[]> {
  const { grants } = await cookie.read(requestWith(setCookies));
  return grants.map(({ stream }) => stream);
}

describe('createPlaylistCookie', () => {
  it('sets an HttpOnly cookie that only this host can set, for https', async () => {
    const { cookie, grant } = setUp();
    const value = await cookie.cookie(requestWith([]), { user: 'u', granted: [grant('a')] });
    assert.match(value ?? '', /^__Host-gatecast_playlists=/);
    assert.match(value ?? '', /; Path=\/; Max-Age=300; HttpOnly; SameSite=Lax; Secure$/);
  });

  it('sets a plain cookie for http, and __Secure- with a path of its own', async () => {
    const { cookie, grant } = setUp();
    const plain = await cookie.cookie(requestWith([], 'http://localhost/'), {
      user: 'u',
      granted: [grant('a')],
    });
    assert.match(plain ?? '', /^gatecast_playlists=/);
    assert.doesNotMatch(plain ?? '', /Secure/);
    const { cookie: narrow } = setUp({ path: '/api/' });
    const value = await narrow.cookie(requestWith([]), { user: 'u', granted: [grant('a')] });
    assert.match(value ?? '', /^__Secure-gatecast_playlists=.*; Path=\/api\/; .*; Secure$/);
  });

  it('is kept for each site around a frame with partitioned, also when it is removed', async () => {
    const { cookie, grant } = setUp({ partitioned: true });
    for (const address of ['https://example.com/', 'http://localhost/']) {
      const value = await cookie.cookie(requestWith([], address), { user: 'u', granted: [grant('a')] });
      assert.match(value ?? '', /^__Host-.*; SameSite=None; Secure; Partitioned$/);
      assert.deepEqual(await streamsIn(cookie, value), ['a']);
      const removed = await cookie.cookie(requestWith([value], address), { user: 'u', refused: 'all' });
      assert.match(removed ?? '', /Max-Age=0; HttpOnly; SameSite=None; Secure; Partitioned$/);
    }
    assert.throws(() => setUp({ partitioned: true, sameSite: 'Lax' }), /needs sameSite "None"/);
    assert.throws(() => setUp({ partitioned: true, secure: false }), /needs secure/);
  });

  it('is Secure behind a proxy that reports https', async () => {
    const { cookie, grant } = setUp();
    const change = { user: 'u', granted: [grant('a')] };
    const request = requestWith([], 'http://backend.internal/');
    const value = await cookie.cookie(request, change, { protocol: 'https' });
    assert.match(value ?? '', /^__Host-.*; Secure$/);
    const read = requestWith([value], 'http://backend.internal/');
    assert.equal((await cookie.read(read, { protocol: 'https' })).grants[0]?.stream, 'a');
  });

  it('is Secure for each spelling of https, and not for http', async () => {
    const { cookie, grant } = setUp();
    const change = { user: 'u', granted: [grant('a')] };
    for (const [protocol, isSecure] of [
      ['https:', true],
      ['HTTPS', true],
      ['wss', true],
      ['http', false],
      ['HTTP:', false],
    ] as const) {
      // Plain JavaScript may pass what `URL` has.
      const client = { protocol: protocol as 'https' };
      const value = await cookie.cookie(requestWith([], 'https://backend.internal/'), change, client);
      assert.equal(value?.startsWith('__Host-') && value.endsWith('; Secure'), isSecure, protocol);
    }
  });

  it('carries claims, restrictions, id and the end of the token, not its own lifetime', async () => {
    const { cookie, grant, clock } = setUp();
    const granted = [
      grant('short', { expiresAt: NOW_MS / 1000 + 30, claims: { plan: 'gold', deep: [{ a: 1 }] }, id: 'j1' }),
      grant('long', { restrictions: { ip: '192.0.2.1' } }),
    ];
    const value = await cookie.cookie(requestWith([]), { user: 'u', session: 's', granted });
    const { grants } = await cookie.read(requestWith([value]));
    assert.deepEqual(grants, [
      { ...granted[0], user: 'u', session: 's' },
      { ...granted[1], expiresAt: NOW_MS / 1000 + 300, user: 'u', session: 's' },
    ]);
    clock.nowMs += 30_000;
    assert.deepEqual(await streamsIn(cookie, value), ['long']);
  });

  it('adds streams to those of the same user and drops those of another user or of none', async () => {
    const { cookie, grant } = setUp();
    const first = await cookie.cookie(requestWith([]), { user: 'u1', granted: [grant('a')] });
    const add = (user: string | undefined) =>
      cookie.cookie(requestWith([first]), { user, granted: [grant('b')] });
    assert.deepEqual(await streamsIn(cookie, await add('u1')), ['b', 'a']);
    assert.deepEqual(await streamsIn(cookie, await add('u2')), ['b']);
    assert.deepEqual(await streamsIn(cookie, await add(undefined)), ['b']);
  });

  it('is removed when another user gets nothing, and stays as it is for the same user', async () => {
    const { cookie, grant } = setUp();
    const first = await cookie.cookie(requestWith([]), { user: 'u1', granted: [grant('a'), grant('b')] });
    const change = (part: object) => cookie.cookie(requestWith([first]), { user: 'u1', ...part });
    assert.equal(await change({}), null);
    assert.match((await change({ user: 'u2' })) ?? '', /^__Host-gatecast_playlists=; Path=\/; Max-Age=0; /);
    assert.deepEqual(await streamsIn(cookie, await change({ refused: ['a'] })), ['b']);
  });

  it('does not renew the end of a stream that was not requested again', async () => {
    const { cookie, grant, clock } = setUp();
    const first = await cookie.cookie(requestWith([]), {
      user: 'u',
      granted: [grant('withdrawn'), grant('watched')],
    });
    clock.nowMs += 200_000;
    const second = await cookie.cookie(requestWith([first]), { user: 'u', granted: [grant('watched')] });
    assert.deepEqual((await streamsIn(cookie, second)).toSorted(), ['watched', 'withdrawn']);
    clock.nowMs += 200_000;
    assert.deepEqual(await streamsIn(cookie, second), ['watched']);
  });

  it('is not locked out by other cookies of the same name', async () => {
    const { cookie, grant } = setUp({ secure: false });
    const good = await cookie.cookie(requestWith([]), { user: 'u', granted: [grant('a')] });
    const { key: foreign } = await generateSigningKey({ kid: 'k1' });
    const mallory = createPlaylistCookie({ keys: createKeySet([foreign]), now: () => NOW_MS, secure: false });
    const forged = await mallory.cookie(requestWith([]), { user: 'm', granted: [grant('b')] });
    const garbage = ['gatecast_playlists=', 'gatecast_playlists=%', 'gatecast_playlists=a.b.c', forged];
    assert.deepEqual(await streamsIn(cookie, ...garbage, good), ['a']);
    assert.deepEqual(await streamsIn(cookie, good, ...garbage), ['a']);
    await assert.rejects(streamsIn(cookie, ...garbage), { code: 'playlist-cookie-invalid' });
  });

  it('ignores a cookie without prefix over https', async () => {
    const { cookie, grant } = setUp();
    const plain = await cookie.cookie(requestWith([], 'http://page.test/'), {
      user: 'm',
      granted: [grant('b')],
    });
    await assert.rejects(streamsIn(cookie, plain), { code: 'playlist-cookie-missing' });
  });

  it('stays below the size that browsers store, and logs the streams that do not fit', async () => {
    const lines: LogFields[] = [];
    const drop = () => undefined;
    const warn = (fields: LogFields) => void lines.push(fields);
    const { cookie, grant } = setUp({ logger: { debug: drop, info: drop, error: drop, warn } });
    const names = Array.from({ length: 32 }, (_, index) => `${'ü'.repeat(100)}${index}`);
    const claims = { roles: Array.from({ length: 40 }, (_, index) => `role-${index}`) };
    const value = await cookie.cookie(requestWith([]), {
      user: 'u',
      granted: names.map((name) => grant(name, { claims })),
    });
    assert.ok((value?.split(';')[0] ?? '').length <= 4096, `the cookie has ${value?.length} characters`);
    const { grants } = await cookie.read(requestWith([value]));
    assert.ok(grants.length >= 5, `only ${grants.length} streams`);
    assert.deepEqual(
      grants.map(({ stream }) => stream),
      names.slice(0, grants.length),
    );
    for (const each of grants) assert.deepEqual(each.claims, claims);
    assert.deepEqual(
      lines.map((fields) => fields['streams']),
      [names.slice(grants.length)],
    );
  });

  it('leaves out a stream whose claims do not fit, and keeps the others', async () => {
    const { cookie, grant } = setUp();
    const granted = [grant('big', { claims: { text: 'x'.repeat(4000) } }), grant('small')];
    const value = await cookie.cookie(requestWith([]), { user: 'u', granted });
    assert.deepEqual(await streamsIn(cookie, value), ['small']);
  });
});
