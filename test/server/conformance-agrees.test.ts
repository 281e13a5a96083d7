import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkConformance } from '@gatecast/server';
import { parseTokenResponse } from '../../packages/token/src/source/parse-token-response.js';
import { readTokenTimes } from '../../packages/token/src/source/token.js';

const nowSeconds = Math.floor(Date.now() / 1000);
const end = nowSeconds + 60;
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: object) => `${part({ alg: 'ES256', kid: 'k' })}.${part(claims)}.c2ln`;
const item = (members: object) => ({ tokens: [{ stream: 'a', ...members }] });

/** Answers to a request for the stream `a`: JSON, or a text as it is. */
const answers: readonly unknown[] = [
  jwt({ exp: end }),
  'opaque',
  '<html>Sign in</html>',
  'Please sign in first, then try again',
  '',
  '"quoted"',
  '{"token": ',
  '[opaque',
  '123',
  [],
  {},
  { token: 'opaque' },
  { token: '' },
  { token: 5 },
  { token: null },
  { token: jwt({ exp: end }) },
  { token: jwt({ exp: end * 1000 }) },
  { token: jwt({ exp: end, iat: Date.now() }) },
  { token: jwt({ exp: String(end) }) },
  { token: jwt({}) },
  { token: 'eyJx.eyJx.x' },
  { token: 'Bearer abc' },
  { token: 'a\nb' },
  { token: 'x'.repeat(20_000) },
  { token: 'opaque', expiresAt: end * 1000 },
  { token: 'opaque', expiresAt: String(end) },
  { token: 'opaque', expiresAt: '' },
  { token: 'opaque', expiresAt: null },
  { token: 'opaque', expiresAt: 'tomorrow' },
  { token: 'opaque', expiresAt: -1 },
  { token: 'opaque', serverTime: nowSeconds * 1000 },
  { token: 'opaque', serverTime: String(nowSeconds) },
  { access_token: 'opaque', token_type: 'Bearer', expires_in: 300 },
  { access_token: jwt({ exp: end }), expires_in: 300 },
  { access_token: 'opaque', expires_in: end },
  { accessToken: 'opaque', expiresIn: '300' },
  { token: 'opaque', expiresIn: '1h' },
  { token: 'opaque', expires_at: end },
  { token: 'opaque', expires_at: end * 1000 },
  { success: true, data: { token: 'opaque' } },
  { success: false, data: { token: 'opaque' } },
  { h5live: { security: { token: 't', expires: String(end), tag: '', options: '2' } } },
  { h5live: { security: { token: 't', expires: end } } },
  { security: { jwtoken: jwt({ exp: end }) } },
  { security: { token: 't', expires: String(end * 1000) } },
  { security: {} },
  { security: { token: 'a b c d' } },
  { jwtoken: jwt({ exp: end }) },
  { token: 't', expires: String(end), tag: '', options: '2' },
  { token: 't', expires: 'never', tag: '', options: '2' },
  { query: { a: 'b' } },
  { query: { a: 5 }, cookie: false },
  { query: { a: 'b c' } },
  { query: null, token: 'opaque' },
  { cookie: false },
  { cookie: true },
  { headers: { 'X-A': 'b' }, path: null },
  { path: '//host/' },
  { url: 'https://cdn.test/a.m3u8?b=c' },
  { url: 'https://user@cdn.test/a.m3u8' },
  { origins: ['https://a.test'] },
  { tokens: 'none' },
  { tokens: [{ token: 'opaque' }] },
  { tokens: [5] },
  item({ token: 'opaque' }),
  item({ token: 'opaque', expiresAt: end }),
  item({ token: 'opaque', expires_in: 300 }),
  item({ token: 'opaque', expires_in: -1 }),
  item({ token: 'opaque', expiresAt: end * 1000 }),
  item({ security: { token: 't', expires: end * 1000 } }),
  item({ data: { token: 'opaque' } }),
  item({ cookie: true, origins: ['https://a.test'] }),
  item({ origins: [] }),
  { tokens: [], url: 'https://cdn.test/a.m3u8' },
  { ...item({ token: 'opaque' }), serverTime: 'noon' },
];

/** Reads an answer as the elements do. */
function isReadable(answer: unknown): boolean {
  // As the source of `token-url` does: a text that looks like JSON is JSON.
  const isJson = typeof answer === 'string' && /^[{["]/.test(answer);
  try {
    const given: unknown = isJson ? JSON.parse(answer) : answer;
    const { items } = parseTokenResponse(given, ['a']);
    const own = items.filter(({ stream }) => stream === 'a');
    for (const { value, expiresAt } of own) readTokenTimes(value, expiresAt);
    return own.length > 0;
  } catch {
    return false;
  }
}

describe('the required points of checkConformance', () => {
  for (const answer of answers) {
    it(`agree with the elements on ${JSON.stringify(answer).slice(0, 90)}`, async () => {
      const fetch = async () => (typeof answer === 'string' ? new Response(answer) : Response.json(answer));
      const findings = await checkConformance({ url: 'https://backend.test/', streams: ['a'], fetch });
      const missing = findings.filter(({ level }) => level === 'missing').map(({ what }) => what);
      assert.equal(missing.length === 0, isReadable(answer), missing.join('; '));
    });
  }
});
