import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { createRevocations, type Revocations } from '@gatecast/server';
import { redisRevocationStore } from '@gatecast/server/redis';
import { startRedis, withoutRedis, type RunningRedis } from './support/redis-server.js';

const first = 'the first secret of the instances, 32 or more';
const second = 'the second secret of the instances, 32 or more';

/** Asks again until it is so. The runner ends a test that never gets it. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('processes that share revocations', { skip: withoutRedis, timeout: 60_000 }, () => {
  let redis: RunningRedis;
  const opened: Revocations[] = [];
  before(async () => {
    redis = await startRedis();
  });
  after(async () => {
    for (const revocations of opened) revocations.close();
    await redis.stop();
  });

  async function instance(prefix: string, secret: string | string[], now = Date.now) {
    const errors: [object, string][] = [];
    const ignore = () => undefined;
    const error = (fields: object, line: string) => void errors.push([fields, line]);
    const logger = { debug: ignore, info: ignore, warn: ignore, error };
    const store = redisRevocationStore(redis.client, { prefix });
    const revocations = createRevocations({ store, secret, now, longestLifeSeconds: 300, logger });
    opened.push(revocations);
    await revocations.ready;
    return { revocations, errors };
  }
  const isKnown = (prefix: string, count: number) =>
    redis.client.zcard(`${prefix}:{revocations}:secrets`).then((size) => size === count);

  it('and have other secrets log it once, in words without a secret', async () => {
    const prefix = randomUUID();
    const one = await instance(prefix, first);
    while (!(await isKnown(prefix, 1))) await new Promise((resolve) => setTimeout(resolve, 20));
    const other = await instance(prefix, second);
    await until(() => other.errors.length > 0);
    assert.equal(other.errors.length, 1);
    const [fields, line] = other.errors[0] ?? [];
    assert.match(String(line), /another secret/);
    // The first one reads the list after it has written to it: on a busy machine the other is in it by then.
    assert.ok(one.errors.length <= 1, 'the first one says it once at most');
    const stored = await redis.client.zrange(`${prefix}:{revocations}:secrets`, '0', '-1');
    for (const text of [JSON.stringify(fields), ...stored]) assert.doesNotMatch(text, /secret of the/);
    assert.equal(await redis.client.pttl(`${prefix}:{revocations}:secrets`).then((ms) => ms > 300_000), true);
  });

  it('and know each other’s secrets while one is changed say nothing, nor about one that ended long ago', async () => {
    const prefix = randomUUID();
    const hourAgo = () => Date.now() - 3_600_000;
    await instance(prefix, 'a secret that nobody has for an hour, 32 or more', hourAgo);
    while (!(await isKnown(prefix, 1))) await new Promise((resolve) => setTimeout(resolve, 20));
    const old = await instance(prefix, [first, second]);
    const next = await instance(prefix, [second, first]);
    while (!(await isKnown(prefix, 2))) await new Promise((resolve) => setTimeout(resolve, 20));
    await next.revocations.revoke({ user: 'u' });
    assert.deepEqual([...old.errors, ...next.errors], []);
  });
});
