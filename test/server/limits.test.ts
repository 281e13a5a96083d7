import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import {
  createKeySet,
  createTokenHandler,
  createTokenVerifier,
  denyList,
  generateSigningKey,
  jwtIssuer,
  memoryUsageStore,
  type LimitRate,
  type Logger,
  type RateLimiter,
  type UsageStore,
  type StoreDownPolicy,
  type TokenHandlerOptions,
} from '@gatecast/server';
import { memoryRateLimiter } from '@gatecast/server/node';
import { redisRateLimiter, redisReplayCache, redisUsageStore } from '@gatecast/server/redis';
import { CookieJar } from './support/cookie-jar.js';
import { startRedis, withoutRedis, type RunningRedis } from './support/redis-server.js';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const keys = createKeySet([key]);

function handlerWith(options: Partial<TokenHandlerOptions>) {
  const handler = createTokenHandler({
    issuers: { playback: jwtIssuer({ keys, ttlSeconds: 60 }) },
    authorize: (request) => ({ user: request.headers.get('X-User') ?? 'u' }),
    ...options,
  });
  const ask = async (
    streams: string[],
    user = 'u',
    { clientAddress = '192.0.2.1', jar = new CookieJar() } = {},
  ) =>
    jar.keep(
      await handler(
        new Request('https://backend.test/', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-User': user, ...jar.headers },
          body: JSON.stringify({ purpose: 'playback', streams }),
        }),
        { clientAddress },
      ),
    );
  return ask;
}

async function problemOf(response: Response) {
  return (await response.json()) as { code: string; hint?: string };
}

