import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Authorizer,
  customSource,
  GatecastError,
  parsePlacement,
  redactText,
  TokenManager,
  type AuthorizedRequest,
  type TokenAnswer,
} from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';
import { fakeJwt } from '../support/jwt.js';

const CDN = 'https://cdn.example';
const OTHER = 'https://other.example';
const ENTRY = `${CDN}/live/demo.m3u8`;
const SIGNATURE = 'nitfHRCrtziwO2HwPfWw';
/** After the time of the clock. */
const END = 2_000_000_000;

/** Authorizes requests with what a backend answers. */
async function open(answer: (time: FakeClock) => unknown, origins: readonly string[] = [ENTRY, OTHER]) {
  const time = new FakeClock();
  const source = customSource(async () => answer(time) as TokenAnswer, { clock: time.clock });
  const tokens = new TokenManager({ source, purpose: 'playback', clock: time.clock, random: () => 0.5 });
  tokens.lease({ streams: ['demo'] });
  const got = tokens.get('demo');
  got.catch(() => undefined);
  await time.advance(20);
  await got;
  const authorizer = new Authorizer({ tokens, placement: parsePlacement('query:token'), origins });
  const authorize = (url: string): AuthorizedRequest => {
    const request = authorizer.authorizeNow(url, 'demo');
    assert.ok(request);
    return request;
  };
  return { time, tokens, authorizer, authorize };
}

const one = (item: object) => (time: FakeClock) => ({
  tokens: [{ stream: 'demo', expiresAt: time.wallMs / 1000 + 60, ...item }],
});

