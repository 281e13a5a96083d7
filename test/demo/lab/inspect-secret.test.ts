import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainStsOptions, issuerTypes, printable } from '@gatecast/server';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { type Inspection, inspectSecret } from '../../../demo/lab/inspector/inspect-secret.js';
import { verifySignature } from '../../../demo/lab/inspector/verify-signature.js';

const nowMs = Date.UTC(2026, 10, 21, 12);
const nowSeconds = nowMs / 1000;
const inspect = (text: string): Inspection =>
  inspectSecret(text, nowMs, {
    explain: explainStsOptions,
    printable,
    readSchemes: (given) => issuerTypes.flatMap(({ scheme }) => scheme?.inspect(given) ?? []),
  });

interface Signed {
  readonly jwt: string;
  readonly fetchKeys: typeof globalThis.fetch;
}

async function sign(claims: Record<string, unknown>): Promise<Signed> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwt = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(privateKey);
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }];
  return { jwt, fetchKeys: async () => Response.json({ keys }) };
}

function wordsOf(inspection: Inspection, name: string): string {
  if (!('parts' in inspection)) return `nothing, but ${inspection.kind}`;
  const row = inspection.parts.flatMap(({ rows }) => rows).find((each) => each.name === name);
  return row?.words ?? 'no such row';
}

const options = (fetch: typeof globalThis.fetch) => ({
  jwksUrl: 'https://keys.example/jwks.json',
  fetch,
  signal: AbortSignal.timeout(60_000),
});

describe('the token inspector', () => {
  it('explains the times of a JWT', async () => {
    const { jwt } = await sign({ sub: 'demo', iat: nowSeconds - 600, exp: nowSeconds + 1800 });
    const inspection = inspect(jwt);
    assert.equal(wordsOf(inspection, 'exp'), 'expires in 30 minutes, at 2026-11-21 12:30:00 UTC');
    assert.equal(wordsOf(inspection, 'iat'), 'issued 10 minutes ago, at 2026-11-21 11:50:00 UTC');
    assert.match(wordsOf(inspection, 'kid'), /id of the signing key/);
    assert.match(wordsOf(inspection, 'lifetime'), /^not expired/);
  });

  it('marks an expired token, and a token without exp', async () => {
    const expired = await sign({ iat: nowSeconds - 60, exp: nowSeconds - 5 });
    assert.match(wordsOf(inspect(expired.jwt), 'lifetime'), /^expired/);
    assert.match(wordsOf(inspect(expired.jwt), 'exp'), /^expired 5 seconds ago/);
    const endless = await sign({ sub: 'demo' });
    assert.match(wordsOf(inspect(endless.jwt), 'lifetime'), /does not expire/);
  });

  it('reports milliseconds instead of seconds', async () => {
    const { jwt } = await sign({ exp: nowMs });
    assert.match(wordsOf(inspect(jwt), 'exp'), /milliseconds/);
  });

  it('finds a JWT in a URL, in a header and in a security object', async () => {
    const { jwt } = await sign({ sub: 'demo' });
    for (const text of [
      `https://cdn.example/live.m3u8?token=${jwt}&a=1`,
      `Authorization: Bearer ${jwt}`,
      JSON.stringify({ h5live: { security: { jwtoken: jwt } } }),
    ]) {
      assert.ok(inspect(text).kind === 'jwt', 'a JWT is found');
    }
  });

  it('reads an address and a cookie of a CDN, without what signs it', () => {
    const signature = 'nitfHRCrtziwO2HwPfWwYYDgFxF4';
    const policy = JSON.stringify({
      Statement: [
        {
          Resource: 'https://cdn.example/live/demo/*',
          Condition: { DateLessThan: { 'AWS:EpochTime': nowSeconds + 1800 } },
        },
      ],
    });
    const encoded = Buffer.from(policy).toString('base64').replaceAll('=', '_');
    for (const text of [
      `https://cdn.example/live/demo/index.m3u8?Policy=${encoded}&Signature=${signature}&Key-Pair-Id=K2JC`,
      `CloudFront-Policy=${encoded}; CloudFront-Signature=${signature}; CloudFront-Key-Pair-Id=K2JC`,
    ]) {
      const inspection = inspect(text);
      assert.ok(inspection.kind === 'scheme');
      assert.deepEqual(
        inspection.parts.map(({ title }) => title),
        ['CloudFront custom policy'],
      );
      assert.equal(wordsOf(inspection, 'Resource'), 'URLs that the token allows');
      assert.match(wordsOf(inspection, 'expires'), /^expires in 30 minutes, at /);
      assert.ok(!JSON.stringify(inspection).includes(signature));
    }
    const hmac = 'c6a1'.repeat(16);
    const akamai = inspect(`hdnts=exp=${nowSeconds - 60}~acl=/live/demo/*~hmac=${hmac}`);
    assert.match(wordsOf(akamai, 'expires'), /^expired 60 seconds ago, .*; an origin must refuse it$/);
    assert.ok(!JSON.stringify(akamai).includes(hmac));
  });

  it('decodes the options of a security object', () => {
    const text = JSON.stringify({ token: 'a'.repeat(32), expires: nowSeconds + 7200, tag: 'x', options: 9 });
    const inspection = inspect(text);
    assert.equal(inspection.kind, 'sts');
    assert.match(wordsOf(inspection, 'options'), /allows one stream; valid only until .*with the given tag/);
    assert.match(wordsOf(inspection, 'expires'), /^expires in 2 hours/);
  });

  it('finds a security object in a vendor link and in a config', () => {
    const link = `https://vendor.example/?h5live.security.token=abc&h5live.security.expires=${nowSeconds}&h5live.security.options=16`;
    assert.match(wordsOf(inspect(link), 'options'), /every stream of the organisation/);
    const config = JSON.stringify({ source: { h5live: { security: { token: 'abc', options: '2' } } } });
    assert.match(wordsOf(inspect(config), 'options'), /from one IP address/);
  });

  it('does not show the token of a security object', () => {
    const token = 'secret-hash-of-the-vendor';
    assert.ok(
      !JSON.stringify(inspect(JSON.stringify({ token, options: 1 }))).includes(token),
      'it is not there',
    );
  });

  it('reports other text and a truncated JWT', () => {
    assert.equal(inspect('hello').kind, 'unknown');
    assert.equal(inspect('eyJhbGciOi.eyJ.').kind, 'unknown');
    assert.equal(inspect('  ').kind, 'empty');
  });
});

