import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePlacement, secretOf, type Placement } from '@gatecast/token';
import { placeToken } from '@gatecast/token/internal/request/placement';
import { TOKEN_MARKER } from '@gatecast/token/internal/known-secrets';
import fc from 'fast-check';

const QUERY: Placement = { kind: 'query', name: 'token' };

describe('parsePlacement', () => {
  const good: [string, Placement][] = [
    ['query:token', QUERY],
    ['query', QUERY],
    [' query: hdnts ', { kind: 'query', name: 'hdnts' }],
    ['header', { kind: 'header', name: 'Authorization', scheme: 'Bearer ' }],
    ['header:X-Token', { kind: 'header', name: 'X-Token', scheme: '' }],
    ['path:/{token}{path}', { kind: 'path', template: '/{token}{path}' }],
    ['path:{dir}{token}/{file}', { kind: 'path', template: '{dir}{token}/{file}' }],
    ['cookie', { kind: 'cookie' }],
    ['none', { kind: 'none' }],
  ];
  for (const [text, placement] of good) {
    it(`reads ${text}`, () => assert.deepEqual(parsePlacement(text), placement));
  }

  for (const text of [
    '',
    'query:',
    'header:',
    'header:X Token',
    'header:X:Y',
    'path',
    'path:/{path}',
    'bearer',
    'Query:token',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => parsePlacement(text), TypeError));
  }

  for (const text of ['path:{token}{path}', 'path:.{token}{path}', 'path:{file}{token}']) {
    it(`refuses ${text}, which would put the token into the host name`, () => {
      assert.throws(() => parsePlacement(text), /must begin with/);
    });
  }
});

