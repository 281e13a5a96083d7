import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRevocations, type Authorize } from '@gatecast/server';
import { decodeJwt } from 'jose';
import { memoryRevocationStore } from '../../packages/server/src/revocation/revocation-store.js';
import { CookieJar } from './support/cookie-jar.js';
import { problemOf, revocationBackend as backend, START_MS } from './support/revocation-backend.js';

describe('revoked users', () => {
  it('are refused by verifiers and the token endpoint, with the reason, and others are not', async () => {
    const { revocations, ask, tokenOf, verdict } = backend();
    const [mine, other] = [await tokenOf('a'), await tokenOf('a', 'other')];
    assert.equal(await verdict(mine), 'accepted');
    await revocations.revoke({ user: 'u', reason: 'Ticket 7' });
    assert.equal(await verdict(mine), 'token-revoked');
    assert.equal(await verdict(other), 'accepted');
    const refused = await ask(['a', 'b']);
    assert.equal(refused.status, 403);
    assert.deepEqual((({ code, reason }) => ({ code, reason }))(await problemOf(refused)), {
      code: 'revoked',
      reason: 'Ticket 7',
    });
    assert.equal((await ask(['a'], 'u', new CookieJar(), 'ingest')).status, 403);
    assert.equal((await ask(['a'], 'other')).status, 200);
  });

  it('can go on when they are allowed again, also with the tokens that they have', async () => {
    const { revocations, ask, tokenOf, verdict } = backend();
    const token = await tokenOf('a');
    await revocations.revoke({ user: 'u' });
    assert.equal(await revocations.allow({ user: 'u', stream: 'a' }), false, 'another target was lifted');
    assert.equal(await revocations.allow({ user: 'u' }), true);
    assert.equal(await revocations.allow({ user: 'u' }), false);
    assert.equal(await verdict(token), 'accepted');
    assert.equal((await ask(['a'])).status, 200);
  });

  it('are allowed again when the last token of before has ended, or at the end that was set', async () => {
    const { clock, revocations, ask, tokenOf, verdict } = backend();
    const token = await tokenOf('a');
    const { until } = await revocations.revoke({ user: 'u' });
    assert.ok(until >= Number(decodeJwt(token).exp), 'the revocation ends before a token');
    clock.nowMs = until * 1000 - 1;
    assert.equal(await verdict(token), 'token-expired');
    assert.equal((await ask(['a'])).status, 403);
    clock.nowMs += 1;
    assert.equal((await ask(['a'])).status, 200);
    assert.deepEqual(await revocations.list(), [], 'an ended revocation takes memory');
    await revocations.revoke({ user: 'u', until: clock.nowMs / 1000 + 7200 });
    clock.nowMs += 7_199_000;
    assert.equal((await ask(['a'])).status, 403);
    clock.nowMs += 1000;
    assert.equal((await ask(['a'])).status, 200);
  });

  it('may sign in again with newTokens "allow", which ends the tokens of before only', async () => {
    const { clock, revocations, tokenOf, verdict } = backend();
    const before = await tokenOf('a');
    clock.nowMs += 5;
    await revocations.revoke({ user: 'u', newTokens: 'allow' });
    clock.nowMs += 1;
    const after = await tokenOf('a');
    assert.equal(await verdict(before), 'token-revoked');
    assert.equal(await verdict(after), 'accepted');
  });

  it('have a pseudonym in tokens, which differs from list to list', async () => {
    const ids = await Promise.all(
      [backend(), backend()].map(async ({ tokenOf }) =>
        String(decodeJwt(await tokenOf('a', 'alice@example.com')).jti),
      ),
    );
    assert.ok(ids.every((id) => !id.includes('alice')));
    assert.notEqual(ids[0]?.split('.')[1], ids[1]?.split('.')[1]);
  });

  it('are known by a claim of your own tokens', async () => {
    const { revocations } = backend({ userClaim: 'uid', streamClaim: 'playbackId' });
    await revocations.revoke({ user: 'u', stream: 'a' });
    assert.equal(await revocations.isRevoked({ uid: 'u', playbackId: 'a' }), true);
    assert.equal(await revocations.isRevoked({ uid: 'u', playbackId: 'b' }), false);
    assert.equal(await revocations.isRevoked({ uid: 'v', playbackId: 'a' }), false);
    assert.equal(await revocations.isRevoked({ uid: 7 }), false);
  });
});

