import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, isSameValue } from '@gatecast/token';
import { numericDateToMs, readTokenTimes } from '@gatecast/token/internal/source/token';
import fc from 'fast-check';
import { fakeJwt } from '../support/jwt.js';

const EXP = 1_708_457_257;

describe('numericDateToMs', () => {
  it('reads seconds, with or without fractions, as number or digits', () => {
    assert.equal(numericDateToMs(EXP, 'exp'), EXP * 1000);
    assert.equal(numericDateToMs(EXP + 0.5, 'exp'), EXP * 1000 + 500);
    assert.equal(numericDateToMs(String(EXP), 'exp'), EXP * 1000);
    assert.equal(numericDateToMs(0, 'exp'), 0);
  });

  it('returns null for a missing value and for the empty strings of the vendor', () => {
    for (const value of [undefined, null, '']) assert.equal(numericDateToMs(value, 'exp'), null);
  });

  for (const value of [Date.UTC(2024, 1, 20), String(Date.UTC(2024, 1, 20)), Number.MAX_VALUE]) {
    it(`reports that ${value} looks like milliseconds`, () => {
      assert.throws(() => numericDateToMs(value, 'exp'), { code: 'token-time-unit', retryable: false });
    });
  }

  it('refuses other values and names the field', () => {
    for (const value of [
      -1,
      Number.NaN,
      Infinity,
      true,
      {},
      [],
      '12.5',
      'soon',
      '2024-02-20T00:00:00Z',
      new Date(),
    ])
      assert.throws(() => numericDateToMs(value, 'nbf'), {
        code: 'token-response-invalid',
        message: /"nbf"/,
      });
  });
});

describe('readTokenTimes', () => {
  it('reads exp, nbf and iat of a JWT', () => {
    const jwt = fakeJwt({ exp: EXP, nbf: EXP - 30, iat: EXP - 31 });
    assert.deepEqual(readTokenTimes(jwt, undefined), {
      expiresAtMs: EXP * 1000,
      notBeforeMs: (EXP - 30) * 1000,
      issuedAtMs: (EXP - 31) * 1000,
      isRenewedByOrigin: false,
    });
  });

  it('uses the earlier expiry', () => {
    const jwt = fakeJwt({ exp: EXP });
    assert.equal(readTokenTimes(jwt, EXP - 10).expiresAtMs, (EXP - 10) * 1000);
    assert.equal(readTokenTimes(jwt, EXP + 10).expiresAtMs, EXP * 1000);
  });

  it('has no expiry for an opaque token or a JWT without exp', () => {
    for (const value of [fakeJwt({ sub: 'a' }), 'opaque', 'a.b.c'])
      assert.equal(readTokenTimes(value, undefined).expiresAtMs, null);
    assert.equal(readTokenTimes('opaque', EXP).expiresAtMs, EXP * 1000);
  });

  it('reads the strings of a security object, which may be empty', () => {
    const security = { token: 'abc', expires: String(EXP), tag: '', options: '9' };
    assert.equal(readTokenTimes(security, undefined).expiresAtMs, EXP * 1000);
    assert.equal(readTokenTimes({ token: 'abc', expires: '', options: '2' }, undefined).expiresAtMs, null);
    assert.equal(readTokenTimes({ jwtoken: fakeJwt({ exp: EXP }) }, undefined).expiresAtMs, EXP * 1000);
    assert.throws(() => readTokenTimes({ token: 'abc', expires: `${EXP}000` }, undefined), {
      code: 'token-time-unit',
    });
  });

  it('names the claim that is in milliseconds', () => {
    for (const claim of ['exp', 'nbf', 'iat']) {
      assert.throws(() => readTokenTimes(fakeJwt({ [claim]: EXP * 1000 }), undefined), {
        code: 'token-time-unit',
        message: new RegExp(`"${claim}"`),
      });
    }
  });

  it('reports a JWT that cannot be decoded, without showing it', () => {
    for (const jwt of [
      'eyJ.eyJ.x',
      'eyJhbGciOiJub25lIn0.!!.x',
      `eyJhbGciOiJub25lIn0.${Buffer.from('[1]').toString('base64url')}.x`,
    ]) {
      assert.throws(
        () => readTokenTimes(jwt, undefined),
        (error) =>
          error instanceof GatecastError &&
          error.code === 'token-response-invalid' &&
          error.cause === undefined,
      );
    }
  });

  it('throws only typed errors', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `eyJ${text}.${text}.${text}`),
          fc.object().map((claims) => fakeJwt(claims)),
        ),
        fc.anything(),
        (value, expiresAt) => {
          try {
            readTokenTimes(value, expiresAt);
          } catch (error) {
            assert.ok(error instanceof GatecastError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('isSameValue', () => {
  it('ignores the order of fields', () => {
    assert.ok(isSameValue('a', 'a'));
    assert.ok(!isSameValue('a', 'b'));
    assert.ok(isSameValue({ token: 'a', expires: '1' }, { expires: '1', token: 'a' }));
    assert.ok(!isSameValue({ token: 'a', expires: '1' }, { token: 'a', expires: '2' }));
    assert.ok(!isSameValue({ token: 'a', expires: '1' }, { token: 'a' }));
    assert.ok(!isSameValue('a', { token: 'a' }));
  });
});
