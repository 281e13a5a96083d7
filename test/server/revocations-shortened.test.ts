import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { createRevocations, type RevocationStore, type StoreWatcher } from '@gatecast/server';
import { redisRevocationStore } from '@gatecast/server/redis';
import { startRedis, withoutRedis, type RunningRedis } from './support/redis-server.js';

const DAY = 86_400;
const opened: (() => void)[] = [];

/** A connection to Redis that the test cuts and mends. */
function gated(inner: RevocationStore) {
  let isCut = false;
  let watcher: StoreWatcher | undefined;
  const down = () => Promise.reject(new Error('no connection'));
  const store: RevocationStore = {
    ...inner,
    mark: () => (isCut ? down() : inner.mark()),
    read: (...values) => (isCut ? down() : inner.read(...values)),
    watch(given) {
      watcher = given;
      return inner.watch({
        onMessage(message) {
          if (!isCut) given.onMessage(message);
        },
        onGap() {
          if (!isCut) given.onGap();
        },
      });
    },
  };
  const setCut = (value: boolean) => {
    isCut = value;
    if (!value) watcher?.onGap();
  };
  return { store, setCut };
}

/** Asks again until the result is the wanted one. The runner ends a test that never gets it. */
async function untilIs<T>(ask: () => Promise<T> | T, wanted: T): Promise<void> {
  while ((await ask()) !== wanted) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('a revocation that is shortened', { skip: withoutRedis, timeout: 20_000 }, () => {
  let redis: RunningRedis;
  before(async () => {
    redis = await startRedis();
  });
  afterEach(() => {
    for (const end of opened.splice(0)) end();
  });
  after(() => redis.stop());

  /** Instances whose clock the test puts forward. */
  function world() {
    let laterMs = 0;
    const prefix = randomUUID();
    const open = async () => {
      const { store, setCut } = gated(redisRevocationStore(redis.client, { prefix }));
      const secret = 'a secret that all instances have, of 32 or more';
      const changes: string[] = [];
      const now = () => Date.now() + laterMs;
      const revocations = createRevocations({ store, secret, longestLifeSeconds: 300, now });
      revocations.watch(({ kind }) => changes.push(kind));
      opened.push(() => revocations.close());
      await revocations.ready;
      const refuses = (stream = 's') => Promise.resolve(revocations.isRevoked({ sub: stream }));
      return { revocations, refuses, setCut, changes };
    };
    /** Resolves when the others have all that one has written. */
    const settle = async (one: Awaited<ReturnType<typeof open>>, others: (typeof one)[]) => {
      const stream = randomUUID();
      await one.revocations.revoke({ stream });
      for (const each of others) await untilIs(() => each.refuses(stream), true);
    };
    const pass = (seconds: number) => (laterMs += seconds * 1000);
    return { open, settle, pass };
  }

  it('ends at an instance that hears of it after its new end', async () => {
    const { open, settle, pass } = world();
    const [one, two] = [await open(), await open()];
    await one.revocations.revoke({ stream: 's', forSeconds: DAY });
    await untilIs(two.refuses, true);
    two.setCut(true);
    await one.revocations.revoke({ stream: 's', forSeconds: 1 });
    pass(60);
    // It removes from the store what has ended.
    await one.revocations.revoke({ stream: 'other' });
    two.setCut(false);
    await settle(one, [two]);
    assert.deepEqual([await one.refuses(), await two.refuses()], [false, false]);
    assert.equal(two.changes.filter((kind) => kind === 'allowed').length, 1, two.changes.join(' '));
  });

  it('does not come back when an instance that has missed it writes back what Redis has lost', async () => {
    const { open, settle, pass } = world();
    const [one, two] = [await open(), await open()];
    await one.revocations.revoke({ stream: 's', forSeconds: DAY });
    await untilIs(two.refuses, true);
    two.setCut(true);
    await one.revocations.revoke({ stream: 's', forSeconds: 1 });
    pass(60);
    await one.revocations.list();
    await redis.client.flushall();
    two.setCut(false);
    await settle(two, [one]);
    const later = await open();
    for (const each of [one, two, later]) await untilIs(each.refuses, false);
    await settle(one, [two, later]);
    for (const each of [one, two, later]) assert.equal(await each.refuses(), false);
  });

  it('is kept for those who have missed it also when one that started later writes it back', async () => {
    const { open, settle, pass } = world();
    const [one, two] = [await open(), await open()];
    await one.revocations.revoke({ stream: 's', forSeconds: DAY });
    await untilIs(two.refuses, true);
    two.setCut(true);
    await one.revocations.revoke({ stream: 's', forSeconds: 30 });
    const later = await open();
    assert.equal(await later.refuses(), true);
    one.revocations.close();
    pass(60);
    await later.revocations.list();
    await redis.client.flushall();
    two.setCut(false);
    await untilIs(two.refuses, false);
    await settle(two, [later]);
    assert.equal(await later.refuses(), false);
  });

  it('can be lifted, and was not in force after its new end', async () => {
    const { open, pass } = world();
    const one = await open();
    await one.revocations.revoke({ stream: 's', forSeconds: DAY });
    await one.revocations.revoke({ stream: 's', forSeconds: 1 });
    assert.equal((await one.revocations.list()).length, 1);
    pass(60);
    assert.equal((await one.revocations.list()).length, 0);
    assert.equal(await one.revocations.allow({ stream: 's' }), false);
    await one.revocations.revoke({ stream: 's', forSeconds: DAY });
    assert.equal(await one.refuses(), true);
    assert.equal(await one.revocations.allow({ stream: 's' }), true);
    assert.equal(await one.refuses(), false);
  });
});
