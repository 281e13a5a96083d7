import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createKeySet, createTokenVerifier, importSigningKey, jwtIssuer } from '@gatecast/server';

const NOW_MS = 1_708_457_000_000;
const folder = mkdtempSync(join(tmpdir(), 'gatecast-interop-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Debian's PyJWT is installed for Debian's Python, which may not be the first one on the PATH. */
const python = ['/usr/bin/python3', 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import jwt, cryptography']).status === 0,
);
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const withoutPython =
  python === undefined && 'PyJWT is not on this machine (Debian: python3-jwt python3-cryptography)';
const withoutOpenssl = !hasOpenssl && 'OpenSSL is not on this machine';

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

/** Runs Python with the secrets in files, so that none is in an argument list. */
function runPython(script: string, ...paths: string[]): string {
  return execFileSync(python ?? '', ['-c', script, ...paths], { encoding: 'utf8' }).trim();
}

function openssl(...args: string[]): Buffer {
  return execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] });
}

function makePair(name: string, alg: string): { privatePath: string; publicPath: string; pem: string } {
  const privatePath = join(folder, `${name}.pem`);
  const kinds: Record<string, string[]> = {
    RS256: ['genrsa', '-traditional', '-out', privatePath, '2048'],
    ES256: ['ecparam', '-name', 'prime256v1', '-genkey', '-out', privatePath],
    EdDSA: ['genpkey', '-algorithm', 'ed25519', '-out', privatePath],
  };
  openssl(...(kinds[alg] ?? []));
  const publicPath = join(folder, `${name}.pub.pem`);
  openssl('pkey', '-in', privatePath, '-pubout', '-out', publicPath);
  return { privatePath, publicPath, pem: execFileSync('cat', [privatePath], { encoding: 'utf8' }) };
}

const MINT = `
import jwt, sys
token = jwt.encode({"sub": "demo", "aud": "v", "exp": 1708457300}, open(sys.argv[1]).read(),
                   algorithm=sys.argv[2], headers={"kid": "k1"})
print(token)
`;
const VERIFY = `
import jwt, sys, json
claims = jwt.decode(open(sys.argv[1]).read(), open(sys.argv[2]).read(), algorithms=[sys.argv[3]], audience="v",
                    options={"verify_exp": False})
print(json.dumps([jwt.get_unverified_header(open(sys.argv[1]).read()), claims]))
`;

for (const alg of ['RS256', 'ES256', 'EdDSA'] as const) {
  describe(`tokens with ${alg}`, { skip: withoutOpenssl }, () => {
    const pair = hasOpenssl ? makePair(alg, alg) : null;

    async function mint(): Promise<string> {
      assert.ok(pair);
      const keys = createKeySet([await importSigningKey(pair.pem, { kid: 'k1' })]);
      const issuer = jwtIssuer({ keys, now: () => NOW_MS });
      return (await issuer.issue({ purpose: 'playback', stream: 'demo', grant: {} })).token ?? '';
    }

    it(
      'of @gatecast/server, with a key file of OpenSSL, verify with PyJWT',
      { skip: withoutPython },
      async () => {
        assert.ok(pair);
        const path = file(`${alg}.jwt`, await mint());
        const [header, claims] = JSON.parse(runPython(VERIFY, path, pair.publicPath, alg)) as [
          unknown,
          unknown,
        ];
        assert.deepEqual(header, { alg, kid: 'k1', typ: 'JWT' });
        assert.deepEqual(claims, { sub: 'demo', aud: 'v', exp: 1_708_457_300 });
      },
    );

    it('of PyJWT verify with @gatecast/server', { skip: withoutPython }, async () => {
      assert.ok(pair);
      const token = runPython(MINT, pair.privatePath, alg);
      const keys = createKeySet([await importSigningKey(pair.pem, { kid: 'k1' })]);
      const verified = await createTokenVerifier({ keys, now: () => NOW_MS }).verify(token, {
        stream: 'demo',
      });
      assert.equal(verified.expiresAtMs, 1_708_457_300_000);
    });

    it('have the same bytes as those of PyJWT for the same input', { skip: withoutPython }, async () => {
      assert.ok(pair);
      const ours = await mint();
      const theirs = runPython(MINT, pair.privatePath, alg);
      const unsigned = (token: string) => token.slice(0, token.lastIndexOf('.'));
      assert.ok(unsigned(ours) === unsigned(theirs), 'header or payload differ');
      // ECDSA signatures hold a random number; the other two are determined.
      if (alg !== 'ES256') assert.ok(ours === theirs, 'the signatures differ');
    });
  });
}

describe('OpenSSL', { skip: withoutOpenssl }, () => {
  it('verifies an RS256 token of @gatecast/server', async () => {
    const pair = makePair('openssl-verify', 'RS256');
    const keys = createKeySet([await importSigningKey(pair.pem)]);
    const { token = '' } = await jwtIssuer({ keys }).issue({
      purpose: 'playback',
      stream: 'demo',
      grant: {},
    });
    const [header = '', payload = '', signature = ''] = token.split('.');
    const data = file('data', `${header}.${payload}`);
    const sig = file('sig', Buffer.from(signature, 'base64url'));
    const output = openssl('dgst', '-sha256', '-verify', pair.publicPath, '-signature', sig, data).toString();
    assert.match(output, /Verified OK/);
  });

  it('signs an RS256 token that @gatecast/server verifies', async () => {
    const pair = makePair('openssl-mint', 'RS256');
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const input = `${part({ alg: 'RS256', kid: 'k9', typ: 'JWT' })}.${part({ sub: 'demo', aud: 'v', exp: 1_708_457_300 })}`;
    const signature = openssl('dgst', '-sha256', '-sign', pair.privatePath, file('input', input));
    const keys = createKeySet([await importSigningKey(pair.pem, { kid: 'k9' })]);
    const verifier = createTokenVerifier({ keys: keys.jwks(), now: () => NOW_MS });
    await verifier.verify(`${input}.${signature.toString('base64url')}`, { stream: 'demo' });
  });
});
