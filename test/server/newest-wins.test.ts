import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import {
  createKeySet,
  createRevocations,
  createTokenHandler,
  generateSigningKey,
  jwtIssuer,
  memoryUsageStore,
  type UsageStore,
} from '@gatecast/server';
import { redisUsageStore } from '@gatecast/server/redis';
import { CookieJar } from './support/cookie-jar.js';
import { EventReader } from './support/read-events.js';
import { startRedis, withoutRedis, type RunningRedis } from './support/redis-server.js';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const keys = createKeySet([key]);
const LIFE_MS = 60_000;

/** What both kinds of store must do where the newest viewers count. */
function placeTests(create: () => UsageStore): void {
  function viewersOf(max: number) {
    const store = create();
    const user = randomUUID();
    const clock = { nowMs: Date.now() };
    const ask = async (isStart: boolean, ...watched: string[]) => {
      const times = { nowMs: clock.nowMs, untilMs: clock.nowMs + LIFE_MS };
      const result = await store.take?.({ user, watched, max, ...times, isStart });
      assert.ok(result);
      if (result.isAllowed) return result.lost;
      return result.hasMoved === true ? 'moved' : 'refused';
    };
    return { clock, start: ask.bind(null, true), renew: ask.bind(null, false) };
  }

  it('give the place of the oldest viewer to the newest one, until the oldest starts again', async () => {
    const { start, renew } = viewersOf(2);
    assert.deepEqual(await start('one'), []);
    assert.deepEqual(await start('two'), []);
    assert.deepEqual(await renew('one'), [], 'a renewal does not make it newer');
    assert.deepEqual(await start('three'), ['one']);
    assert.equal(await renew('one'), 'moved');
    assert.deepEqual(await renew('two'), []);
    assert.deepEqual(await renew('three'), []);
    assert.deepEqual(await start('one'), ['two']);
    assert.equal(await renew('two'), 'moved');
  });

  it('let a viewer start twice without a second place', async () => {
    const { start, renew } = viewersOf(1);
    await start('one');
    assert.deepEqual(await start('one'), []);
    assert.deepEqual(await renew('one', 'one'), []);
  });

  it('refuse a viewer who asks for more than all places', async () => {
    const { start, renew } = viewersOf(2);
    await start('one');
    assert.equal(await start('a', 'b', 'c'), 'refused');
    assert.deepEqual(await renew('one'), []);
    assert.deepEqual(await start('a', 'b'), ['one']);
  });

  it('free the place of a closed laptop after one life of its token', async () => {
    const { clock, start, renew } = viewersOf(1);
    await start('laptop');
    clock.nowMs += LIFE_MS - 1;
    assert.equal(await renew('phone'), 'refused', 'a renewal takes no place');
    clock.nowMs += 2;
    assert.deepEqual(await renew('phone'), []);
    assert.equal(await renew('laptop'), 'refused');
    assert.deepEqual(await start('laptop'), ['phone']);
    clock.nowMs += LIFE_MS + 1;
    assert.deepEqual(await renew('phone'), [], 'that it lost its place is forgotten with it');
  });

  it('remember the last 100 viewers who have lost their place: each start without a cookie is another one', async () => {
    const { start, renew } = viewersOf(2);
    const names = Array.from({ length: 250 }, (_, index) => `device-${index}`);
    for (const name of names) await start(name);
    const renewed = await Promise.all(names.slice(147).map((name) => renew(name)));
    assert.deepEqual(renewed.slice(0, 2), ['refused', 'moved']);
    assert.deepEqual(new Set(renewed.slice(1, 101)), new Set(['moved']));
    assert.deepEqual(renewed.slice(101), [[], []], 'the newest have their place');
  });

  it('never have more places than allowed, however many start at once', async () => {
    const { start, renew } = viewersOf(3);
    const names = Array.from({ length: 20 }, (_, index) => `device\n${String(index)}`);
    const started = await Promise.all(names.map((name) => start(name)));
    assert.equal(started.flat().filter((name) => name !== 'refused').length, 17);
    const renewed = await Promise.all(names.map((name) => renew(name)));
    assert.equal(renewed.filter((result) => result !== 'moved').length, 3);
  });
}