describe('a token that says where it goes', () => {
  it('sets several query fields, as they stand in an address', async () => {
    const query = { Policy: 'eyJT_~-', Signature: 'a%2fb+c', 'Key-Pair-Id': 'K2J' };
    const { authorize } = await open(one({ query }));
    assert.equal(
      authorize(`${CDN}/live/1.m4s?x=1`).url,
      `${CDN}/live/1.m4s?x=1&Policy=eyJT_~-&Signature=a%2fb%2Bc&Key-Pair-Id=K2J`,
    );
    // A child that has them already gets the new ones in the same place.
    assert.equal(
      authorize(`${CDN}/live/1.m4s?Policy=eyJT_~-&y=2`).url,
      `${CDN}/live/1.m4s?Policy=eyJT_~-&y=2&Signature=a%2fb%2Bc&Key-Pair-Id=K2J`,
    );
  });

  it('leaves an address alone that the origin has signed', async () => {
    const { authorize } = await open(one({ query: { Policy: 'ours', Signature: SIGNATURE } }));
    const url = `${CDN}/live/1.m4s?Policy=theirs&Signature=other`;
    const request = authorize(url);
    assert.equal(request.url, url);
    assert.equal(request.version, null);
  });

  it('keeps the other members where an address has a field of its origin', async () => {
    const { authorize } = await open(one({ query: { sig: 'ours' }, headers: { 'X-A': '1' }, cookie: true }));
    const request = authorize(`${CDN}/live/1.m4s?sig=theirs`);
    assert.equal(request.url, `${CDN}/live/1.m4s?sig=theirs`);
    assert.deepEqual([request.headers, request.credentials], [{ 'X-A': '1' }, 'include']);
    assert.notEqual(request.version, null);
  });

  it('sets headers, and follows no redirect with them but with Authorization', async () => {
    const { authorize } = await open(one({ headers: { 'X-Token': 'abc' } }));
    const request = authorize(`${CDN}/live/1.m4s`);
    assert.deepEqual(request.headers, { 'X-Token': 'abc' });
    assert.equal(request.redirect, 'manual');
    const bearer = await open(one({ headers: { Authorization: 'Bearer abc' } }));
    assert.equal(bearer.authorize(`${CDN}/live/1.m4s`).redirect, 'follow');
  });

  it('puts a prefix before the path, once', async () => {
    const path = '/bcdn_token=HS256-abcdef&expires=1999999999&token_path=%2Flive%2F';
    const { authorize, authorizer } = await open(one({ path }));
    const { url } = authorize(`${CDN}/live/a/1.m4s?q=1`);
    assert.equal(url, `${CDN}${path}/live/a/1.m4s?q=1`);
    const known = authorizer.withoutTokens(url);
    assert.ok(!known.includes('HS256'));
    assert.equal(authorize(known).url, url);
  });

  it('puts a short prefix before the path once, and before a path that begins like it', async () => {
    const { authorize } = await open(one({ path: '/abc/' }));
    assert.equal(authorize(`${CDN}/abc/live/1.m4s`).url, `${CDN}/abc/live/1.m4s`);
    assert.equal(authorize(`${CDN}/abcdef/1.m4s`).url, `${CDN}/abc/abcdef/1.m4s`);
  });

  it('replaces the segment of the path that is the name of the stream', async () => {
    const token = fakeJwt({ exp: 1_999_999_999 });
    const { authorize, authorizer } = await open(one({ path: token }));
    const { url } = authorize(`${CDN}/demo/manifest/video.m3u8`);
    assert.equal(url, `${CDN}/${token}/manifest/video.m3u8`);
    assert.equal(authorize(authorizer.withoutTokens(url)).url, url);
  });

  it('sends cookies', async () => {
    const { authorize } = await open(one({ cookie: true }));
    const request = authorize(`${CDN}/live/1.m4s`);
    assert.equal(request.credentials, 'include');
    assert.equal(request.url, `${CDN}/live/1.m4s`);
    assert.notEqual(request.version, null);
    assert.equal(authorize('https://ads.example/1.mp4').credentials, undefined);
  });

  it('requests the first playlist at its signed address, and leaves its children alone', async () => {
    const url = `${CDN}/other/path.m3u8?Expires=1999999999&Signature=${SIGNATURE}`;
    const { authorize } = await open(one({ url }));
    assert.equal(authorize(ENTRY).url, url);
    const child = `${CDN}/live/low.m3u8?sig=of-the-origin`;
    assert.equal(authorize(child).url, child);
    assert.equal(authorize(child).version, null);
  });

  it('sends nothing else to a signed address of an origin that is not allowed', async () => {
    const url = `https://new.example/live.m3u8?Signature=${SIGNATURE}`;
    const { authorize } = await open(one({ url, token: 'secret-token', headers: { 'X-Token': 'abc' } }));
    const request = authorize(ENTRY);
    assert.equal(request.url, url);
    assert.deepEqual(request.headers, {});
  });

  it('takes several members at once, a token among them', async () => {
    const item = { token: 'abc.def', query: { policy: 'p' }, headers: { 'X-A': '1' }, cookie: true };
    const request = (await open(one(item))).authorize(`${CDN}/live/1.m4s`);
    assert.equal(request.url, `${CDN}/live/1.m4s?token=abc.def&policy=p`);
    assert.deepEqual(request.headers, { 'X-A': '1' });
    assert.equal(request.credentials, 'include');
  });

  it('goes to the origins that it is for, and never to others', async () => {
    const { authorize } = await open((time) => ({
      tokens: [
        { stream: 'demo', query: { hdnts: 'akamai' }, origins: [CDN], expiresAt: time.wallMs / 1000 + 60 },
        { stream: 'demo', headers: { 'X-B': 'b' }, origins: [OTHER, 'https://evil.example'] },
      ],
    }));
    assert.equal(authorize(`${CDN}/live/1.m4s`).url, `${CDN}/live/1.m4s?hdnts=akamai`);
    assert.deepEqual(authorize(`${OTHER}/live/1.m4s`).headers, { 'X-B': 'b' });
    assert.equal(authorize(`${OTHER}/live/1.m4s`).url, `${OTHER}/live/1.m4s`);
    const evil = authorize('https://evil.example/live/1.m4s');
    assert.deepEqual([evil.url, evil.headers], ['https://evil.example/live/1.m4s', {}]);
  });

  it('does not follow the signed address to an origin that it is not for', async () => {
    const url = `${OTHER}/live/demo.m3u8?Signature=${SIGNATURE}`;
    const own = { query: { k: 'for-the-first' }, headers: { 'X-A': 'a' }, origins: [CDN] };
    const { authorize } = await open(one({ ...own, url }));
    const request = authorize(ENTRY);
    assert.deepEqual([request.url, request.headers], [url, {}]);
    const { authorize: authorizeBoth } = await open((time) => ({
      tokens: [
        { stream: 'demo', ...own, url, expiresAt: time.wallMs / 1000 + 60 },
        { stream: 'demo', headers: { 'X-B': 'b' }, origins: [OTHER] },
      ],
    }));
    assert.deepEqual(authorizeBoth(ENTRY).headers, { 'X-B': 'b' });
  });

  const failing: Record<string, object> = {
    'has no token': {},
    'has nothing that can be placed': { path: '../x' },
    'has an end in milliseconds': { query: { sig: SIGNATURE }, expiresAt: END * 1000 },
    'has ended': { query: { sig: SIGNATURE }, expiresAt: 1 },
  };
  for (const [what, item] of Object.entries(failing)) {
    it(`goes to the other origins if the item for one ${what}`, async () => {
      const { authorize, tokens } = await open(({ wallMs }) => ({
        tokens: [
          { stream: 'demo', ...item, origins: [OTHER] },
          { stream: 'demo', query: { sig: 'good' }, origins: [CDN], expiresAt: END },
        ],
        serverTime: Math.floor(wallMs / 1000),
      }));
      assert.equal(authorize(ENTRY).url, `${ENTRY}?sig=good`);
      assert.equal(authorize(`${OTHER}/1.ts`).url, `${OTHER}/1.ts`);
      assert.equal(tokens.peek('demo')?.expiresAtMs, END * 1000);
    });

    // One that has ended is asked for again: see token-manager-failure.test.ts.
    if (what === 'has ended') continue;
    it(`is an error if the only item ${what}`, async () => {
      const answer = ({ wallMs }: FakeClock) => ({
        tokens: [{ stream: 'demo', ...item, origins: [OTHER] }],
        serverTime: Math.floor(wallMs / 1000),
      });
      await assert.rejects(open(answer), { code: /^token-(?:response-invalid|time-unit)$/ });
    });
  }

  it('is not sent to an allowed origin that none of its items is for', async () => {
    const { authorize } = await open(one({ token: 'abc.def', origins: [OTHER] }));
    assert.equal(authorize(`${CDN}/live/1.m4s`).url, `${CDN}/live/1.m4s`);
    assert.equal(authorize(`${OTHER}/live/1.m4s`).url, `${OTHER}/live/1.m4s?token=abc.def`);
  });

  const ends: Record<string, object> = {
    'Expires of CloudFront': { query: { Expires: String(END), Signature: SIGNATURE } },
    'exp of EdgeAuth': { query: { hdnts: `exp=${END}~acl=/*~hmac=00` } },
    'a signed address': { url: `${ENTRY}?Expires=${END}&Signature=${SIGNATURE}` },
    'exp of a JWT in the path': { path: fakeJwt({ exp: END }) },
    'a header': { headers: { Authorization: `Bearer ${fakeJwt({ exp: END })}` } },
  };
  for (const [name, item] of Object.entries(ends)) {
    it(`ends at the time in ${name}`, async () => {
      const { tokens } = await open(() => ({ tokens: [{ stream: 'demo', ...item }] }));
      assert.equal(tokens.status('demo').expiresAtMs, END * 1000);
    });
  }

  it('shows what carries it, and no more', async () => {
    const item = { token: 'abc.def', query: { sig: SIGNATURE }, cookie: true, origins: [CDN] };
    const { tokens } = await open(one(item));
    assert.deepEqual(tokens.status('demo').carriers, ['token', 'query', 'cookie']);
    const text = redactText(`GET /a?x ${SIGNATURE} and Bearer abc.def`);
    assert.ok(!text.includes(SIGNATURE));
  });

  it('is not searched for in the paths of other tokens', async () => {
    await open(one({ query: { s: 'live', t: 'demo' } }));
    const { tokens } = await open(one({ token: 'abc.def' }));
    const placement = parsePlacement('path:/t/{token}{path}');
    const authorizer = new Authorizer({ tokens, placement, origins: [ENTRY] });
    assert.equal(
      authorizer.authorizeNow(`${CDN}/live/demo/1.m4s`, 'demo')?.url,
      `${CDN}/t/abc.def/live/demo/1.m4s`,
    );
  });

  it('keeps times, paths and short ids readable in messages', async () => {
    await open(
      one({ query: { Expires: '1999999999', 'Key-Pair-Id': 'K2JCJMDEHXQW5F', token_path: '/live/abc/' } }),
    );
    const text = 'until 1999999999 with K2JCJMDEHXQW5F under /live/abc/';
    assert.equal(redactText(text), text);
  });

  const faults: readonly (readonly [string, object])[] = [
    ['a line end in a header', { headers: { 'X-A': 'a\r\nCookie: b' } }],
    ['a header name that is none', { headers: { 'X A': 'a' } }],
    ['a blank in a query value', { query: { a: 'b c' } }],
    ['query as a list', { query: ['a'] }],
    ['no fields', { query: {} }],
    ['a dot segment', { path: '/../x' }],
    ['an encoded dot segment', { path: '/%2e%2E/x' }],
    ['another host as the path', { path: '//evil.example' }],
    ['a query in the path', { path: '/a?b' }],
    ['an address of another scheme', { url: 'javascript:alert(1)' }],
    ['an address with a password', { url: 'https://me:pass@cdn.example/' }],
    ['origins without a token', { origins: [CDN] }],
    ['no origins', { token: 'abc', origins: [] }],
    ['an origin that is none', { token: 'abc', origins: ['*'] }],
  ];
  for (const [name, item] of faults) {
    it(`refuses ${name} with a typed error`, async () => {
      await assert.rejects(
        open(one(item)),
        (error) => error instanceof GatecastError && error.code === 'token-response-invalid',
      );
    });
  }
});

