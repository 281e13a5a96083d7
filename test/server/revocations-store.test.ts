import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createRevocations,
  type RevocationStore,
  type StoredChange,
  type StorePage,
  type StoreWatcher,
} from '@gatecast/server';

const secret = 'a secret that all instances have, of 32 or more';
const empty: StorePage = { mark: null, isContinued: false, changes: [], unreadable: 0, next: null };

/** A store that others share, with the calls of a test. */
function sharedStore(calls: Partial<RevocationStore> = {}) {
  const watchers = new Set<StoreWatcher>();
  const store: RevocationStore = {
    isShared: true,
    mark: () => Promise.resolve(null),
    read: () => Promise.resolve(empty),
    put: (revocation, { after }) => Promise.resolve({ stamp: after + 1, revocation, isLifted: false }),
    remove: () => Promise.resolve(null),
    restore: () => Promise.resolve(0),
    tell: () => Promise.resolve(),
    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    ...calls,
  };
  const send = (change: StoredChange, previous: string | null) => {
    for (const watcher of watchers)
      watcher.onMessage({ kind: 'change', change, mark: `${String(change.stamp)}.x`, previous });
  };
  return { store, send };
}

const never = <T>() => new Promise<T>(() => undefined);

function change(stamp: number, isLifted = false): StoredChange {
  const until = Math.floor(Date.now() / 1000) + 3600;
  const revocation = { stream: 'a', code: 'revoked', revokedAt: 1, until, newTokens: 'refuse' } as const;
  return { stamp, revocation, isLifted };
}

describe('the list of revocations', () => {
  it('is old by a clock that nobody sets', async () => {
    let [nowMs, elapsedMs, isUp] = [Date.now(), 1000, true];
    const { store } = sharedStore({ mark: () => (isUp ? Promise.resolve(null) : never()) });
    const revocations = createRevocations({ store, secret, now: () => nowMs, elapsed: () => elapsedMs });
    await revocations.ready;
    isUp = false;
    elapsedMs += 4000;
    nowMs -= 3_600_000;
    assert.equal(await revocations.isRevoked({ sub: 'a' }), false);
    elapsedMs += 1800_000;
    assert.throws(() => revocations.isRevoked({ sub: 'a' }), { code: 'store-unavailable' });
    revocations.close();
  });

  it('is ready after maxStaleMs although the store never responds', async () => {
    const { store } = sharedStore({ read: never, put: never });
    const revocations = createRevocations({ store, secret, maxStaleMs: 2000, whenStoreDown: 'open' });
    assert.equal(await revocations.isRevoked({ sub: 'a' }), false);
    await assert.rejects(revocations.revoke({ user: 'u' }), { code: 'store-unavailable' });
    revocations.close();
  });

  it('takes the latest decision about a target, in whatever order they arrive', async () => {
    const { store, send } = sharedStore();
    const revocations = createRevocations({ store, secret });
    await revocations.ready;
    send(change(7, true), '6.x');
    send(change(5), '4.x');
    assert.equal(await revocations.isRevoked({ sub: 'a' }), false, 'an old message brings it back');
    send(change(8), '7.x');
    assert.equal(await revocations.isRevoked({ sub: 'a' }), true);
    send(change(6, true), '5.x');
    assert.equal(await revocations.isRevoked({ sub: 'a' }), true, 'an old message lifts it');
    revocations.close();
  });

  it('stays whole when a listener or the metrics throw, and the others are told', async () => {
    const lines: string[] = [];
    const note = (_fields: object, line: string) => void lines.push(line);
    const fail = () => {
      throw new Error('sentinel');
    };
    const metrics = { answered: fail, refused: fail, minted: fail, vendorFailed: fail };
    const revocations = createRevocations({
      logger: { debug: note, info: note, warn: note, error: note },
      metrics: { ...metrics, revocationsHeld: fail, revocationChanged: fail },
    });
    const told: string[] = [];
    revocations.watch(fail);
    revocations.watch(({ kind }) => void told.push(kind));
    await revocations.revoke({ stream: 'a' });
    assert.equal(await revocations.isRevoked({ sub: 'a' }), true);
    assert.deepEqual(told, ['revoked']);
    assert.ok(lines.includes('A listener of revocations failed'));
  });
});

describe('the secret of revocations', () => {
  it('makes the same pseudonyms after a restart, and those of a former secret are found', async () => {
    const before = createRevocations({ secret });
    const jti = await before.newGrantId('u');
    const next = 'another secret, also of 32 characters or more';
    for (const each of [secret, [next, secret]]) {
      const restarted = createRevocations({ secret: each });
      await restarted.revoke({ user: 'u' });
      assert.equal(await restarted.isRevoked({ jti }), true);
      assert.equal(await restarted.isRevoked({ jti: await restarted.newGrantId('u') }), true);
      assert.equal(await restarted.isRevoked({ jti: await restarted.newGrantId('v') }), false);
    }
  });

  it('is needed for a store that others share, and long enough', () => {
    const { store } = sharedStore();
    assert.throws(() => createRevocations({ store }), /needs a secret/);
    assert.throws(() => createRevocations({ secret: 'short' }), TypeError);
    assert.throws(() => createRevocations({ secret: [secret, 'short'] }), TypeError);
  });
});
