import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { vendorSecret, vendorToken } from '@gatecast/element';
import { GatecastError } from '@gatecast/token';

describe('the token for a vendor’s client', () => {
  it('is the one among the parts that has no place of its own', () => {
    const security = { token: 'abc', expires: '1' };
    assert.equal(vendorToken('abc'), 'abc');
    assert.equal(vendorToken(security), security);
    assert.equal(vendorToken({ parts: [{ query: { a: 'b' } }, { security }] }), security);
    assert.equal(
      vendorSecret({ parts: [{ cookie: true, security: { jwtoken: 'jwt', token: 'abc' } }] }),
      'jwt',
    );
  });

  it('is an error without one, instead of an empty token', () => {
    for (const read of [vendorToken, vendorSecret])
      assert.throws(
        () => read({ parts: [{ query: { sig: 'S3CRET-S3CRET-S3CRET' } }, { cookie: true }] }),
        (error) =>
          error instanceof GatecastError &&
          error.code === 'token-response-invalid' &&
          !JSON.stringify(error).includes('S3CRET'),
      );
  });
});
