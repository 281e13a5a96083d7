import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createKeySet, createTokenVerifier, generateSigningKey, signClaims } from '@gatecast/server';

const START_MS = 1_708_457_000_000;
const claims = { sub: 's', aud: 'v', exp: START_MS / 1000 + 3600 };
const [{ key: first }, { key: second }] = await Promise.all([
  generateSigningKey({ kid: 'k1', alg: 'ES256' }),
  generateSigningKey({ kid: 'k2', alg: 'ES256' }),
]);
const [oldSet, newSet] = [createKeySet([first]), createKeySet([second, first])];
const goodToken = await signClaims(oldSet, claims);
const newToken = await signClaims(newSet, claims);
const foreign = (await generateSigningKey({ kid: 'x', alg: 'ES256' })).key;

/** A token with any `kid`, signed by a key that nobody publishes. */
function tokenOf(kid: string): Promise<string> {
  return signClaims(createKeySet([{ ...foreign, kid }]), claims);
}

function setUp(context: TestContext) {
  context.mock.timers.enable({ apis: ['Date'], now: START_MS });
  const site = {
    published: oldSet,
    fetches: 0,
    status: 200,
    body: undefined as string | undefined,
    held: undefined as Promise<void> | undefined,
  };
  const verifier = createTokenVerifier({
    keys: new URL('https://keys.test/jwks'),
    fetch: async () => {
      site.fetches += 1;
      await site.held;
      return new Response(site.body ?? JSON.stringify(site.published.jwks()), { status: site.status });
    },
  });
  const codeOf = (token: string) =>
    verifier.verify(token).then(
      () => 'ok',
      (error: unknown) => (error as { code: string }).code,
    );
  return { site, verifier, codeOf, tick: (ms: number) => context.mock.timers.tick(ms) };
}

describe('remote keys', () => {
  it('are found immediately after they are published', async (context) => {
    const { site, codeOf, tick } = setUp(context);
    assert.equal(await codeOf(goodToken), 'ok');
    tick(1);
    site.published = newSet;
    assert.equal(await codeOf(newToken), 'ok');
    assert.equal(site.fetches, 2);
  });

  it('are found 1 s after a look-up that came too early', async (context) => {
    const { site, codeOf, tick } = setUp(context);
    assert.equal(await codeOf(newToken), 'token-invalid');
    site.published = newSet;
    assert.equal(await codeOf(newToken), 'token-invalid');
    tick(1000);
    assert.equal(await codeOf(newToken), 'ok');
  });

  it('are fetched once for many tokens at the same time', async (context) => {
    const { site, codeOf } = setUp(context);
    assert.deepEqual(
      new Set(await Promise.all(Array.from({ length: 50 }, () => codeOf(goodToken)))),
      new Set(['ok']),
    );
    assert.equal(site.fetches, 1);
    site.published = newSet;
    assert.deepEqual(
      new Set(await Promise.all(Array.from({ length: 50 }, () => codeOf(newToken)))),
      new Set(['ok']),
    );
    assert.equal(site.fetches, 2);
  });

  it('are not fetched for each of many unknown kids, and known keys stay usable', async (context) => {
    const { site, codeOf, tick } = setUp(context);
    assert.equal(await codeOf(goodToken), 'ok');
    let refused = 0;
    for (let second = 0; second < 60; second += 1) {
      for (let each = 0; each < 30; each += 1) {
        const code = await codeOf(await tokenOf(`kid-${second}-${each}`));
        assert.ok(code === 'token-invalid' || code === 'keys-unavailable', code);
        refused += 1;
      }
      assert.equal(await codeOf(goodToken), 'ok');
      tick(1000);
    }
    assert.equal(refused, 1800);
    // 1 at the start, 5 at once, and one every 5 s.
    assert.ok(site.fetches <= 1 + 5 + 12, `${site.fetches} fetches`);
    site.published = newSet;
    tick(5000);
    assert.equal(await codeOf(newToken), 'ok', 'a new key is found after the attack');
  });

  it('tell when to repeat while the budget is used up', async (context) => {
    const { verifier, codeOf } = setUp(context);
    for (let each = 0; each < 5; each += 1) await codeOf(await tokenOf(`kid-${each}`));
    await assert.rejects(verifier.verify(await tokenOf('one-more')), {
      code: 'keys-unavailable',
      status: 503,
      retryAfterSeconds: 5,
    });
  });

  it('are remembered as unknown, so that a repeated kid causes no fetch', async (context) => {
    const { site, codeOf, tick } = setUp(context);
    const token = await tokenOf('kid');
    for (let second = 0; second < 120; second += 1) {
      await codeOf(token);
      tick(1000);
    }
    // After 1, 2, 4, 8, 16, 32 and 60 s.
    assert.ok(site.fetches <= 9, `${site.fetches} fetches`);
  });

  it('do not wait for a fetch for an unknown key', async (context) => {
    const { site, codeOf } = setUp(context);
    assert.equal(await codeOf(goodToken), 'ok');
    let release: () => void = () => undefined;
    site.held = new Promise((resolve) => {
      release = resolve;
    });
    const waiting = codeOf(await tokenOf('kid'));
    assert.equal(await codeOf(goodToken), 'ok');
    release();
    assert.equal(await waiting, 'token-invalid');
  });

  it('are not fetched for a kid of more than 256 characters', async (context) => {
    const { site, codeOf } = setUp(context);
    assert.equal(await codeOf(goodToken), 'ok');
    assert.equal(await codeOf(await tokenOf('k'.repeat(257))), 'token-invalid');
    assert.equal(site.fetches, 1);
  });

  it('are fetched less and less often while their address fails', async (context) => {
    const { site, codeOf, tick } = setUp(context);
    site.status = 500;
    for (let second = 0; second < 60; second += 1) {
      for (let each = 0; each < 10; each += 1) assert.equal(await codeOf(goodToken), 'keys-unavailable');
      tick(1000);
    }
    assert.ok(site.fetches <= 7, `${site.fetches} fetches`);
    site.status = 200;
    tick(30_000);
    assert.equal(await codeOf(goodToken), 'ok');
  });

  for (const [what, body] of [
    ['no JSON', '<html>'],
    ['no JWKS', '{"keys":"none"}'],
    ['more than 262,144 bytes', `{"keys":[],"x":"${'x'.repeat(262_144)}"}`],
  ] as const) {
    it(`are not available if the answer is ${what}`, async (context) => {
      const { site, codeOf } = setUp(context);
      site.body = body;
      assert.equal(await codeOf(goodToken), 'keys-unavailable');
    });
  }
});