describe('the signed address of an answer', () => {
  it('may be all that it contains, for a stream of any name', async () => {
    const url = `${ENTRY}?Signature=${SIGNATURE}`;
    const item = { stream: 'x', cookie: true };
    const answers = [{ url }, { url, tokens: [] }, { url, tokens: [item] }, { tokens: [{ ...item, url }] }];
    for (const answer of answers) {
      const { authorize } = await open(() => answer);
      assert.equal(authorize(ENTRY).url, url);
    }
  });

  it('goes with a token for the rest', async () => {
    const url = `${CDN}/live/demo.m3u8?Signature=${SIGNATURE}`;
    const { authorize } = await open((time) => ({ ...one({ token: 'abc.def' })(time), url }));
    assert.equal(authorize(ENTRY).url, `${url}&token=abc.def`);
    assert.equal(authorize(`${CDN}/live/1.m4s`).url, `${CDN}/live/1.m4s?token=abc.def`);
  });

  it('belongs to the item that is for its origin, or to none', async () => {
    const url = `${OTHER}/live/demo.m3u8?Signature=${SIGNATURE}`;
    const first = { stream: 'demo', query: { k: 'for-the-first' }, origins: [CDN] };
    const second = { stream: 'demo', headers: { 'X-B': 'b' }, origins: [OTHER] };
    for (const tokens of [[first, second], [first]]) {
      const entry = `${OTHER}/live/demo.m3u8`;
      const { authorize } = await open(() => ({ tokens, url }), [entry]);
      const request = authorize(entry);
      assert.equal(request.url, url);
      assert.deepEqual(request.headers, tokens.length === 2 ? { 'X-B': 'b' } : {});
    }
  });

  it('may have its token in the path, and gives it to what is below', async () => {
    const token = fakeJwt({ exp: 4_000_000_000 });
    const { authorize, authorizer } = await open(one({ url: `${CDN}/${token}/manifest/video.m3u8` }));
    assert.equal(authorize(ENTRY).url, `${CDN}/${token}/manifest/video.m3u8`);
    const child = authorizer.withoutTokens(`${CDN}/${token}/manifest/low.m3u8`);
    assert.ok(!child.includes(token));
    assert.equal(authorize(child).url, `${CDN}/${token}/manifest/low.m3u8`);
  });
});