describe('revoked streams and tokens', () => {
  it('narrow: one stream of one user', async () => {
    const { revocations, ask, tokenOf, verdict } = backend();
    const [a, b, other] = [await tokenOf('a'), await tokenOf('b'), await tokenOf('a', 'other')];
    await revocations.revoke({ user: 'u', stream: 'a' });
    assert.deepEqual(await Promise.all([a, b, other].map(verdict)), [
      'token-revoked',
      'accepted',
      'accepted',
    ]);
    const body = (await (await ask(['a', 'b'])).json()) as { tokens: { stream: string }[] };
    assert.deepEqual(
      body.tokens.map(({ stream }) => stream),
      ['b'],
    );
  });

  it('end a stream for all, with the code "moved" if it is elsewhere', async () => {
    const { revocations, ask, tokenOf, verdict } = backend();
    const token = await tokenOf('a');
    await revocations.revoke({ stream: 'a', code: 'moved', reason: 'Now on channel 2' });
    assert.equal(await verdict(token), 'token-revoked');
    const { code, reason } = await problemOf(await ask(['a'], 'other'));
    assert.deepEqual([code, reason], ['moved', 'Now on channel 2']);
  });

  it('end one token by its jti, and its page gets another one', async () => {
    const { revocations, tokenOf, verdict } = backend();
    const [one, two] = [await tokenOf('a'), await tokenOf('a')];
    await revocations.revoke({ jti: String(decodeJwt(one).jti) });
    assert.deepEqual([await verdict(one), await verdict(two)], ['token-revoked', 'accepted']);
    assert.equal(await verdict(await tokenOf('a')), 'accepted');
  });

  it('end a jti that authorize has chosen for all tokens of a session', async () => {
    const { revocations, ask, tokenOf, verdict } = backend({}, () => ({
      user: 'u',
      claims: { jti: 'session-1' },
    }));
    const token = await tokenOf('a');
    await revocations.revoke({ jti: 'session-1' });
    assert.equal(await verdict(token), 'token-revoked');
    assert.equal((await ask(['a'])).status, 403);
  });

  it('are refused by the playlist signer, whatever its cookie says, and leave the cookie', async () => {
    const { clock, revocations, ask, tokenOf, sign } = backend();
    const jar = new CookieJar();
    await tokenOf('a', 'u', jar);
    const playlist = await (await sign('a', jar)).text();
    const inPlaylist = /token=([^\s]+)/.exec(playlist)?.[1] ?? '';
    assert.match(String(decodeJwt(inPlaylist).jti), /^\w+\.[\w-]{16}\.[\w-]{16}$/);
    clock.nowMs += 1000;
    await revocations.revoke({ user: 'u', reason: 'Ticket 7' });
    assert.equal(await revocations.isRevoked(decodeJwt(inPlaylist)), true, 'a segment is still accepted');
    const refused = await sign('a', jar);
    assert.equal(refused.status, 403);
    assert.equal((await problemOf(refused)).reason, 'Ticket 7');
    await ask(['a'], 'u', jar);
    assert.equal((await sign('a', jar)).status, 401, 'the cookie still has the stream');
  });
});

describe('tokens with a jti of authorize', () => {
  const own: Authorize = () => ({ user: 'u', claims: { jti: 'session-1' } });

  it('are refused when their user is revoked, also those of the playlist signer', async () => {
    const { revocations, tokenOf, verdict, sign } = backend({}, own);
    const jar = new CookieJar();
    const token = await tokenOf('a', 'u', jar);
    const inPlaylist = /token=([^\s]+)/.exec(await (await sign('a', jar)).text())?.[1] ?? '';
    assert.equal(decodeJwt(inPlaylist).jti, 'session-1');
    await revocations.revoke({ user: 'u' });
    assert.equal(await verdict(token), 'token-revoked');
    assert.equal(await revocations.isRevoked(decodeJwt(inPlaylist)), true);
    assert.equal((await sign('a', jar)).status, 403);
  });

  it('are issued and accepted after newTokens "allow", at the signer as well', async () => {
    const { clock, revocations, tokenOf, verdict, sign } = backend({}, own);
    const [before, jar] = [new CookieJar(), new CookieJar()];
    const old = await tokenOf('a', 'u', before);
    clock.nowMs += 1;
    await revocations.revoke({ user: 'u', newTokens: 'allow' });
    assert.equal(await verdict(old), 'token-revoked');
    assert.equal((await sign('a', before)).status, 403);
    clock.nowMs += 60_000;
    assert.equal(await verdict(await tokenOf('a', 'u', jar)), 'accepted');
    assert.equal((await sign('a', jar)).status, 200);
  });
});

