import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { ownEnds } from '@gatecast/contract';
import { akamaiEdgeAuthIssuer, type AkamaiEdgeAuthIssuerOptions } from '@gatecast/server';
import { codeOf, issue, now, NOW_SECONDS, schemeOf } from '../support/scheme-kit.js';

interface EdgeAuth {
  generateACLToken(acl: string | string[]): string;
  generateURLToken(url: string): string;
}
const EdgeAuthLibrary = createRequire(import.meta.url)('akamai-edgeauth') as new (
  options: object,
) => EdgeAuth;

const key = '52a152a152a152a152a152a152a1';
const end = NOW_SECONDS + 300;
const acl = '/live/{stream}/*';
const url = 'https://media.example.com/live/{stream}/index.m3u8';
const options = { key, acl, now } satisfies AkamaiEdgeAuthIssuerOptions;
const library = (own: object = {}) => new EdgeAuthLibrary({ key, endTime: end, ...own });

const kit = (config: object = {}, secrets = { KEY: key, SALT: 'pepper' }) =>
  schemeOf({ type: 'akamai-edgeauth', key: { env: 'KEY' }, acl, ...config }, secrets);
const at = (path: string, token = '', name = 'hdnts') =>
  new Request(`https://media.example.com${path}?${name}=${token}`);

describe('akamaiEdgeAuthIssuer', () => {
  for (const algorithm of ['sha256', 'sha1', 'md5'] as const) {
    for (const escapeEarly of [false, true]) {
      it(`writes the same tokens as Akamai’s library with ${algorithm}, escapeEarly ${String(escapeEarly)}`, async () => {
        const shared = { algorithm, escapeEarly, salt: 'pepper' };
        const payload = escapeEarly ? "plan=gold~it's*(new)!" : 'plan=gold';
        const issuer = akamaiEdgeAuthIssuer({
          ...options,
          ...shared,
          acl: [acl, '/keys/{stream}.key'],
          payload,
          startTime: NOW_SECONDS - 5,
          sessionId: true,
        });
        const ip = escapeEarly ? '2001:db8::1' : '192.0.2.7';
        const issued = await issue(issuer, 'abc', { id: 'grant-7', restrictions: { ip } });
        const expected = library({
          ...shared,
          payload,
          startTime: NOW_SECONDS - 5,
          sessionId: 'grant-7',
          ip,
        });
        const token = expected.generateACLToken(['/live/abc/*', '/keys/abc.key']);
        assert.deepEqual(issued, { query: { hdnts: token }, expiresAt: end, tokenId: 'grant-7' });

        const single = akamaiEdgeAuthIssuer({ key, url, now, ...shared });
        const path = '/live/abc/index.m3u8';
        assert.deepEqual(await issue(single), {
          url: `https://media.example.com${path}?hdnts=${library(shared).generateURLToken(path)}`,
          expiresAt: end,
        });
      });
    }
  }

  it('puts the token into the entry address, a cookie or a header', async () => {
    const token = library().generateACLToken('/live/abc/*');
    const placed = (own: object) => issue(akamaiEdgeAuthIssuer({ ...options, ...own }));
    const entry = 'https://media.example.com/live/abc/index.m3u8';
    const signed = `${entry}?hdnea=${token}`;
    assert.deepEqual(await placed({ tokenName: 'hdnea', placement: 'url', url }), {
      url: signed,
      expiresAt: end,
    });
    const exchanged = await placed({ placement: 'url', url, sessionCookie: true });
    assert.deepEqual(exchanged, { url: `${entry}?hdnts=${token}`, cookie: true, expiresAt: end });
    assert.deepEqual(await placed({ placement: 'header' }), { headers: { hdnts: token }, expiresAt: end });
    assert.deepEqual(
      await placed({ placement: 'cookie', url, cookie: { domain: 'example.com', path: acl.slice(0, -1) } }),
      {
        cookie: true,
        setCookies: [`hdnts=${token}; Domain=example.com; Path=/live/abc/; Secure; HttpOnly; SameSite=Lax`],
        url: entry,
        expiresAt: end,
      },
    );
    const own = await placed({ url: `${url}?quality=high` });
    assert.deepEqual(own, {
      query: { hdnts: token },
      url: `${entry}?quality=high&hdnts=${token}`,
      expiresAt: end,
    });
  });

  it('takes begin, end and address from the grant, and begins now if it should', async () => {
    const grant = {
      expiresAt: NOW_SECONDS + 20,
      claims: { nbf: NOW_SECONDS - 9 },
      restrictions: { ip: '192.0.2.7' },
    };
    const issued = await issue(akamaiEdgeAuthIssuer({ ...options, startTime: 'now' }), 'abc', grant);
    assert.match(issued.query?.['hdnts'] ?? '', /^ip=192\.0\.2\.7~st=1708456991~exp=1708457020~acl=/);
    const started = await issue(akamaiEdgeAuthIssuer({ ...options, startTime: 'now' }));
    assert.match(started.query?.['hdnts'] ?? '', /^st=1708457000~exp=1708457300~acl=/);
  });

  it('refuses a grant that a token cannot express', async () => {
    for (const grant of [
      { claims: { tier: 'gold' } },
      { restrictions: { referer: 'example.com' } },
      { claims: { nbf: end } },
    ])
      assert.equal(
        await codeOf(issue(akamaiEdgeAuthIssuer(options), 'abc', grant)),
        'issuer-parameter-invalid',
      );
  });

  it('never lets the name of a stream widen what is signed', async () => {
    for (const name of ['*', 'a?', 'a!', 'a/*!/live', 'a~hmac=0'])
      assert.equal(await codeOf(issue(akamaiEdgeAuthIssuer(options), name)), 'issuer-parameter-invalid');
    const { query } = await issue(akamaiEdgeAuthIssuer(options), 'a/b&c=;"');
    assert.match(query?.['hdnts'] ?? '', /~acl=\/live\/a%2Fb%26c%3D%3B%22\/\*~/);
  });

  it('refuses options that contradict each other, or that open more than one stream', async () => {
    const refused: [object, RegExp][] = [
      [{ acl: '/*' }, /must contain \{stream\}/],
      [{ acl: '/live/{stream}*' }, /wildcard/],
      [{ acl: '/*/{stream}/*' }, /wildcard/],
      [{ acl: 'live/{stream}/*' }, /begin with a slash/],
      [{ acl: '/{stream}/*!/*' }, /begin with a slash/],
      [{ acl: ['/{stream}/*', '/*'] }, /must contain \{stream\}/],
      [{ acl: [] }, /at least one path/],
      [{ acl: undefined }, /Set the option acl/],
      [{ acl: undefined, url, placement: 'query' }, /one address only/],
      [{ placement: 'url' }, /needs the option url/],
      [{ sessionCookie: true }, /needs the placement/],
      [{ tokenName: 'a b' }, /tokenName/],
      [{ payload: 'a~exp=9' }, /escapeEarly/],
      [{ payload: 'a b' }, /escapeEarly/],
      [{ ttlSeconds: 1.5 }, /whole number/],
    ];
    for (const [own, message] of refused)
      assert.throws(() => akamaiEdgeAuthIssuer({ ...options, ...own }), message);
    for (const bad of ['abc', 'xyz0', ''])
      await assert.rejects(issue(akamaiEdgeAuthIssuer({ ...options, key: () => bad })), /hexadecimal/);
  });

  it('is created from a configuration', async () => {
    const config = { algorithm: 'sha1', tokenName: 'hdnea', salt: { env: 'SALT' }, ttlSeconds: 60 };
    const issued = await issue(kit(config).create());
    const [name, token] = Object.entries(issued.query ?? {})[0] ?? [];
    assert.equal(name, 'hdnea');
    const { expiresAt } = issued;
    const expected = library({ algorithm: 'sha1', salt: 'pepper', endTime: expiresAt });
    assert.equal(token, expected.generateACLToken('/live/abc/*'));
    assert.throws(() => kit({ algorithm: 'sha512' }).create(), /sha256/);
  });

  it('has an end that the client reads from the token itself, in each place', async () => {
    for (const own of [
      {},
      { placement: 'header' },
      { placement: 'url', url },
      { startTime: 'now' },
    ] as const) {
      const { expiresAt: _, ...part } = await issue(akamaiEdgeAuthIssuer({ ...options, ...own }));
      assert.deepEqual([...new Set(ownEnds(part))], [end], JSON.stringify(own));
    }
  });
});

