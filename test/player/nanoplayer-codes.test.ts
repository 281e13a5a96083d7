import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  readVendorError,
  type VendorErrorQuestion,
} from '@gatecast/player/internal/engine/nanoplayer/read-vendor-error';
import {
  classifyVendorCode,
  VENDOR_CODES,
  type VendorCodeClass,
} from '@gatecast/player/internal/engine/nanoplayer/vendor-codes';
import { setupFailed } from '@gatecast/player/internal/engine/nanoplayer/vendor-errors';

const QUESTION: Omit<VendorErrorQuestion, 'code'> = {
  majorVersion: 5,
  pauseReason: 'playbackerror',
  isTokenOld: false,
  hasPlayed: true,
  refusals: 0,
};

/** What is done about each class, after the stream has played. */
const REMEDIES: Readonly<Record<VendorCodeClass, string>> = {
  information: 'none',
  gesture: 'none',
  hidden: 'play-when-visible',
  token: 'renew',
  handshake: 'reconnect',
  passing: 'replay',
  media: 'replay',
  'off-air': 'end',
  final: 'fail',
};

/** The rows of the page's table: a cell of codes, and the class. */
const page = readFileSync(new URL('../../demo/docs/engines/nanoplayer.md', import.meta.url), 'utf8');
const documented = new Map(
  [...page.matchAll(/^\| ([\d, ]+?) +\| `([a-z-]+)` +\|/gm)].flatMap(([, codes = '', name]) =>
    codes.split(',').map((code): [number, string | undefined] => [Number(code), name]),
  ),
);

describe('a code of the vendor’s player', () => {
  for (const [code, name] of VENDOR_CODES) {
    it(`${code} is ${name}, in the documentation too`, () => {
      const majorVersion = code === 2004 ? 4 : 5;
      assert.equal(readVendorError({ ...QUESTION, code, majorVersion }).kind, REMEDIES[name]);
      assert.equal(documented.get(code), name);
    });
  }

  it('is in the documentation only if it is known', () => {
    assert.deepEqual([...documented.keys()].sort(), [...VENDOR_CODES.keys()].sort());
  });

  for (const [code, name] of [
    [1999, 'final'],
    [2999, 'off-air'],
    [3999, 'media'],
    [4999, 'passing'],
    [5999, 'final'],
    [77, 'final'],
    [NaN, 'final'],
  ] as const) {
    it(`that is not known takes the class of its group: ${code}`, () => {
      assert.equal(classifyVendorCode(code), name);
    });
  }
});

describe('code 2004', () => {
  const ask = (more: Partial<VendorErrorQuestion>) =>
    readVendorError({ ...QUESTION, code: 2004, ...more }).kind;

  it('with the pause of a stopped stream is its end, also when the token is old', () => {
    assert.equal(ask({ pauseReason: 'sourcestreamstopped' }), 'end');
    assert.equal(ask({ pauseReason: 'sourcestreamstopped', isTokenOld: true }), 'end');
  });

  it('in version 5 with another pause is a refused token', () => {
    assert.equal(ask({ pauseReason: 'playbackerror' }), 'renew');
    assert.equal(ask({ pauseReason: 'connectionclose' }), 'renew');
  });

  it('in version 5 without a pause is a refused token if the token is old', () => {
    assert.equal(ask({ pauseReason: null, isTokenOld: true }), 'renew');
    assert.equal(ask({ pauseReason: null }), 'end');
  });

  it('in version 4 is always the end of the stream', () => {
    assert.equal(ask({ majorVersion: 4, isTokenOld: true }), 'end');
  });

  it('before the stream has played says that it is not on air', () => {
    const remedy = ask({ pauseReason: 'sourcestreamstopped', hasPlayed: false });
    assert.equal(remedy, 'await-stream');
  });
});

describe('an error of the vendor’s player', () => {
  it('ends in one typed error with the vendor’s code when fresh tokens are refused too', () => {
    const remedy = readVendorError({ ...QUESTION, code: 4903, refusals: 2 });
    assert.ok(remedy.kind === 'fail');
    assert.deepEqual(
      [remedy.error.code, remedy.error.vendorCode, remedy.error.retryable],
      ['vendor-player-failed', 4903, false],
    );
  });

  it('about a token says that the page has no source of tokens, where it has none', () => {
    for (const code of [4401, 4403, 4901, 4903]) {
      const remedy = readVendorError({ ...QUESTION, code, hasTokens: false });
      assert.ok(remedy.kind === 'fail');
      const { code: name, hint, vendorCode } = remedy.error;
      assert.deepEqual([name, vendorCode], ['token-source-missing', code]);
      assert.match(hint, /^Set token-url/);
    }
    assert.equal(setupFailed({ code: 5006 }).code, 'token-source-missing');
  });

  it('for a connection names network, address, server and token, and is not an error of the token', () => {
    const remedy = readVendorError({ ...QUESTION, code: 4106 });
    assert.ok(remedy.kind === 'reconnect');
    assert.deepEqual([remedy.error.code, remedy.error.retryable], ['vendor-player-failed', true]);
    for (const cause of ['network', 'websocket', 'server', 'token'])
      assert.ok(remedy.error.hint.includes(cause));
  });

  it('for a stream that has not begun is that of any engine', () => {
    const remedy = readVendorError({ ...QUESTION, code: 2001, hasPlayed: false });
    assert.ok(remedy.kind === 'await-stream');
    assert.deepEqual([remedy.error.code, remedy.error.vendorCode], ['source-not-found', 2001]);
  });

  it('of the setup names the option to set, and may pass when the stream is not on air', () => {
    assert.match(setupFailed({ code: 5007 }).hint, /websocket/);
    assert.equal(setupFailed({ code: 5007 }).retryable, false);
    const offAir = setupFailed({ code: 5101 });
    assert.deepEqual([offAir.code, offAir.retryable], ['source-not-found', true]);
    assert.equal(setupFailed(new TypeError('x')).retryable, false);
  });
});