/** What both kinds of store must do. */
function limitTests(
  make: (name: string, rate: LimitRate) => RateLimiter,
  usageStore: () => UsageStore,
): void {
  it('allows a burst, then the steady rate, and returns the time to wait', async () => {
    const ask = handlerWith({ limits: { user: make(randomUUID(), { perMinute: 3, burst: 2 }) } });
    for (let index = 0; index < 5; index += 1) assert.equal((await ask(['a'])).status, 200);
    const refused = await ask(['a']);
    assert.equal(refused.status, 429);
    const waitSeconds = Number(refused.headers.get('Retry-After'));
    assert.ok(waitSeconds >= 1 && waitSeconds <= 60, `it says to wait ${waitSeconds} s`);
    assert.equal((await ask(['a'], 'other')).status, 200);
  });

  it('counts tokens instead of requests, and each address separately', async () => {
    const ask = handlerWith({ limits: { address: make(randomUUID(), { perMinute: 3, burst: 0 }) } });
    assert.equal((await ask(['a', 'b', 'c'])).status, 200);
    assert.equal((await ask(['a'], 'someone else')).status, 429);
    assert.equal((await ask(['a'], 'u', { clientAddress: '192.0.2.2' })).status, 200);
  });

  it('limits concurrent streams per user, and no longer counts a stream after its token has expired', async () => {
    let nowMs = Date.now();
    const now = () => nowMs;
    const issuers = { playback: jwtIssuer({ keys, now, ttlSeconds: 60 }) };
    const ask = handlerWith({ issuers, now, concurrentStreams: { store: usageStore(), maxConcurrent: 2 } });
    const user = randomUUID();
    const jar = new CookieJar();
    assert.equal((await ask(['a', 'b'], user, { jar })).status, 200);
    const third = await ask(['c'], user, { jar });
    assert.equal(third.status, 403);
    assert.equal((await problemOf(third)).code, 'concurrent-limit');
    assert.equal((await ask(['b', 'a'], user, { jar })).status, 200, 'watched streams were not renewed');
    assert.equal((await ask(['c'], randomUUID())).status, 200);
    nowMs += 61_000;
    assert.equal((await ask(['c'], user, { jar })).status, 200);
  });

  it('counts one stream on each of ten devices as ten', async () => {
    const ask = handlerWith({ concurrentStreams: { store: usageStore(), maxConcurrent: 10 } });
    const user = randomUUID();
    const jars = Array.from({ length: 11 }, () => new CookieJar());
    const answers = await Promise.all(jars.map((jar) => ask(['a'], user, { jar })));
    assert.equal(answers.filter(({ status }) => status === 200).length, 10);
    const again = await Promise.all(jars.map((jar) => ask(['a'], user, { jar })));
    assert.equal(again.filter(({ status }) => status === 200).length, 10, 'a refresh took another place');
  });

  it('tells a client without cookies to send them, and gives a refused client a session', async () => {
    const ask = handlerWith({ concurrentStreams: { store: usageStore(), maxConcurrent: 1 } });
    const user = randomUUID();
    assert.equal((await ask(['a'], user)).status, 200);
    const jar = new CookieJar();
    const hints = [await ask(['a'], user, { jar }), await ask(['a'], user, { jar })].map(problemOf);
    assert.match((await hints[0])?.hint ?? '', /token-credentials="include".*"device"/);
    assert.doesNotMatch((await hints[1])?.hint ?? '', /token-credentials/);
    assert.deepEqual(jar.names, ['__Host-gatecast_session']);
  });

  it('replaces a session cookie that it did not make', async () => {
    const ask = handlerWith({ concurrentStreams: { store: usageStore(), maxConcurrent: 1 } });
    for (const forged of ['', 'x', 'a\nb', 'x'.repeat(5000)]) {
      const jar = new CookieJar();
      const user = randomUUID();
      Object.defineProperty(jar, 'headers', {
        value: { Cookie: `__Host-gatecast_session=${encodeURI(forged)}` },
      });
      const response = await ask(['a'], user, { jar });
      assert.equal(response.status, 200);
      assert.match(
        response.headers.getSetCookie()[0] ?? '',
        /^__Host-gatecast_session=[\w-]{22}; Path=\/; Max-Age=43200;/,
      );
    }
  });

  it('counts a device once if authorize returns it', async () => {
    let device = 'tv';
    const user = randomUUID();
    const ask = handlerWith({
      authorize: () => ({ user, device }),
      concurrentStreams: { store: usageStore(), maxConcurrent: 1 },
    });
    assert.equal((await ask(['a', 'b', 'c'])).status, 200);
    device = 'phone';
    assert.equal((await ask(['a'])).status, 403);
  });

  it('does not allow two concurrent requests to exceed the limit', async () => {
    const ask = handlerWith({ concurrentStreams: { store: usageStore(), maxConcurrent: 1 } });
    const user = randomUUID();
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((stream) => ask([stream], user)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  });

  it('revokes tokens by jti', async () => {
    const store = usageStore();
    const issuer = jwtIssuer({ keys, include: ['jti'] });
    const {
      token = '',
      tokenId = '',
      expiresAt,
    } = await issuer.issue({ purpose: 'playback', stream: 'a', grant: {} });
    const guard = { policy: 'closed', logger: loggerInto([]) } as const;
    const verifier = createTokenVerifier({ keys, isRevoked: denyList(store, guard) });
    await verifier.verify(token);
    assert.ok(expiresAt !== null);
    await store.revoke(tokenId, expiresAt * 1000);
    await assert.rejects(verifier.verify(token), { code: 'token-revoked', status: 403 });
  });
}

describe('limits in memory', () => {
  limitTests(
    (_, rate) => memoryRateLimiter(rate),
    () => memoryUsageStore(),
  );

  it('refuses an invalid rate', () => {
    assert.throws(() => memoryRateLimiter({ perMinute: 0, burst: 1 }), TypeError);
    assert.throws(() => memoryRateLimiter({ perMinute: 1.5, burst: 1 }), TypeError);
  });

  for (const maxConcurrent of [0, -1, 1.5, NaN, Infinity, null, '2'] as number[]) {
    it(`refuse maxConcurrent ${JSON.stringify(maxConcurrent)} (${String(maxConcurrent)})`, () => {
      const concurrentStreams = { store: memoryUsageStore(), maxConcurrent };
      assert.throws(() => handlerWith({ concurrentStreams }), {
        name: 'TypeError',
        message: /maxConcurrent/,
      });
    });
  }

  it('removes revoked tokens and streams after their expiry', async () => {
    let nowMs = 1000;
    const store = memoryUsageStore({ now: () => nowMs });
    await store.revoke('j', 2000);
    assert.equal(await store.isRevoked('j'), true);
    nowMs = 2000;
    assert.equal(await store.isRevoked('j'), false);
  });
});

describe('used proofs in Redis', { skip: withoutRedis }, () => {
  it('are accepted once by all instances, and expire', async () => {
    const redis = await startRedis();
    try {
      const [one, two] = [redisReplayCache(redis.client), redisReplayCache(redis.client)];
      const answers = await Promise.all(
        [one, two, one, two].map((each) => each.add('id', Date.now() + 60_000)),
      );
      assert.deepEqual(answers, [true, false, false, false]);
      assert.ok((await redis.client.pttl('gatecast:dpop:id')) > 0);
      assert.equal(await two.add('other', Date.now() + 60_000), true);
    } finally {
      await redis.stop();
    }
  });
});

describe('limits in Redis', { skip: withoutRedis }, () => {
  let redis: RunningRedis;
  before(async () => {
    redis = await startRedis();
  });
  after(() => redis.stop());

  limitTests(
    (name, rate) => redisRateLimiter(redis.client, name, rate),
    () => redisUsageStore(redis.client),
  );

  it('are shared by instances', async () => {
    const name = randomUUID();
    const instance = () =>
      handlerWith({ limits: { user: redisRateLimiter(redis.client, name, { perMinute: 2, burst: 0 }) } });
    const [first, second] = [instance(), instance()];
    assert.equal((await first(['a'])).status, 200);
    assert.equal((await second(['a'])).status, 200);
    assert.equal((await first(['a'])).status, 429);
  });

  it('set an expiry on every Redis key', async () => {
    const ask = handlerWith({
      limits: { user: redisRateLimiter(redis.client, 'end', { perMinute: 5, burst: 5 }) },
      concurrentStreams: { store: redisUsageStore(redis.client), maxConcurrent: 5 },
    });
    await ask(['a']);
    await redisUsageStore(redis.client).revoke('j', Date.now() + 60_000);
    const names = await redis.client.keys('*');
    assert.ok(names.length >= 3);
    const ends = await Promise.all(names.map((name) => redis.client.pttl(name)));
    assert.ok(
      ends.every((leftMs) => leftMs > 0),
      'a key has no expiry',
    );
  });
});

function loggerInto(lines: string[]): Logger {
  const write = (fields: unknown, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { debug: write, info: write, warn: write, error: write };
}

describe('a store that is down', { skip: withoutRedis }, () => {
  let redis: RunningRedis;
  before(async () => {
    redis = await startRedis();
    await redis.kill();
  });
  after(() => redis.stop());

  for (const [policy, status] of [
    ['closed', 503],
    ['open', 200],
  ] as const satisfies [StoreDownPolicy, number][]) {
    it(`makes the endpoint respond with ${status} under the policy ${policy}, and is logged`, async () => {
      const lines: string[] = [];
      const ask = handlerWith({
        limits: { user: redisRateLimiter(redis.client, 'down', { perMinute: 5, burst: 5 }) },
        concurrentStreams: { store: redisUsageStore(redis.client), maxConcurrent: 1 },
        whenStoreDown: policy,
        logger: loggerInto(lines),
      });
      const response = await ask(['a']);
      assert.equal(response.status, status);
      assert.ok(lines.some((line) => line.includes('The store is down') && line.includes(policy)));
    });
  }
});