describe('the Akamai EdgeAuth scheme', () => {
  const token = library().generateACLToken('/live/abc/*');

  it('verifies tokens of Akamai’s library in each place', async () => {
    const path = '/live/abc/low/1.ts';
    assert.deepEqual(await kit().verify(at(path, token)), { expiresAt: end });
    const cookie = new Request(`https://media.example.com${path}`, {
      headers: { Cookie: `a=b; hdnts=${token}` },
    });
    assert.deepEqual(await kit({ placement: 'cookie' }).verify(cookie), { expiresAt: end });
    const header = new Request(`https://media.example.com${path}`, { headers: { hdnts: token } });
    assert.deepEqual(await kit({ placement: 'header' }).verify(header), { expiresAt: end });
    for (const request of [cookie, header])
      assert.equal(await codeOf(kit().verify(request)), 'token-missing');
    const salted = library({ salt: 'pepper', escapeEarly: true }).generateURLToken('/live/abc/a~b.m3u8');
    const config = { salt: { env: 'SALT' }, escapeEarly: true };
    assert.deepEqual(await kit(config).verify(at('/live/abc/a~b.m3u8', salted)), { expiresAt: end });
  });

  it('verifies every algorithm, and takes none for another', async () => {
    const algorithms = ['sha256', 'sha1', 'md5'];
    for (const algorithm of algorithms) {
      const request = at('/live/abc/1.ts', library({ algorithm }).generateACLToken('/live/abc/*'));
      assert.deepEqual(await kit({ algorithm }).verify(request), { expiresAt: end });
      for (const other of algorithms.filter((each) => each !== algorithm))
        assert.equal(await codeOf(kit({ algorithm: other }).verify(request)), 'token-invalid');
    }
    const cut = library({ algorithm: 'md5' }).generateACLToken('/live/abc/*');
    for (const hmac of [cut.slice(0, -2), `${cut}00`, cut.slice(0, -32) + '0'.repeat(32)])
      assert.equal(
        await codeOf(kit({ algorithm: 'md5' }).verify(at('/live/abc/1.ts', hmac))),
        'token-invalid',
      );
  });

  it('accepts the session token for which Akamai exchanges the access token, in a cookie or the query', async () => {
    const session = library({ endTime: end + 600, payload: 'hdntl' }).generateACLToken('/live/abc/*');
    const address = 'https://media.example.com/live/abc/1.ts';
    const headers = { Cookie: `hdntl=${session}` };
    assert.deepEqual(await kit().verify(new Request(address, { headers })), { expiresAt: end + 600 });
    const late = (end + 5) * 1000;
    const both = new Request(`${address}?hdnts=${token}`, { headers });
    assert.deepEqual(await kit().verify(both, late), { expiresAt: end + 600 });
    assert.deepEqual(await kit().verify(at('/live/abc/1.ts', session, 'hdntl'), late), {
      expiresAt: end + 600,
    });
    assert.equal(kit().inspect(headers.Cookie)?.scheme, 'Akamai EdgeAuth 2.0 session token');
  });

  it('refuses what Akamai refuses', async () => {
    const path = '/live/abc/1.ts';
    const urlToken = library().generateURLToken(path);
    const refused: [Request, string][] = [
      [new Request(`https://media.example.com${path}`), 'token-missing'],
      [at('/live/abd/1.ts', token), 'token-wrong-stream'],
      [at('/live/abc', token), 'token-wrong-stream'],
      [at('/live/abd/../../x/live/abc2/1.ts', token), 'token-wrong-stream'],
      [at('/live/abc/2.ts', urlToken), 'token-invalid'],
      [at(path, token.replace('abc', 'abd')), 'token-invalid'],
      [at(path, token.replace(String(end), String(end + 1))), 'token-invalid'],
      [at(path, token.replace('~acl', `~exp=${String(end)}~acl`)), 'token-invalid'],
      [at(path, token.replace(/hmac=.*/, 'hmac=')), 'token-invalid'],
      [at(path, token.replace(/~hmac=.*/, '')), 'token-invalid'],
      [at(path, `${token}&hdnts=${token}`), 'token-invalid'],
      [at(path, library({ key: 'aabb' }).generateACLToken('/live/abc/*')), 'token-invalid'],
      [at(path, library({ salt: 'x' }).generateACLToken('/live/abc/*')), 'token-invalid'],
      [at(path, library({ algorithm: 'sha1' }).generateACLToken('/live/abc/*')), 'token-invalid'],
      [at(path, library({ ip: '192.0.2.7' }).generateACLToken('/live/abc/*')), 'token-invalid'],
      [at(path, library({ startTime: NOW_SECONDS + 5 }).generateACLToken('/*')), 'token-not-yet-valid'],
      [at(path, library({ endTime: NOW_SECONDS }).generateACLToken('/*')), 'token-expired'],
    ];
    for (const [request, code] of refused)
      assert.equal(
        await codeOf(kit().verify(request), key, token.slice(-40)),
        code,
        request.url.slice(0, 60),
      );
    assert.deepEqual(await kit().verify(at(path, urlToken), end * 1000 - 1), { expiresAt: end });
  });

  it('reads tokens in every form, without the HMAC', () => {
    for (const text of [
      token,
      `hdnts=${token}`,
      `https://a.example/b.m3u8?x=1&hdnts=${token}#t=5`,
      `a=b; hdnts=${token}`,
      `https://a.example/hdnts=${token}/live/abc/master.m3u8?x=1`,
      `https://a.example/live/abc/${token}/master.m3u8`,
    ]) {
      const reading = kit().inspect(text);
      assert.deepEqual(reading, {
        scheme: 'Akamai EdgeAuth 2.0',
        fields: [
          { name: 'endTime', value: String(end) },
          { name: 'acl', value: '/live/abc/*' },
        ],
        expiresAt: end,
        warnings: [],
      });
    }
    const broad = library().generateACLToken(['/*', '/a']);
    assert.deepEqual(kit().inspect(broad)?.warnings, ['The list opens every path.']);
    const twice = kit().inspect(token.replace('exp=', 'st=1~st=2~exp=').replace(/hmac=.*/, 'hmac=xyz'));
    assert.deepEqual(twice?.warnings, [
      'The field "st" is there more than once.',
      'The HMAC is not hexadecimal.',
    ]);
    for (const text of ['', '~hmac=', 'Expires=1~hmac=ab', 'exp=~hmac='.repeat(4000)])
      assert.equal(kit().inspect(text), null);
  });
});
