import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { revocationBackend } from './support/revocation-backend.js';

describe('the end of a revocation without "until"', () => {
  it('is after a token that was admitted before and signed later', async () => {
    let sign = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (sign = resolve));
    let hasBegun = (): void => undefined;
    const begun = new Promise<void>((resolve) => (hasBegun = resolve));
    const { clock, revocations, tokenOf, verdict } = revocationBackend({}, undefined, {
      wrap: (issuer) => ({
        async issue(request) {
          hasBegun();
          await waiting;
          return issuer.issue(request);
        },
      }),
    });
    const late = tokenOf('a');
    await begun;
    const { until } = await revocations.revoke({ user: 'u' });
    clock.nowMs += 5000;
    sign();
    const token = await late;
    assert.equal(await verdict(token), 'token-revoked');
    clock.nowMs = until * 1000 + 1;
    assert.equal(await verdict(token), 'token-expired');
  });

  it('is after a token that a verifier accepts beyond its end', async () => {
    const tolerant = revocationBackend({}, undefined, { clockToleranceSeconds: 30 });
    const token = await tolerant.tokenOf('a');
    const { until } = await tolerant.revocations.revoke({ user: 'u' });
    tolerant.clock.nowMs = until * 1000 + 1;
    assert.equal(await tolerant.verdict(token), 'token-expired');
  });

  for (const [name, options] of [
    ['ttlSeconds', { ttlSeconds: 3600 }],
    ['exp', { claims: { exp: Date.UTC(2030, 0, 1) / 1000 + 3600 } }],
  ] as const) {
    it(`is after a token for which authorize sets a longer ${name}`, async () => {
      const { clock, revocations, tokenOf, verdict } = revocationBackend({}, () => ({
        user: 'u',
        ...options,
      }));
      const token = await tokenOf('a');
      assert.equal(decodeJwt(token).exp, clock.nowMs / 1000 + 300);
      const { until } = await revocations.revoke({ user: 'u' });
      clock.nowMs = until * 1000 + 1;
      assert.equal(await verdict(token), 'token-expired');
    });
  }

  it('is logged once if tokens of the issuer live longer', async () => {
    const { lines, tokenOf } = revocationBackend({}, undefined, { ttlSeconds: 3600 });
    await tokenOf('a');
    await tokenOf('a');
    const warnings = lines.filter((line) => line.includes('longestLifeSeconds'));
    assert.equal(warnings.length, 1, lines.join('\n'));
    assert.match(warnings[0] ?? '', /"lifeSeconds":3600/);
  });

  it('needs no warning for usual tokens', async () => {
    const { lines, tokenOf } = revocationBackend();
    await tokenOf('a');
    assert.ok(!lines.join('').includes('longestLifeSeconds'));
  });
});

describe('a user that cannot be revoked', () => {
  for (const [name, result] of [
    ['a long name', { user: 'x'.repeat(257) }],
    ['a control character', { user: 'a\nb' }],
    ['a long jti', { user: 'u', claims: { jti: 'x'.repeat(257) } }],
  ] as const) {
    it(`gets no token: ${name}`, async () => {
      const { lines, ask } = revocationBackend({}, () => result);
      const response = await ask(['a']);
      assert.equal(response.status, 403);
      assert.match(lines.join('\n'), /cannot be revoked/);
      assert.ok(!(await response.text()).includes('xxx'));
    });
  }

  it('is none with a name of other scripts, joiners and 256 characters', async () => {
    for (const user of ['\u0645\u06cc\u200c\u062e', '\u{1f469}\u200d\u{1f4bb}', 'x'.repeat(256)]) {
      const { revocations, tokenOf, verdict } = revocationBackend({}, () => ({ user }));
      const token = await tokenOf('a');
      await revocations.revoke({ user });
      assert.equal(await verdict(token), 'token-revoked');
    }
  });
});
