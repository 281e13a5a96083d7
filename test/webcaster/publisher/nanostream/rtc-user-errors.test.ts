import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  isSignedInAlready,
  isSignInMissing,
  isTokenRefusal,
  rtcUserError,
} from '@gatecast/webcaster/internal/publisher/nanostream/rtc-user-errors';

/** Every code of the vendor's documentation for 5.16, and how it is treated. */
const DOCUMENTED: readonly (readonly [number, string, 'retry' | 'end'])[] = [
  [1000, 'vendor-publisher-failed', 'end'],
  [1001, 'settings-invalid', 'end'],
  [1002, 'settings-invalid', 'end'],
  [1003, 'settings-invalid', 'end'],
  [1004, 'vendor-publisher-failed', 'end'],
  [1005, 'vendor-publisher-failed', 'end'],
  [1006, 'vendor-publisher-failed', 'end'],
  [2000, 'ingest-unreachable', 'retry'],
  [3000, 'ingest-unreachable', 'retry'],
  [3001, 'ingest-unreachable', 'retry'],
  [3002, 'ingest-unreachable', 'retry'],
  [4000, 'ingest-failed', 'retry'],
  [4001, 'connection-lost', 'retry'],
  [5001, 'ingest-failed', 'retry'],
  [5002, 'connection-lost', 'retry'],
  [5003, 'vendor-publisher-failed', 'end'],
  [6000, 'device-in-use', 'end'],
  [6001, 'device-failed', 'end'],
  [6002, 'device-failed', 'end'],
  [6003, 'vendor-publisher-failed', 'end'],
  [6004, 'device-not-found', 'end'],
  [6005, 'device-failed', 'end'],
  [6006, 'device-failed', 'end'],
  [6008, 'device-failed', 'end'],
  [101001, 'ingest-failed', 'retry'],
  [101002, 'settings-invalid', 'end'],
  [101003, 'settings-invalid', 'end'],
  [102001, 'ingest-refused', 'end'],
  [103000, 'ingest-failed', 'retry'],
  [103001, 'token-rejected', 'retry'],
  [103002, 'ingest-refused', 'end'],
  [103003, 'token-rejected', 'retry'],
  [103004, 'token-rejected', 'retry'],
  [104001, 'ingest-refused', 'end'],
  [104002, 'ingest-refused', 'end'],
  [106001, 'ingest-failed', 'retry'],
  [107001, 'settings-invalid', 'end'],
  [107002, 'connection-lost', 'retry'],
  [109000, 'ingest-failed', 'retry'],
];

const errorOf = (code: number, message?: string) =>
  rtcUserError({ error: { code, ...(message !== undefined && { message }) } }, 'go on');

describe('errors of the vendor’s RtcUser', () => {
  for (const [code, expected, then] of DOCUMENTED) {
    it(`${String(code)} is ${expected}, and ${then === 'retry' ? 'is tried again' : 'ends the attempt'}`, () => {
      const error = errorOf(code, 'text');
      assert.deepEqual(
        [error.code, error.retryable, error.vendorCode, error.cause],
        [expected, then === 'retry', code, 'text'],
      );
      assert.notEqual(error.hint, '');
    });
  }

  it('treats other codes by the documented ranges', () => {
    const codes = [3999, 4999, 5000, 6999, 102999, 103999, 104999, 105001, 107999, 109999];
    assert.deepEqual(
      codes.map((code) => errorOf(code).code),
      [
        'ingest-unreachable',
        'connection-lost',
        'ingest-failed',
        'device-failed',
        'ingest-refused',
        'ingest-refused',
        'ingest-refused',
        'ingest-failed',
        'connection-lost',
        'ingest-failed',
      ],
    );
    assert.equal(errorOf(108001).code, 'vendor-publisher-failed');
    assert.equal(errorOf(42).code, 'vendor-publisher-failed');
  });

  it('names endpoint when the server is unreachable', () => {
    assert.match(errorOf(3000).hint, /endpoint/);
  });

  it('reads the name of a device error from the text', () => {
    const named = [
      'NotAllowedError',
      'PermissionDenied',
      'NotReadableError',
      'NotFoundError',
      'NoDeviceError',
    ];
    assert.deepEqual(
      named.map((name) => errorOf(6005, `getUserMedia: ${name}`).code),
      ['permission-denied', 'permission-denied', 'device-in-use', 'device-not-found', 'device-not-found'],
    );
    assert.equal(errorOf(6008, 'NotAllowedError').code, 'permission-denied');
  });

  it('takes 4000 for an earlier sign-in only with the text of one', () => {
    assert.equal(isSignedInAlready(errorOf(4000, 'Already signed in')), true);
    assert.equal(isSignedInAlready(errorOf(4000, 'Sign in failed')), false);
    assert.equal(isSignedInAlready(errorOf(4000)), false);
    assert.equal(isSignedInAlready(errorOf(3000, 'Already signed in')), false);
  });

  it('asks for a fresh token after 103001 and 103003, and for a new sign-in after 4001 and 107002', () => {
    const codes = DOCUMENTED.map(([code]) => code);
    assert.deepEqual(
      codes.filter((code) => isTokenRefusal(errorOf(code))),
      [103001, 103003],
    );
    assert.deepEqual(
      codes.filter((code) => isSignInMissing(errorOf(code))),
      [4001, 107002],
    );
  });

  it('reads code and text wherever a build puts them', () => {
    const shapes = [
      { error: { code: 5001, message: 'no' } },
      { error: { code: 5001, text: 'no' } },
      { data: { code: 5001, text: 'no' } },
      { data: { error: { code: 5001, message: 'no' } } },
    ];
    for (const shape of shapes) {
      const error = rtcUserError(shape, 'start');
      assert.deepEqual([error.vendorCode, error.cause], [5001, 'no']);
    }
    assert.equal(rtcUserError({ data: { text: 'no broadcast (5001)' } }, 'start').vendorCode, 5001);
    const withoutCode = [{ data: { text: 'no' } }, { data: { error: 'no' } }];
    for (const shape of withoutCode) {
      const error = rtcUserError(shape, 'start');
      assert.deepEqual(
        [error.code, error.cause, error.message],
        ['vendor-publisher-failed', 'no', 'The vendor’s client could not start.'],
      );
    }
  });

  it('keeps no token of the vendor’s text', () => {
    const token = `${btoa('{"alg":"none"}')}.${btoa('{"sub":"sentinel"}')}.c2VudGluZWw`;
    assert.doesNotMatch(JSON.stringify(errorOf(103003, `bad ${token}`).cause), /c2VudGluZWw/);
  });
});
