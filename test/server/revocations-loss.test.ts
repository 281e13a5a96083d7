import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { createRevocations, type Revocations, type RevocationsOptions } from '@gatecast/server';
import { redisRevocationStore } from '@gatecast/server/redis';
import type { RedisOptions } from 'ioredis';
import { startRedis, withoutRedis, type RunningRedis } from './support/redis-server.js';

const secret = 'a secret that all instances have, of 32 or more';
const until = Math.floor(Date.now() / 1000) + 3600;
const opened: (() => void)[] = [];

/** One instance with connections of its own. */
async function instance(
  redis: RunningRedis,
  prefix: string,
  options: Partial<RevocationsOptions> = {},
  connection: RedisOptions = {},
) {
  const client = redis.client.duplicate({ lazyConnect: false, retryStrategy: () => 50, ...connection });
  client.on('error', () => undefined);
  const isReady = new Promise<void>((resolve) => client.once('ready', () => resolve()));
  if (options.whenStoreDown !== 'open') await isReady;
  const lines: string[] = [];
  const note = (_fields: object, line: string) => void lines.push(line);
  const logger = { debug: note, info: note, warn: note, error: note };
  const store = redisRevocationStore(client, { prefix });
  const revocations = createRevocations({ store, secret, longestLifeSeconds: 300, logger, ...options });
  opened.push(() => {
    revocations.close();
    client.disconnect();
  });
  await revocations.ready;
  const jtiOf = (user: string) => revocations.newGrantId(user);
  const refuses = async (jti: string) => revocations.isRevoked({ sub: 'a', jti });
  return { lines, revocations, jtiOf, refuses };
}

/** Asks again until the result is the wanted one. The runner ends a test that never gets it. */
async function untilIs<T>(ask: () => Promise<T>, wanted: T): Promise<void> {
  while ((await ask()) !== wanted) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Resolves when each has been compared with the store once more, to its end. */
async function compared(redis: RunningRedis, prefix: string, all: readonly { revocations: Revocations }[]) {
  const stream = randomUUID();
  await redis.client.del(`${prefix}:x`);
  const other = await instance(redis, prefix);
  await other.revocations.revoke({ stream });
  for (const { revocations } of all) await untilIs(async () => revocations.isRevoked({ sub: stream }), true);
}

/** The data of Redis at this moment. The result brings it back on the connections that are open, as a failover does. */
async function snapshot({ client }: RunningRedis, prefix: string): Promise<() => Promise<void>> {
  const keys = await client.keys(`${prefix}:*`);
  const dumps = await Promise.all(keys.map((each) => client.dumpBuffer(each)));
  return async () => {
    const back = client.multi().del(...(await client.keys(`${prefix}:*`)));
    keys.forEach((each, index) => back.restore(each, 0, dumps[index] ?? ''));
    await back.exec();
  };
}

describe('revocations after a loss of data in Redis', { skip: withoutRedis, timeout: 60_000 }, () => {
  let redis: RunningRedis;
  before(async () => {
    redis = await startRedis();
  });
  afterEach(() => {
    for (const end of opened.splice(0)) end();
  });
  after(() => redis.stop());

  it('are written back when older data is back, and reach instances that start later', async () => {
    const prefix = randomUUID();
    const [one, two] = [await instance(redis, prefix), await instance(redis, prefix)];
    const jti = await one.jtiOf('u');
    await one.revocations.revoke({ user: 'someone', until });
    const bringBack = await snapshot(redis, prefix);
    await one.revocations.revoke({ user: 'u', until });
    await untilIs(() => two.refuses(jti), true);
    await bringBack();
    await untilIs(() => redis.client.hlen(`${prefix}:{revocations}`), 2);
    assert.deepEqual([await one.refuses(jti), await two.refuses(jti)], [true, true]);
    const later = await instance(redis, prefix);
    assert.equal(await later.refuses(jti), true);
    await untilIs(
      async () => [...one.lines, ...two.lines].join('\n').includes('lost revocations. They are written'),
      true,
    );
  });

  it('are written back to a Redis that was killed, and starts with an older snapshot', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatecast-redis-'));
    const before = await startRedis({ folder });
    const prefix = randomUUID();
    const [one, two] = [await instance(before, prefix), await instance(before, prefix)];
    const jti = await one.jtiOf('u');
    await one.revocations.revoke({ user: 'someone', until });
    await before.client.save();
    await one.revocations.revoke({ user: 'u', until });
    await untilIs(() => two.refuses(jti), true);
    await before.kill();
    assert.deepEqual(readdirSync(folder), ['dump.rdb']);
    const { port } = before.client.options;
    const again = await startRedis({ folder, ...(port !== undefined && { port }) });
    await untilIs(() => again.client.hlen(`${prefix}:{revocations}`), 2);
    const later = await instance(again, prefix);
    assert.deepEqual(await Promise.all([one, two, later].map(async ({ refuses }) => refuses(jti))), [
      true,
      true,
      true,
    ]);
    before.client.disconnect();
    await again.stop();
    rmSync(folder, { recursive: true });
  });

  it('that are new count at all instances, whatever was lost before', async () => {
    const prefix = randomUUID();
    const [one, two] = [await instance(redis, prefix), await instance(redis, prefix)];
    const jti = await one.jtiOf('u');
    await one.revocations.revoke({ stream: 'x', until });
    const bringBack = await snapshot(redis, prefix);
    await one.revocations.revoke({ stream: 'y', until });
    await untilIs(async () => two.revocations.isRevoked({ sub: 'y' }), true);
    await bringBack();
    const fresh = await instance(redis, prefix);
    await fresh.revocations.revoke({ user: 'u', until });
    await untilIs(() => one.refuses(jti), true);
    await untilIs(() => two.refuses(jti), true);
    await untilIs(async () => fresh.revocations.isRevoked({ sub: 'y' }), true);
  });

  it('that were lifted stay lifted when the data from before is back', async () => {
    const prefix = randomUUID();
    const [one, two] = [await instance(redis, prefix), await instance(redis, prefix)];
    await one.revocations.revoke({ stream: 'x', until });
    const bringBack = await snapshot(redis, prefix);
    await two.revocations.allow({ stream: 'x' });
    await untilIs(async () => one.revocations.isRevoked({ sub: 'x' }), false);
    await bringBack();
    await compared(redis, prefix, [one, two]);
    assert.equal(await one.revocations.isRevoked({ sub: 'x' }), false);
    const name = '[null,null,"x"]';
    await untilIs(
      async () => (await redis.client.hget(`${prefix}:{revocations}`, name))?.includes(' allow '),
      true,
    );
  });

  it('end tokens of before also if a fresh instance is the first to find Redis empty', async () => {
    const prefix = randomUUID();
    const one = await instance(redis, prefix);
    const jti = await one.jtiOf('u');
    await one.revocations.revoke({ user: 'u', until });
    await redis.client.flushall();
    const fresh = await instance(redis, prefix);
    await untilIs(() => fresh.refuses(jti), true);
    assert.equal(await one.refuses(jti), true);
  });

  it('count at once where they are made, also right after a loss', async () => {
    const prefix = randomUUID();
    const one = await instance(redis, prefix);
    const jti = await one.jtiOf('u');
    for (const user of ['a', 'b', 'c']) await one.revocations.revoke({ user });
    await redis.client.flushall();
    await one.revocations.revoke({ user: 'u' });
    assert.equal(await one.refuses(jti), true);
  });

  it('are written back in any number, while requests are served', async () => {
    const prefix = randomUUID();
    const one = await instance(redis, prefix);
    await Promise.all(
      Array.from({ length: 600 }, (_, index) => one.revocations.revoke({ user: `u-${index}`, until })),
    );
    await redis.client.flushall();
    const later = await instance(redis, prefix);
    await untilIs(() => redis.client.hlen(`${prefix}:{revocations}`), 600);
    await untilIs(async () => (await later.revocations.list()).length, 600);
  });
});

