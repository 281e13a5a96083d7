import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createTokenVerifier,
  generateSigningKey,
  jwtIssuer,
  signClaims,
  type TokenVerifierOptions,
} from '@gatecast/server';

const NOW_MS = 1_708_457_000_000;
const nowSeconds = NOW_MS / 1000;
const { key } = await generateSigningKey({ kid: 'k1', alg: 'ES256' });
const keys = createKeySet([key]);
const good = { sub: 's', aud: 'v', exp: nowSeconds + 60 };

async function codeOf(
  claims: Record<string, unknown>,
  options: Partial<TokenVerifierOptions> = {},
): Promise<string> {
  const verifier = createTokenVerifier({ keys, now: () => NOW_MS, ...options });
  return verifier.verify(await signClaims(keys, claims), { stream: 's' }).then(
    () => 'ok',
    (error: unknown) => (error as { code: string }).code,
  );
}

describe('times of a token', () => {
  for (const name of ['exp', 'nbf', 'iat']) {
    for (const value of [1e308, -1, -nowSeconds, String(nowSeconds), NOW_MS, null, [], true]) {
      it(`must be seconds since 1970: ${name} = ${JSON.stringify(value)}`, async () => {
        assert.equal(await codeOf({ ...good, [name]: value }), 'token-invalid');
      });
    }
  }

  it('may be fractions of seconds (RFC 7519 section 2)', async () => {
    const times = { iat: nowSeconds - 0.25, nbf: nowSeconds - 0.5 };
    assert.equal(await codeOf({ ...good, ...times, exp: nowSeconds + 0.5 }), 'ok');
    assert.equal(await codeOf({ ...good, exp: nowSeconds - 0.5 }), 'token-expired');
    assert.equal(await codeOf({ ...good, nbf: nowSeconds + 0.5 }), 'token-not-yet-valid');
  });

  it('limit the life to 86,400 s by default, counted from iat or from now', async () => {
    const day = 86_400;
    assert.equal(await codeOf({ ...good, exp: nowSeconds + day }), 'ok');
    assert.equal(await codeOf({ ...good, exp: nowSeconds + day + 1 }), 'token-invalid');
    assert.equal(await codeOf({ ...good, iat: nowSeconds - day + 60 }), 'ok');
    assert.equal(await codeOf({ ...good, iat: nowSeconds - day }), 'token-invalid');
  });

  it('cannot hide a long life behind a later iat', async () => {
    const claims = { ...good, iat: nowSeconds + 50, exp: nowSeconds + 86_430 };
    assert.equal(await codeOf(claims), 'token-invalid');
  });

  it('allow a longer life with longestLifeSeconds', async () => {
    const year = { ...good, iat: nowSeconds, exp: nowSeconds + 31_536_000 };
    assert.equal(await codeOf(year), 'token-invalid');
    assert.equal(await codeOf(year, { longestLifeSeconds: 31_536_000 }), 'ok');
    assert.equal(
      await codeOf({ ...good, exp: nowSeconds + 301 }, { longestLifeSeconds: 300 }),
      'token-invalid',
    );
  });

  it('must not lie in the future by more than the tolerance: iat', async () => {
    assert.equal(await codeOf({ ...good, iat: nowSeconds + 60 }), 'ok');
    assert.equal(await codeOf({ ...good, iat: nowSeconds + 61 }), 'token-not-yet-valid');
    assert.equal(await codeOf({ ...good, iat: nowSeconds + 120 }, { clockToleranceSeconds: 120 }), 'ok');
  });

  it('are rounded down by the issuer when authorize returns fractions', async () => {
    const grant = { claims: { exp: nowSeconds + 9.7, nbf: nowSeconds - 0.2 } };
    const issuer = jwtIssuer({ keys, now: () => NOW_MS });
    const { token = '', expiresAt } = await issuer.issue({ purpose: 'playback', stream: 's', grant });
    assert.equal(expiresAt, nowSeconds + 9);
    await createTokenVerifier({ keys, now: () => NOW_MS }).verify(token);
  });

  it('need a whole number of seconds as longestLifeSeconds', () => {
    for (const longestLifeSeconds of [0, -1, 1.5, NaN, Infinity]) {
      assert.throws(() => createTokenVerifier({ keys, longestLifeSeconds }), TypeError);
    }
  });
});