describe('placeToken', () => {
  it('keeps the scheme of a value', () => {
    for (const text of ['header', 'header:Authorization'])
      assert.deepEqual(
        placeToken(parsePlacement(text), 'https://cdn.example/a.m3u8', 'Basic dXNlcjpwdw==').headers,
        {
          Authorization: 'Basic dXNlcjpwdw==',
        },
      );
  });

  const at = (url: string, value = 'T', placement: Placement = QUERY) =>
    placeToken(placement, url, value).url;

  it('extends a query without changing it', () => {
    const signed =
      'https://cdn.example/a%2Fb.m3u8?Policy=ey_~-&x=%7e%20+&y=a/b:c,d&&e=%E2%82%AC&Signature=a%2Bb==';
    assert.equal(at(signed), `${signed}&token=T`);
    assert.equal(
      at('https://cdn.example/a.m3u8?_HLS_msn=27&_HLS_part=3'),
      'https://cdn.example/a.m3u8?_HLS_msn=27&_HLS_part=3&token=T',
    );
  });

  it('starts a query, extends an empty one, and stays before the fragment', () => {
    assert.equal(at('https://cdn.example/a.m3u8'), 'https://cdn.example/a.m3u8?token=T');
    assert.equal(at('https://cdn.example/a.m3u8?'), 'https://cdn.example/a.m3u8?token=T');
    assert.equal(at('https://cdn.example/a.m3u8?x=1&'), 'https://cdn.example/a.m3u8?x=1&token=T');
    assert.equal(
      at('https://cdn.example/a.m3u8#t=5?&token=x'),
      'https://cdn.example/a.m3u8?token=T#t=5?&token=x',
    );
    assert.equal(at('https://cdn.example/a.m3u8?x=1#'), 'https://cdn.example/a.m3u8?x=1&token=T#');
  });

  it('replaces its own parameter at any position, also if it is repeated', () => {
    assert.equal(at('https://cdn.example/a?token=old'), 'https://cdn.example/a?token=T');
    assert.equal(at('https://cdn.example/a?token=&b=%20'), 'https://cdn.example/a?token=T&b=%20');
    assert.equal(
      at('https://cdn.example/a?x=1&token=old&y=2&token=older'),
      'https://cdn.example/a?x=1&token=T&y=2&token=T',
    );
    assert.equal(
      at('https://cdn.example/a?xtoken=1&token2=2'),
      'https://cdn.example/a?xtoken=1&token2=2&token=T',
    );
    assert.equal(
      at('https://cdn.example/a?x.y=1', 'T', { kind: 'query', name: 'x.y' }),
      'https://cdn.example/a?x.y=T',
    );
    assert.equal(
      at('https://cdn.example/a?xzy=1', 'T', { kind: 'query', name: 'x.y' }),
      'https://cdn.example/a?xzy=1&x.y=T',
    );
  });

  it('replaces its own parameter also if its name is encoded', () => {
    const { url } = placeToken(parsePlacement('query:token'), 'https://a.example/x?%74oken=other&%zz=1', 't');
    assert.equal(url, 'https://a.example/x?token=t&%zz=1');
  });

  it('does not read the path as a parameter', () => {
    assert.equal(
      at('https://cdn.example/live&token=x/a.m3u8'),
      'https://cdn.example/live&token=x/a.m3u8?token=T',
    );
  });

  it('encodes in the query only what it may not contain or what would change its meaning', () => {
    assert.equal(
      at('https://cdn.example/a?token=old', "a+b/c=&d$&$1$'"),
      "https://cdn.example/a?token=a%2Bb/c=%26d$%26$1$'",
    );
    const signed = 'st=1~exp=2~acl=/live/*~hmac=ab';
    assert.equal(
      at('https://cdn.example/a', signed, parsePlacement('query:hdnts')),
      `https://cdn.example/a?hdnts=${signed}`,
    );
    assert.equal(at('https://a.example/', "-._~!$'()*,;:@/?="), "https://a.example/?token=-._~!$'()*,;:@/?=");
    assert.equal(
      at('https://a.example/', 'a&b+c#d%e f"<>[]^|'),
      'https://a.example/?token=a%26b%2Bc%23d%25e%20f%22%3C%3E%5B%5D%5E%7C',
    );
  });

  it('encodes in the path only what a segment may not contain', () => {
    const fill = (value: string) =>
      at('https://a.example/live/a.m3u8', value, parsePlacement('path:/{token}{path}'));
    assert.equal(
      fill('st=1~exp=2~acl=!*~hmac=ab'),
      'https://a.example/st=1~exp=2~acl=!*~hmac=ab/live/a.m3u8',
    );
    assert.equal(fill("-._~!$&'()*,;=:@"), "https://a.example/-._~!$&'()*,;=:@/live/a.m3u8");
    assert.equal(fill('a/b?c#d%e f+'), 'https://a.example/a%2Fb%3Fc%23d%25e%20f%2B/live/a.m3u8');
  });

  it('encodes the token for the place of its marker', () => {
    const { url } = placeToken(
      { kind: 'header', name: 'X', scheme: '' },
      `https://a.example/${TOKEN_MARKER}/a?b=${TOKEN_MARKER}`,
      'a/b',
    );
    assert.equal(url, 'https://a.example/a%2Fb/a?b=a/b');
  });

  it('keeps any query as it was and makes the token readable', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ withQueryParameters: true, withFragments: true }),
        fc.string({ minLength: 1, unit: 'grapheme-ascii' }),
        (url, token) => {
          const placed = at(url, token);
          const [before = '', fragment] = url.split(/(#.*)$/s);
          assert.ok(placed.startsWith(before) && placed.endsWith(fragment ?? ''));
          assert.equal(new URL(placed).searchParams.get('token'), token);
          assert.equal(at(placed, token), placed);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('sends a security object as its own fields, without those that are empty', () => {
    const security = { token: 'a+b', expires: '1708457257', tag: '', options: '9' };
    assert.deepEqual(placeToken(QUERY, 'https://cdn.example/a?x=1', security), {
      url: 'https://cdn.example/a?x=1&token=a%2Bb&expires=1708457257&options=9',
      headers: {},
    });
    const partial = JSON.parse('{"token":"a","tag":null}') as { token: string };
    assert.equal(placeToken(QUERY, 'https://cdn.example/a', partial).url, 'https://cdn.example/a?token=a');
  });

  it('sends the JWT of a security object under the configured name', () => {
    assert.equal(
      placeToken({ kind: 'query', name: 'jwt' }, 'https://cdn.example/a', { jwtoken: 'J' }).url,
      'https://cdn.example/a?jwt=J',
    );
  });

  it('puts the token into a header and does not change the URL', () => {
    const url = 'https://cdn.example/a?x=%7e';
    assert.deepEqual(placeToken(parsePlacement('header'), url, 'T'), {
      url,
      headers: { Authorization: 'Bearer T' },
    });
    assert.deepEqual(placeToken(parsePlacement('header:X-Token'), url, { jwtoken: 'T' }), {
      url,
      headers: { 'X-Token': 'T' },
    });
  });

  it('fills a path template and does not change host and query', () => {
    const url = 'https://cdn.example:8443/live/a.m3u8?x=%7e/#f';
    const fill = (template: string, value = 'T/1', from = url) =>
      at(from, value, parsePlacement(`path:${template}`));
    assert.equal(fill('/{token}{path}'), 'https://cdn.example:8443/T%2F1/live/a.m3u8?x=%7e/#f');
    assert.equal(fill('{dir}{token}/{file}'), 'https://cdn.example:8443/live/T%2F1/a.m3u8?x=%7e/#f');
    assert.equal(fill('{path};t={token}'), 'https://cdn.example:8443/live/a.m3u8;t=T%2F1?x=%7e/#f');
    assert.equal(
      fill('/{token}{path}', '{path}'),
      'https://cdn.example:8443/%7Bpath%7D/live/a.m3u8?x=%7e/#f',
    );
  });

  it('never puts a token into the host name, also when the path is empty', () => {
    for (const template of ['{path};t={token}', '{dir}{token}', '/{token}{path}']) {
      for (const url of ['https://cdn.example', 'https://cdn.example?x=1', 'https://cdn.example#f']) {
        const placed = at(url, 'T', parsePlacement(`path:${template}`));
        assert.equal(new URL(placed).host, 'cdn.example');
      }
    }
  });

  it('changes nothing for cookie and none', () => {
    for (const kind of ['cookie', 'none'] as const)
      assert.deepEqual(placeToken({ kind }, 'https://cdn.example/a', 'T'), {
        url: 'https://cdn.example/a',
        headers: {},
      });
  });

  it('returns the string of a token value', () => {
    assert.equal(secretOf('a'), 'a');
    assert.equal(secretOf({ jwtoken: 'b', token: 'c' }), 'b');
    assert.equal(secretOf({ token: 'c' }), 'c');
    assert.equal(secretOf({ jwtoken: '', token: 'c' }), 'c');
  });
});