describe('places in memory', () => {
  placeTests(() => memoryUsageStore());
});

describe('places in Redis', { skip: withoutRedis }, () => {
  let redis: RunningRedis;
  before(async () => {
    redis = await startRedis();
  });
  after(() => redis.stop());

  placeTests(() => redisUsageStore(redis.client));

  it('are few values, however often a user starts', async () => {
    const times = { nowMs: Date.now(), untilMs: Date.now() + LIFE_MS };
    const store = redisUsageStore(redis.client);
    for (let index = 0; index < 150; index += 1)
      await store.take?.({ user: 'many', watched: [`device-${index}`], max: 2, ...times, isStart: true });
    assert.equal(await redis.client.hlen('gatecast:places:many'), 100 + 2 + 1);
  });

  it('expire with the last token', async () => {
    const untilMs = Date.now() + LIFE_MS;
    const claim = { user: 'u', watched: ['a'], max: 1, nowMs: Date.now(), untilMs, isStart: true };
    await redisUsageStore(redis.client).take?.(claim);
    const leftMs = await redis.client.pttl('gatecast:places:u');
    assert.ok(leftMs > 0 && leftMs <= LIFE_MS);
  });
});

describe('concurrentStreams with mode "newest"', () => {
  function endpoint() {
    const revocations = createRevocations({ longestLifeSeconds: 300 });
    const ending = new AbortController();
    const handler = createTokenHandler({
      issuers: { playback: jwtIssuer({ keys, ttlSeconds: 60 }) },
      authorize: () => ({ user: 'u' }),
      concurrentStreams: { store: memoryUsageStore(), maxConcurrent: 1, mode: 'newest' },
      revocations,
      push: { signal: ending.signal },
    });
    const ask = async (jar: CookieJar, reason: string) => {
      const body = JSON.stringify({ purpose: 'playback', streams: ['a'], reason });
      const headers = { 'Content-Type': 'application/json', ...jar.headers };
      const request = new Request('https://backend.test/', { method: 'POST', headers, body });
      const response = jar.keep(await handler(request));
      return response.ok ? 'token' : ((await response.json()) as { code: string }).code;
    };
    return { handler, ask, end: () => ending.abort() };
  }

  it('refuses the next refresh of the older device, and gives the place back when the viewer asks', async () => {
    const { ask, end } = endpoint();
    const [tv, phone] = [new CookieJar(), new CookieJar()];
    assert.equal(await ask(tv, 'initial'), 'token');
    assert.equal(await ask(phone, 'initial'), 'token');
    assert.equal(await ask(tv, 'scheduled'), 'moved');
    assert.equal(await ask(tv, 'rejected'), 'moved');
    assert.equal(await ask(phone, 'scheduled'), 'token');
    assert.equal(await ask(tv, 'manual'), 'token');
    assert.equal(await ask(phone, 'resume'), 'moved');
    // It never had a place.
    assert.equal(await ask(new CookieJar(), 'resume'), 'concurrent-limit');
    end();
  });

  it('lets the pages of the user ask at once, so that the loser knows it', async () => {
    const { handler, ask, end } = endpoint();
    await ask(new CookieJar(), 'initial');
    const headers = { Accept: 'text/event-stream' };
    const events = new EventReader(
      await handler(new Request('https://backend.test/?purpose=playback&stream=a', { headers })),
    );
    await ask(new CookieJar(), 'initial');
    assert.deepEqual(await events.next(), { event: 'check', data: { streams: ['a'] } });
    end();
  });

  it('needs a store that can do it, and a mode that exists', () => {
    const whole = memoryUsageStore();
    const store: UsageStore = {
      claim: (each) => whole.claim(each),
      revoke: (...each) => whole.revoke(...each),
      isRevoked: (each) => whole.isRevoked(each),
    };
    const create = (options: object) => () =>
      createTokenHandler({
        issuers: { playback: jwtIssuer({ keys }) },
        authorize: () => ({ user: 'u' }),
        concurrentStreams: { store, maxConcurrent: 1, ...options },
      });
    assert.throws(create({ mode: 'newest' }), TypeError);
    assert.throws(create({ mode: 'latest' }), TypeError);
    assert.doesNotThrow(create({ mode: 'oldest' }));
  });
});
