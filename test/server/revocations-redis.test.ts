import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import {
  createKeySet,
  createRevocations,
  createTokenHandler,
  createTokenVerifier,
  generateSigningKey,
  jwtIssuer,
  Problem,
  type RevocationChange,
  type Revocations,
  type RevocationsOptions,
} from '@gatecast/server';
import { redisRevocationStore } from '@gatecast/server/redis';
import { EventReader } from './support/read-events.js';
import { startRedis, withoutRedis, type RunningRedis } from './support/redis-server.js';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const keys = createKeySet([key]);
const secret = 'a secret that all instances have, of 32 or more';

/** One instance: a token endpoint with events, and an origin that verifies. Instances share nothing but Redis. */
function instance(redis: RunningRedis, prefix: string, options: Partial<RevocationsOptions> = {}) {
  const lines: string[] = [];
  const note = (_fields: object, message: string) => void lines.push(message);
  const logger = { debug: note, info: note, warn: note, error: note };
  const store = redisRevocationStore(redis.client, { prefix });
  const revocations = createRevocations({ store, secret, longestLifeSeconds: 300, logger, ...options });
  const ending = new AbortController();
  const handler = createTokenHandler({
    issuers: { playback: jwtIssuer({ keys }) },
    authorize: () => ({ user: 'u' }),
    revocations,
    push: { signal: ending.signal },
  });
  const verifier = createTokenVerifier({ keys, isRevoked: revocations.isRevoked });
  const verdict = (token: string) =>
    verifier.verify(token).then(
      () => 'accepted',
      (error: unknown) => (error instanceof Problem ? error.code : 'failed'),
    );
  const ask = () =>
    handler(
      new Request('https://backend.test/', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ purpose: 'playback', streams: ['a'] }),
      }),
    );
  const listen = async () =>
    new EventReader(
      await handler(
        new Request('https://backend.test/?purpose=playback&stream=a', {
          headers: { Accept: 'text/event-stream' },
        }),
      ),
    );
  const end = () => {
    ending.abort();
    revocations.close();
  };
  return { lines, revocations, verdict, ask, listen, end };
}

/** Resolves with the first change that passes. */
function changed(revocations: Revocations, passes: (change: RevocationChange) => boolean) {
  return new Promise<RevocationChange>((resolve) => {
    const stop = revocations.watch((change) => {
      if (!passes(change)) return;
      stop();
      resolve(change);
    });
  });
}