describe('the signature check', () => {
  it('passes with the right key, even for an expired token', async () => {
    const { jwt, fetchKeys } = await sign({ exp: 1 });
    assert.deepEqual(await verifySignature(jwt, options(fetchKeys)), {
      isGood: true,
      words: 'The signature is valid (RS256, key k1).',
    });
  });

  it('fails with another key of the same kid', async () => {
    const [{ jwt }, { fetchKeys }] = [await sign({}), await sign({})];
    const { isGood, words } = await verifySignature(jwt, options(fetchKeys));
    assert.equal(isGood, false);
    assert.match(words, /signature is not valid/);
  });

  it('reports why the keys could not be loaded', async () => {
    const { jwt } = await sign({});
    const answers = [new Response('', { status: 404 }), Response.json({}), new Response('<html>')];
    const said: string[] = [];
    for (const answer of answers)
      said.push(
        (
          await verifySignature(
            jwt,
            options(async () => answer),
          )
        ).words,
      );
    assert.deepEqual(said, [
      'The keys could not be loaded: status 404.',
      'The response is not a JSON Web Key Set.',
      'The keys could not be loaded: no response, blocked by CORS, or not JSON.',
    ]);
  });

  it('requests the keys and sends nothing else', async () => {
    const { jwt, fetchKeys } = await sign({ sub: 'demo' });
    const asked: unknown[] = [];
    await verifySignature(
      jwt,
      options(async (input, init) => {
        asked.push(input, init?.credentials, init?.referrerPolicy, init?.body);
        return fetchKeys(input, init);
      }),
    );
    assert.deepEqual(asked, ['https://keys.example/jwks.json', 'omit', 'no-referrer', undefined]);
  });
});

describe('texts from a pasted token', () => {
  it('show what they contain, in the order in which they contain it', () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const hostile = '\u202egold\u2066\u0007';
    const jwt = `${part({ alg: 'RS256', kid: hostile })}.${part({ [hostile]: hostile })}.c2ln`;
    for (const text of [jwt, JSON.stringify({ token: 'a', options: 1, [hostile]: hostile })]) {
      const shown = JSON.stringify(inspect(text));
      assert.match(shown, /\\\\u202egold\\\\u2066\\\\u0007/);
      assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}]/u);
    }
  });
});