describe('revocations and a Redis that fails', { skip: withoutRedis, timeout: 60_000 }, () => {
  afterEach(() => {
    for (const end of opened.splice(0)) end();
  });

  it('end tokens that were issued before Redis was there, with "open"', async () => {
    const redis = await startRedis();
    const prefix = randomUUID();
    const one = await instance(redis, prefix);
    redis.hang(true);
    const early = await instance(redis, prefix, { whenStoreDown: 'open', maxStaleMs: 2000 });
    const jti = await early.jtiOf('u');
    redis.hang(false);
    await untilIs(
      () =>
        one.revocations.revoke({ user: 'u' }).then(
          () => true,
          () => false,
        ),
      true,
    );
    assert.equal(await one.refuses(jti), true);
    await untilIs(() => early.refuses(jti), true);
    await redis.stop();
  });

  it('are in force although the messages may not be sent, and the log says why they are late', async () => {
    const redis = await startRedis();
    const prefix = randomUUID();
    await redis.client.call('ACL', 'SETUSER', 'app', 'on', '>pw', '~*', '+@all', 'resetchannels');
    const as = { username: 'app', password: 'pw' };
    const [one, two] = [await instance(redis, prefix, {}, as), await instance(redis, prefix, {}, as)];
    const jti = await one.jtiOf('u');
    await one.revocations.revoke({ user: 'u' });
    assert.equal(await one.refuses(jti), true);
    await untilIs(() => two.refuses(jti), true);
    await one.revocations.revoke({ user: 'v' });
    const faults = one.lines.filter((line) => line.startsWith('Messages about revocations fail'));
    assert.equal(faults.length, 1, one.lines.join('\n'));
    await redis.stop();
  });

  it('that failed may be in force: the message does not say that they are not', async () => {
    const redis = await startRedis();
    const one = await instance(redis, randomUUID());
    const jti = await one.jtiOf('u');
    redis.hang(true);
    await assert.rejects(one.revocations.revoke({ user: 'u' }), {
      code: 'store-unavailable',
      message: /may have changed or not/,
    });
    redis.hang(false);
    await untilIs(() => one.refuses(jti), true);
    await redis.stop();
  });

  it('send their messages with a client that has a key prefix', async () => {
    const redis = await startRedis();
    const prefix = randomUUID();
    const one = await instance(redis, prefix, {}, { keyPrefix: 'app:' });
    const subscriber = redis.client.duplicate({ lazyConnect: false, enableOfflineQueue: true });
    await subscriber.subscribe(`${prefix}:{revocations}`);
    const arrived = new Promise((resolve) => subscriber.once('message', resolve));
    await one.revocations.revoke({ user: 'u' });
    await arrived;
    // The instance listens to the same channel.
    await untilIs(() => redis.client.publish(`${prefix}:{revocations}`, '- - check {"user":"u"}'), 2);
    subscriber.disconnect();
    await redis.stop();
  });
});