describe('revocations of the tokens of before', () => {
  /** Two instances with one list and clocks of their own. */
  function instances(aheadMs: number) {
    const store = memoryRevocationStore();
    const secret = 'a secret that both instances have';
    const one = backend({ store, secret });
    const two = backend({ store, secret });
    two.clock.nowMs += aheadMs;
    return { one, two };
  }

  it('do not concern a token of an instance whose clock is behind', async () => {
    const { one, two } = instances(-50);
    await one.revocations.revoke({ user: 'u', newTokens: 'allow' });
    const token = await two.tokenOf('a');
    assert.deepEqual([await one.verdict(token), await two.verdict(token)], ['accepted', 'accepted']);
  });

  it('end a token of an instance whose clock is seconds ahead', async () => {
    const { one, two } = instances(4000);
    const token = await two.tokenOf('a');
    await one.revocations.revoke({ user: 'u', newTokens: 'allow' });
    assert.deepEqual(await Promise.all([one, two].map(({ verdict }) => verdict(token))), [
      'token-revoked',
      'token-revoked',
    ]);
  });

  it('end what was issued since the last one, however soon they follow each other', async () => {
    const { one } = instances(0);
    for (let round = 0; round < 3; round += 1) {
      const token = await one.tokenOf('a');
      await one.revocations.revoke({ user: 'u', newTokens: 'allow' });
      assert.equal(await one.verdict(token), 'token-revoked');
    }
    assert.equal(await one.verdict(await one.tokenOf('a')), 'accepted');
  });
});

describe('requests to revoke', () => {
  const wrong: readonly (readonly [string, unknown])[] = [
    ['no target', {}],
    ['an unknown member', { user: 'u', streams: ['a'] }],
    ['an empty user', { user: '' }],
    ['a long user', { user: 'x'.repeat(257) }],
    ['a stream with dot segments', { stream: '../a' }],
    ['a line end in the reason', { user: 'u', reason: 'a\nb' }],
    ['a line separator in the reason', { user: 'u', reason: 'a\u2028b' }],
    ['a reason that is shown in another order', { user: 'u', reason: 'a\u202eb' }],
    ['a long reason', { user: 'u', reason: 'x'.repeat(201) }],
    ['milliseconds', { user: 'u', until: START_MS }],
    ['an end in the past', { user: 'u', until: START_MS / 1000 - 1 }],
    ['an end in two years', { user: 'u', until: START_MS / 1000 + 2 * 365 * 86_400 }],
    ['no time', { user: 'u', forSeconds: 0 }],
    ['two ends', { user: 'u', forSeconds: 60, until: START_MS / 1000 + 60 }],
    ['another code', { user: 'u', code: 'internal' }],
    ['a list', [{ user: 'u' }]],
    ['nothing', null],
  ];

  for (const [name, request] of wrong) {
    it(`are refused with ${name}`, async () => {
      const { revocations } = backend();
      await assert.rejects(revocations.revoke(request as object), { code: 'request-invalid' });
      assert.deepEqual(await revocations.list(), []);
    });
  }

  it('replace the one for the same target, and are refused when the list is full', async () => {
    const { revocations } = backend({ maxEntries: 2 });
    await revocations.revoke({ user: 'u' });
    await revocations.revoke({ user: 'v' });
    await revocations.revoke({ user: 'u', reason: 'again' });
    assert.equal((await revocations.list()).length, 2);
    await assert.rejects(revocations.revoke({ user: 'w' }), { code: 'revocation-list-full', status: 507 });
  });

  it('are fast in any number, and those that end make room', async () => {
    const { clock, revocations } = backend({ maxEntries: 3000 });
    for (let index = 0; index < 3000; index += 1) await revocations.revoke({ user: `user-${index}` });
    await assert.rejects(revocations.revoke({ user: 'u' }), { code: 'revocation-list-full' });
    clock.nowMs += 367_000;
    await revocations.revoke({ user: 'u' });
    assert.equal((await revocations.list()).length, 1);
  });

  it('take their end from the clock of the server with forSeconds', async () => {
    const { revocations } = backend();
    const { until } = await revocations.revoke({ user: 'u', forSeconds: 31_536_000 });
    assert.equal(until, START_MS / 1000 + 31_536_000);
  });

  it('are logged without the id of a token', async () => {
    const { lines, revocations } = backend();
    await revocations.revoke({ jti: 'sentinel-id', reason: 'Ticket 7' });
    await revocations.allow({ jti: 'sentinel-id' });
    assert.match(lines.join('\n'), /Access revoked .*Ticket 7[^]*Access allowed again/);
    assert.ok(!lines.join('').includes('sentinel'));
  });

  it('need options in their range', () => {
    assert.throws(() => createRevocations({ maxStaleMs: 100 }), TypeError);
    assert.throws(() => createRevocations({ longestLifeSeconds: 0 }), TypeError);
    assert.throws(() => createRevocations({ maxEntry: 1 } as object), /maxEntry/);
  });
});
