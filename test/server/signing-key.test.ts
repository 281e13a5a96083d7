import assert from 'node:assert/strict';
import { generateKeyPairSync, KeyObject } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createTokenVerifier,
  generateSigningKey,
  importSigningKey,
  jwtIssuer,
  type SigningKey,
} from '@gatecast/server';
import { withNativeSigning } from '@gatecast/server/node';
import { decodeProtectedHeader } from 'jose';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ed = generateKeyPairSync('ed25519').privateKey;

function pem(key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'sec1'): string {
  return key.export({ format: 'pem', type }).toString();
}

function withLine(text: string, index: number, line: string): string {
  return text
    .split('\n')
    .map((old, at) => (at === index ? line : old))
    .join('\n');
}

async function signsAndVerifies(key: SigningKey, keys = createKeySet([key])): Promise<void> {
  const { token = '' } = await jwtIssuer({ keys }).issue({ purpose: 'playback', stream: 's', grant: {} });
  assert.equal(decodeProtectedHeader(token).kid, key.kid);
  await createTokenVerifier({ keys, algorithms: [key.alg] }).verify(token, { stream: 's' });
}

describe('importSigningKey', () => {
  for (const [form, material, alg] of [
    ['PKCS#8 of RSA', pem(rsa, 'pkcs8'), 'RS256'],
    ['PKCS#1', pem(rsa, 'pkcs1'), 'RS256'],
    ['PKCS#8 of EC', pem(ec, 'pkcs8'), 'ES256'],
    ['SEC 1', pem(ec, 'sec1'), 'ES256'],
    ['PKCS#8 of Ed25519', pem(ed, 'pkcs8'), 'EdDSA'],
    ['base64 of PKCS#1 PEM', Buffer.from(pem(rsa, 'pkcs1')).toString('base64'), 'RS256'],
    ['base64url of PKCS#8 PEM', Buffer.from(pem(rsa, 'pkcs8')).toString('base64url'), 'RS256'],
    ['PEM with written-out line breaks', pem(rsa, 'pkcs1').replaceAll('\n', '\\n'), 'RS256'],
    ['PEM with CRLF', pem(ec, 'sec1').replaceAll('\n', '\r\n'), 'ES256'],
    ['JWK as text', JSON.stringify(rsa.export({ format: 'jwk' })), 'RS256'],
    ['JWK of EC', JSON.stringify(ec.export({ format: 'jwk' })), 'ES256'],
    ['JWK of Ed25519', JSON.stringify(ed.export({ format: 'jwk' })), 'EdDSA'],
    [
      'EC parameters before the key',
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${pem(ec, 'sec1')}`,
      'ES256',
    ],
  ] as const) {
    it(`reads ${form}`, async () => {
      const key = await importSigningKey(material, { kid: 'k' });
      assert.equal(key.alg, alg);
      assert.equal(key.privateKey.extractable, false);
      await signsAndVerifies(key);
    });
  }

  it('uses the thumbprint as kid if there is none, for every form of key', async () => {
    const [first, second] = await Promise.all([
      importSigningKey(pem(rsa, 'pkcs1')),
      importSigningKey(JSON.stringify(rsa.export({ format: 'jwk' }))),
    ]);
    assert.equal(first.kid, second.kid);
  });

  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  const encrypted = rsa
    .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString();
  const legacy = rsa
    .export({ format: 'pem', type: 'pkcs1', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString();
  const publicPem = rsa.export({ format: 'jwk' });
  for (const [what, material] of [
    ['a short RSA key', pem(short, 'pkcs8')],
    ['P-384', pem(p384, 'sec1')],
    ['P-384 in PKCS#8', pem(p384, 'pkcs8')],
    ['an encrypted key', encrypted],
    ['an encrypted PKCS#1 key', legacy],
    ['a public JWK', JSON.stringify({ kty: publicPem.kty, n: publicPem.n, e: publicPem.e })],
    ['a shared secret', JSON.stringify({ kty: 'oct', k: 'sentinel' })],
    ['half a PEM', pem(rsa, 'pkcs8').slice(0, 400)],
    ['broken bytes', withLine(pem(rsa, 'pkcs8'), 12, 'A'.repeat(64))],
    ['text', 'sentinel sentinel!'],
    ['broken JSON', '{"kty":"sentinel'],
    ['nothing', ''],
  ] as const) {
    it(`refuses ${what} without showing it`, async () => {
      const error: unknown = await importSigningKey(material).catch((reason: unknown) => reason);
      assert.ok(error instanceof TypeError, 'no TypeError');
      assert.ok(!error.message.includes('sentinel') && !/[A-Za-z0-9+/]{40}/.test(error.message));
    });
  }

  it('refuses a key that is not for the given algorithm', async () => {
    await assert.rejects(importSigningKey(pem(ec, 'sec1'), { alg: 'RS256' }), /ES256, not for RS256/);
  });
});

describe('withNativeSigning', () => {
  it('signs with WebCrypto if the runtime does not convert the key', async (test) => {
    test.mock.method(KeyObject, 'from', () => {
      throw new TypeError('The CryptoKey is not extractable.');
    });
    const { key } = await generateSigningKey({ alg: 'ES256' });
    const keys = withNativeSigning(createKeySet([key]));
    assert.equal(keys.active.signNow, undefined);
    await signsAndVerifies(key, keys);
  });

  for (const alg of ['RS256', 'ES256', 'EdDSA'] as const) {
    it(`signs ${alg} as WebCrypto does`, async () => {
      const { key } = await generateSigningKey({ alg });
      const keys = createKeySet([key]);
      await signsAndVerifies(key, withNativeSigning(keys));
      const issue = (set: typeof keys) =>
        jwtIssuer({ keys: set, now: () => 0 }).issue({ purpose: 'playback', stream: 'ä', grant: {} });
      const [native, web] = [await issue(withNativeSigning(keys)), await issue(keys)];
      const unsigned = (token = '') => token.slice(0, token.lastIndexOf('.'));
      assert.ok(unsigned(native.token) === unsigned(web.token), 'header or payload differ');
      if (alg !== 'ES256') assert.ok(native.token === web.token, 'the signatures differ');
    });
  }
});

describe('createKeySet', () => {
  it('signs with the active key and verifies with all, so that rotation needs no downtime', async () => {
    const made = await Promise.all(['k1', 'k2'].map((kid) => generateSigningKey({ kid, alg: 'ES256' })));
    const both = made.map(({ key }) => key);
    const before = createKeySet(both, 'k1');
    const after = createKeySet(both, 'k2');
    const issue = (keys: typeof before) =>
      jwtIssuer({ keys }).issue({ purpose: 'playback', stream: 's', grant: {} });
    const old = (await issue(before)).token ?? '';
    assert.equal(decodeProtectedHeader(old).kid, 'k1');
    assert.equal(decodeProtectedHeader((await issue(after)).token ?? '').kid, 'k2');
    await createTokenVerifier({ keys: after }).verify(old);
    await createTokenVerifier({ keys: before.jwks() }).verify((await issue(after)).token ?? '');
  });

  it('refuses an empty set, a repeated kid and an unknown active key', async () => {
    const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
    assert.throws(() => createKeySet([]), TypeError);
    assert.throws(() => createKeySet([key, key]), /the same kid/);
    assert.throws(() => createKeySet([key], 'other'), /other/);
  });
});
