import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jwtIssuer, type TokenIssuer } from '@gatecast/server';
import {
  bytesOf,
  createMediaWorld,
  keys,
  mediaPlaylist,
  mediaResponse,
  readAnswer,
  readToEnd,
  readUntil,
  settle,
  withLength,
  type MediaWorldOptions,
  type OriginRequest,
  type Viewer,
} from './support/media-world.js';

/** A stream without an init segment, so that each start is one request. */
const onePart = { playlist: () => mediaPlaylist('a').replace(/#EXT-X-MAP.*\n/, '') };

function createWorld(options: MediaWorldOptions = {}) {
  const world = createMediaWorld({ ...onePart, ...options });
  let users = 0;
  /** The response to the next user. */
  const start = (viewer: Viewer = {}) => world.ask({ viewer: { user: `u${(users += 1)}`, ...viewer } });
  const play = async (viewer?: Viewer) => readAnswer(await start(viewer));
  /** Two users who get the same media, after which others share them. */
  const prove = async (viewer?: Viewer) => {
    await Promise.all([play(viewer), play(viewer)]);
    await settle();
  };
  const count = () => world.asked.length;
  return { ...world, start, play, prove, count };
}

/** Media whose bytes the test sends. */
function createTap() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  return {
    respond: () => new Response(readable, { headers: { 'Content-Length': '8' } }),
    send: (text: string) => writer.write(Buffer.from(text)),
    close: () => writer.close(),
  };
}

const tokenOf = ({ url }: Pick<OriginRequest, 'url'>) => url.searchParams.get('token') ?? '';

describe('media of the first response', () => {
  it('are fetched for two users and then shared for the duration of a segment', async () => {
    const { play, count, clock } = createWorld();
    const answers = await Promise.all(Array.from({ length: 20 }, () => play()));
    assert.ok(answers.every(({ names }) => names.join() === 'a-4.m4s'));
    assert.equal(count(), 2);
    clock.nowMs += 1999;
    await play();
    assert.equal(count(), 2);
    clock.nowMs += 1;
    await play();
    assert.equal(count(), 3, 'the next segment needs one request, because two users had the same before');
    clock.nowMs += 60_000;
    await play();
    await play();
    assert.equal(count(), 5, 'after a minute, two users are compared again');
  });

  it('are shared while they are still coming, and not cut if the first viewer leaves', async () => {
    const tap = createTap();
    let isTapped = false;
    const { start, prove, count, clock, asked } = createWorld({
      media: (request) => (isTapped ? tap.respond() : mediaResponse(request)),
    });
    await prove();
    isTapped = true;
    clock.nowMs += 2000;
    const readers = (await Promise.all([start(), start(), start()])).map((response) => {
      assert.ok(response.body);
      return response.body.getReader();
    });
    assert.equal(count(), 3);
    await tap.send('half');
    for (const reader of readers) await readUntil(reader, '\r\n\r\nhalf');
    await readers[0]?.cancel();
    await settle();
    assert.equal(asked[2]?.signal?.aborted, false);
    await tap.send('rest');
    await tap.close();
    for (const reader of readers.slice(1)) await readUntil(reader, 'rest');
    for (const reader of readers.slice(1)) await readToEnd(reader);
  });

  it('are no longer fetched when the last viewer has left, and fetched again for the next', async () => {
    let isHanging = false;
    const { start, prove, play, count, clock, asked } = createWorld({
      media: (request) => (isHanging ? new Promise(() => undefined) : mediaResponse(request)),
    });
    await prove();
    const isAborted = () => asked[2]?.signal?.aborted;
    isHanging = true;
    clock.nowMs += 2000;
    const [one, other] = await Promise.all([start(), start()]);
    assert.equal(count(), 3);
    await one.body?.cancel();
    await settle();
    assert.equal(isAborted(), false);
    await other.body?.cancel();
    await settle();
    assert.equal(isAborted(), true);
    isHanging = false;
    assert.deepEqual((await play()).names, ['a-4.m4s']);
    assert.equal(count(), 4);
  });

  const jwt = jwtIssuer({ keys });
  /** This scheme has no fields for the restrictions of a grant. */
  const issuer: TokenIssuer = {
    issue: ({ grant, ...request }) => jwt.issue({ ...request, grant: { ...grant, restrictions: {} } }),
  };
  const others: Readonly<Record<string, readonly [Viewer, Viewer]>> = {
    claims: [{ claims: { plan: 'free' } }, { claims: { plan: 'premium' } }],
    restrictions: [{ restrictions: { ip: '192.0.2.1' } }, { restrictions: { ip: '192.0.2.2' } }],
  };
  for (const [what, [one, other]] of Object.entries(others)) {
    it(`are not shared between viewers with other ${what}`, async () => {
      const { play, prove, count } = createWorld({ handler: { issuers: { playback: issuer } } });
      await prove(one);
      await play(one);
      assert.equal(count(), 2);
      await play(other);
      assert.equal(count(), 3);
    });
  }

  it('are not shared between streams with the same segment', async () => {
    const { ask, prove, count } = createWorld();
    await prove();
    await readAnswer(await ask({ viewer: { user: 'other' }, stream: 'high' }));
    assert.equal(count(), 3);
  });

  it('are shared with the same user, and never without a user', async () => {
    const { play, count } = createWorld();
    await play({ user: 'u' });
    await play({ user: 'u' });
    assert.equal(count(), 1);
    const anonymous = createMediaWorld(onePart);
    for (const expected of [1, 2, 3]) {
      await readAnswer(await anonymous.ask());
      assert.equal(anonymous.asked.length, expected);
    }
  });

  it('are not shared with cacheMs: 0', async () => {
    const { play, count } = createWorld({ bootstrap: { cacheMs: 0 } });
    for (const expected of [1, 2, 3]) {
      await play();
      assert.equal(count(), expected);
    }
  });

  it('are never those of another user if the origin marks them for each user', async () => {
    const { start, clock } = createWorld({
      media: (request) => withLength(Buffer.from(tokenOf(request))),
    });
    for (let round = 0; round < 3; round += 1) {
      const responses = await Promise.all(Array.from({ length: 8 }, () => start()));
      for (const response of responses) {
        const { json, parts } = await readAnswer(response);
        assert.equal(parts[0]?.bytes.toString(), json.tokens[0]?.token);
      }
      clock.nowMs += 2000;
    }
  });

  it('are not shared if their addresses are signed for each viewer', async () => {
    const { start, prove, count, asked } = createWorld({
      playlist: (_, url) =>
        onePart.playlist().replaceAll('.m4s', `.m4s?sig=${(url.searchParams.get('token') ?? '').slice(-20)}`),
    });
    await prove();
    const { json } = await readAnswer(await start());
    assert.equal(count(), 3);
    const mark = json.tokens[0]?.token?.slice(-20);
    assert.equal(asked[2]?.url.searchParams.get('sig'), mark);
    assert.ok(mark !== undefined && json.media?.[0]?.url.endsWith(mark));
  });

  it('of a comparison that fails are requested by each viewer', async () => {
    let requests = 0;
    const { play } = createWorld({
      media: (request) =>
        (requests += 1) === 1 ? Promise.reject(new TypeError('fetch failed')) : mediaResponse(request),
      bootstrap: { pauseMs: 0 },
    });
    const answers = await Promise.all([play(), play(), play()]);
    assert.deepEqual(answers.map(({ names }) => names.length).sort(), [0, 1, 1]);
  });

  it('take no more memory than the limit, and the oldest make room', async () => {
    const size = bytesOf('a-4.m4s').length;
    const { ask, count } = createWorld({
      playlist: (name) => mediaPlaylist(name),
      bootstrap: {
        media: { memoryBytes: 2 * size + 100, firstByteMs: 60_000, timeoutMs: 60_000 },
      },
      media: () => withLength(Buffer.alloc(size)),
    });
    const play = async (stream: string) => readAnswer(await ask({ viewer: { user: 'u' }, stream }));
    assert.equal((await play('s1')).names.length, 2);
    assert.equal(count(), 2);
    await play('s1');
    assert.equal(count(), 2, 'both were kept');
    await play('s2');
    assert.equal(count(), 4);
    await play('s1');
    assert.equal(count(), 6, 'those of s2 had taken their place');
  });

  it('of viewers that do not read use no memory after they have left', async () => {
    const size = 1000;
    const { ask } = createWorld({
      bootstrap: {
        cacheMs: 0,
        pauseMs: 0,
        media: { memoryBytes: size, firstByteMs: 60_000, timeoutMs: 60_000 },
      },
      media: () => withLength(Buffer.alloc(size)),
    });
    const stalled = await ask();
    await settle();
    assert.deepEqual((await readAnswer(await ask())).names, [], 'there was room for a second');
    await stalled.body?.cancel();
    await settle();
    assert.deepEqual((await readAnswer(await ask())).names, ['a-4.m4s']);
  });
});