/** Asks again until the result is the wanted one. The runner ends a test that never gets it. */
async function until<T>(ask: () => Promise<T>, wanted: T): Promise<void> {
  while ((await ask()) !== wanted) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('revocations in Redis', { skip: withoutRedis, timeout: 60_000 }, () => {
  let redis: RunningRedis;
  before(async () => {
    redis = await startRedis();
  });
  after(() => redis.stop());

  it('end access at another instance, and tell the pages that listen there', async () => {
    const prefix = randomUUID();
    const [one, two] = [instance(redis, prefix), instance(redis, prefix)];
    await Promise.all([one.revocations.ready, two.revocations.ready]);
    const token =
      ((await (await one.ask()).json()) as { tokens: { token: string }[] }).tokens[0]?.token ?? '';
    assert.equal(await two.verdict(token), 'accepted');
    const events = await two.listen();
    const arrived = changed(two.revocations, ({ kind }) => kind === 'revoked');
    await one.revocations.revoke({ user: 'u', reason: 'Ticket 7' });
    assert.equal(await one.verdict(token), 'token-revoked');
    await arrived;
    assert.equal(await two.verdict(token), 'token-revoked');
    assert.deepEqual(await events.next(), {
      event: 'off',
      data: { code: 'revoked', streams: ['a'], reason: 'Ticket 7' },
    });
    assert.equal((await two.ask()).status, 403);
    assert.equal(await two.revocations.allow({ user: 'u' }), true);
    assert.equal((await events.next())?.event, 'on');
    await until(() => one.verdict(token), 'accepted');
    one.end();
    two.end();
    assert.equal(await events.next(), null);
  });

  it('are known to an instance that starts later, and end with their tokens', async () => {
    const prefix = randomUUID();
    const one = instance(redis, prefix);
    await one.revocations.revoke({ user: 'u', until: Math.floor(Date.now() / 1000) + 3600 });
    await one.revocations.revoke({ stream: 'b' });
    const later = instance(redis, prefix);
    const known = await later.revocations.list();
    assert.deepEqual(known.map(({ user, stream }) => user ?? stream).sort(), ['b', 'u']);
    const lifeMs = await redis.client.pttl(`${prefix}:{revocations}`);
    assert.ok(lifeMs > 3_500_000 && lifeMs <= 3_600_000, `the list lives for ${lifeMs} ms`);
    one.end();
    later.end();
  });

  it('make up for a message that was lost', async () => {
    const prefix = randomUUID();
    const one = instance(redis, prefix);
    await one.revocations.ready;
    const arrived = changed(one.revocations, ({ kind }) => kind === 'revoked');
    const entry = { user: 'u', code: 'later', revokedAt: 1e9, until: 9e10, newTokens: 'later' };
    // What another instance of a later version does, without its message.
    const list = `${prefix}:{revocations}`;
    await redis.client.hset(list, '["u",null,null]', `1764000000000000 put ${JSON.stringify(entry)}`);
    await redis.client.zadd(`${list}:order`, '1764000000000000', '["u",null,null]');
    await redis.client.hset(`${list}:state`, 'mark', '1764000000000000.x', 'position', '1764000000000000');
    await arrived;
    assert.equal((await one.ask()).status, 403);
    one.end();
  });

  it('survive what others write to the channel and into the list', async () => {
    const prefix = randomUUID();
    const one = instance(redis, prefix);
    await one.revocations.ready;
    await redis.client.hset(
      `${prefix}:{revocations}`,
      'x',
      'not JSON',
      'y',
      '1 put {"until":1}',
      'z',
      '2 put []',
    );
    await redis.client.zadd(`${prefix}:{revocations}:order`, '1', 'x', '2', 'y', '3', 'z', '4', 'none');
    for (const text of [
      '',
      'x',
      '8.x 9.x put {',
      '8.x 9.x put {}',
      '- 9 allow []',
      '- 99999999999999999.x put {"user":"w","revokedAt":1,"until":9e10}',
      '- - check null',
    ])
      await redis.client.publish(`${prefix}:{revocations}`, text);
    await one.revocations.revoke({ user: 'v' });
    assert.equal((await one.revocations.list()).length, 1);
    assert.equal((await one.ask()).status, 200);
    one.end();
  });

  it('are limited in number, also for several instances', async () => {
    const prefix = randomUUID();
    const [one, two] = [
      instance(redis, prefix, { maxEntries: 2 }),
      instance(redis, prefix, { maxEntries: 2 }),
    ];
    await one.revocations.revoke({ user: 'v' });
    await two.revocations.revoke({ user: 'w' });
    await assert.rejects(one.revocations.revoke({ user: 'x' }), { code: 'revocation-list-full' });
    await one.revocations.revoke({ user: 'w', reason: 'again' });
    one.end();
    two.end();
  });
});

describe('revocations while Redis is down', { skip: withoutRedis, timeout: 60_000 }, () => {
  for (const policy of ['closed', 'open'] as const) {
    it(`with "${policy}" ${policy === 'open' ? 'decide by the last known list' : 'refuse when the list is old'}, and log it once`, async () => {
      const redis = await startRedis();
      let laterMs = 0;
      const prefix = randomUUID();
      const elapsed = () => performance.now() + laterMs;
      const one = instance(redis, prefix, { whenStoreDown: policy, elapsed });
      const token =
        ((await (await one.ask()).json()) as { tokens: { token: string }[] }).tokens[0]?.token ?? '';
      await one.revocations.revoke({ stream: 'b' });
      await redis.kill();
      assert.equal(await one.verdict(token), 'accepted', 'a short failure is noticed by viewers');
      laterMs += 6000;
      const expected = policy === 'open' ? 'accepted' : 'store-unavailable';
      for (let index = 0; index < 20; index += 1) assert.equal(await one.verdict(token), expected);
      assert.equal((await one.ask()).status, policy === 'open' ? 200 : 503);
      if (policy === 'open')
        assert.equal(await one.revocations.isRevoked({ sub: 'b' }), true, 'what was revoked is forgotten');
      await assert.rejects(one.revocations.revoke({ user: 'u' }), { code: 'store-unavailable' });
      const down = one.lines.filter((line) => line.startsWith('The list of revocations is old'));
      assert.equal(down.length, 1, one.lines.join('\n'));
      one.end();
      await redis.stop();
    });
  }

  it('are current again when a store that hangs responds, and log it', async () => {
    const redis = await startRedis();
    let laterMs = 0;
    const one = instance(redis, randomUUID(), { elapsed: () => performance.now() + laterMs });
    await one.revocations.ready;
    redis.hang(true);
    laterMs += 6000;
    assert.equal((await one.ask()).status, 503);
    redis.hang(false);
    await until(async () => (await one.ask()).status, 200);
    assert.equal(one.lines.filter((line) => line === 'The list of revocations is current again').length, 1);
    one.end();
    await redis.stop();
  });

  it('write back what they have when it is back without its data', async () => {
    const redis = await startRedis();
    const prefix = randomUUID();
    const [one, two] = [instance(redis, prefix), instance(redis, prefix)];
    const token =
      ((await (await two.ask()).json()) as { tokens: { token: string }[] }).tokens[0]?.token ?? '';
    await one.revocations.revoke({ user: 'u' });
    await redis.client.flushall();
    await until(() => redis.client.hlen(`${prefix}:{revocations}`), 1);
    await until(() => two.verdict(token), 'token-revoked');
    await redis.client.flushall();
    // The store counts from 1 again.
    await one.revocations.revoke({ stream: 'b' });
    await until(async () => one.revocations.isRevoked({ sub: 'b' }), true);
    await until(() => redis.client.hlen(`${prefix}:{revocations}`), 2);
    const later = instance(redis, prefix);
    await later.revocations.ready;
    assert.equal(await later.verdict(token), 'token-revoked', 'users have other pseudonyms');
    for (const each of [one, two, later]) each.end();
    await redis.stop();
  });
});
