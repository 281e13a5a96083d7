import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, redactText, secretOf } from '@gatecast/token';
import { parseTokenResponse } from '@gatecast/token/internal/source/parse-token-response';
import { readTokenValue } from '@gatecast/token/internal/source/read-token-item';
import fc from 'fast-check';
import { fakeJwt } from '../support/jwt.js';

const JWT = fakeJwt({ exp: 1_708_457_257 });
const SECURITY = { token: 'abc', expires: '1708457257', tag: 't', options: '9' };
const one = (value: unknown, expiresAt?: unknown) => [{ stream: 'a', value, expiresAt, lifeMs: null }];

describe('parseTokenResponse', () => {
  it('reads the full response', () => {
    const answer = {
      tokens: [
        { stream: 'a', token: JWT, expiresAt: 1_708_457_257 },
        { stream: 'b', security: SECURITY },
      ],
      serverTime: 1_708_457_000,
      playlists: { 'https://cdn.example/a.m3u8': '#EXTM3U', 'https://cdn.example/b.m3u8': 3 },
    };
    assert.deepEqual(parseTokenResponse(answer, ['a', 'b']), {
      items: [
        { stream: 'a', value: JWT, expiresAt: 1_708_457_257, lifeMs: null },
        { stream: 'b', value: SECURITY, expiresAt: undefined, lifeMs: null },
      ],
      serverTimeMs: 1_708_457_000_000,
      isPushed: false,
      playlists: { 'https://cdn.example/a.m3u8': '#EXTM3U' },
    });
  });

  const shapes: Record<string, [unknown, unknown]> = {
    'a bare JWT': [`${JWT}\n`, JWT],
    'an opaque token': ['abc-_~=', 'abc-_~='],
    '{ token }': [{ token: JWT }, JWT],
    '{ success, data: { token } }': [{ success: true, data: { token: JWT } }, JWT],
    '{ data: { token } }': [{ data: { token: JWT } }, JWT],
    '{ h5live: { security } }': [{ h5live: { security: SECURITY } }, SECURITY],
    '{ h5live: { security: { jwtoken } } }': [{ h5live: { security: { jwtoken: JWT } } }, { jwtoken: JWT }],
    '{ security }': [{ security: SECURITY }, SECURITY],
    '{ jwtoken }': [{ jwtoken: JWT }, { jwtoken: JWT }],
    '{ token, jwtoken: null }': [{ token: JWT, jwtoken: null }, JWT],
    'a security object itself': [SECURITY, SECURITY],
    '{ success, data: { h5live: { security } } }': [
      { success: true, data: { h5live: { security: SECURITY } } },
      SECURITY,
    ],
    'a security object with a tag only': [
      { token: 'abc', expires: '1708457257', tag: 't' },
      { token: 'abc', expires: '1708457257', tag: 't' },
    ],
    'a JWT beside other members': [{ token: JWT, options: { drm: true }, tag: 'x', expires: 'soon' }, JWT],
    '{ jwtoken, token }': [{ jwtoken: JWT, token: 'abc' }, { jwtoken: JWT }],
    '{ tokens: [{ stream, h5live }] }': [
      { tokens: [{ stream: 'a', h5live: { security: SECURITY } }] },
      SECURITY,
    ],
    '{ h5live: { security } } without an end': [
      { h5live: { security: { expires: '', tag: '', token: 'abc', options: '2' } } },
      { expires: '', tag: '', token: 'abc', options: '2' },
    ],
    '{ security } with numbers': [
      { security: { token: 'abc', expires: 1_708_457_257, options: 9 } },
      { token: 'abc', expires: '1708457257', options: '9' },
    ],
  };
  for (const [name, [answer, value]] of Object.entries(shapes)) {
    it(`accepts ${name}`, () => assert.deepEqual(parseTokenResponse(answer, ['a']).items, one(value)));
  }

  it('uses a bare token for every requested stream', () => {
    assert.deepEqual(parseTokenResponse({ token: JWT, expiresAt: 5 }, ['a', 'b']).items, [
      ...one(JWT, 5),
      { stream: 'b', value: JWT, expiresAt: 5, lifeMs: null },
    ]);
  });

  const nonsense: Record<string, unknown> = {
    nothing: undefined,
    null: null,
    'an empty string': '',
    'a web page': '<!doctype html><title>Sign in</title>',
    'a sentence': 'no such stream',
    'a number': 5,
    'a list': [JWT],
    'an empty object': {},
    'a token that is none': { token: { a: 1 } },
    'an empty token': { token: '' },
    'a token with a line break in it': { token: 'abc\r\nX-Evil: 1' },
    'a token beyond ASCII': { token: 'tökén' },
    'tokens that are not a list': { tokens: { a: JWT } },
    'an item without a stream': { tokens: [{ token: JWT }] },
    'an item that is none': { tokens: [null] },
    'an empty security object': { security: {} },
    'a security object whose token ends a header': { security: { token: 'opaque\r\nX: y' } },
    'a security object whose JWT has a space': { security: { jwtoken: 'opaque token' } },
    'success: false': { success: false, data: { token: JWT } },
    'a server time that is none': { token: JWT, serverTime: 'now' },
  };
  for (const [name, answer] of Object.entries(nonsense)) {
    it(`refuses ${name}`, () => {
      assert.throws(() => parseTokenResponse(answer, ['a']), {
        code: 'token-response-invalid',
        retryable: false,
      });
    });
  }

  it('refuses a server time in milliseconds', () => {
    assert.throws(() => parseTokenResponse({ token: JWT, serverTime: 1_708_457_000_000 }, ['a']), {
      code: 'token-time-unit',
      message: /"serverTime"/,
    });
  });

  it('throws only typed errors for random input', () => {
    const keys = fc.constantFrom(
      'token',
      'tokens',
      'security',
      'data',
      'h5live',
      'success',
      'stream',
      'serverTime',
      'playlists',
      'jwtoken',
      'expiresAt',
      'query',
      'headers',
      'path',
      'cookie',
      'url',
      'origins',
      'parts',
      '__proto__',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.anything(),
        fc.constant(JWT),
        fc.dictionary(keys, tie('tree')),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (answer) => {
        try {
          const { items } = parseTokenResponse(answer, ['a', 'b']);
          for (const { value } of items)
            assert.ok(secretOf(value) || (typeof value === 'object' && 'parts' in value));
        } catch (error) {
          assert.ok(error instanceof GatecastError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('readTokenValue', () => {
  it('accepts a value of Authorization with its scheme', () => {
    for (const value of ['Basic dXNlcjpwdw==', 'bearer abc.def', 'Token 0123'])
      assert.equal(readTokenValue(value), value);
  });

  it('refuses line ends and other text after a scheme', () => {
    for (const value of [
      'Basic a\r\nX: y',
      'Basic\ndXNl',
      'Basic a b',
      'Basic  a',
      'Not Found',
      'Bad gateway',
    ])
      assert.throws(() => readTokenValue(value), { code: 'token-response-invalid' });
  });

  it('shows a credential neither with its scheme nor without', () => {
    readTokenValue('Basic c2VjcmV0OnZhbHVl');
    assert.equal(redactText('sent Basic c2VjcmV0OnZhbHVl and c2VjcmV0OnZhbHVl.').includes('c2VjcmV0'), false);
  });

  it('accepts a token or security object of the page', () => {
    assert.equal(readTokenValue(` ${JWT} `), JWT);
    assert.deepEqual(readTokenValue({ token: 'abc', expires: 1_708_457_257 }), {
      token: 'abc',
      expires: '1708457257',
    });
    assert.deepEqual(readTokenValue(SECURITY), SECURITY);
  });

  it('refuses what is neither', () => {
    for (const value of ['', '  ', 'two words', {}, null, undefined, 5, [JWT]])
      assert.throws(() => readTokenValue(value), { code: 'token-response-invalid' });
  });
});
