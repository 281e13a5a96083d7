import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  createKeySet,
  createTokenVerifier,
  importSigningKey,
  jwtIssuer,
  type KeySet,
} from '@gatecast/server';

const NOW_MS = 1_708_457_000_000;
/** Where Debian puts Go packages; they are built without modules, so nothing is downloaded. */
const GOPATH = '/usr/share/gocode';
const hasGo =
  spawnSync('go', ['version']).status === 0 && existsSync(`${GOPATH}/src/github.com/golang-jwt/jwt`);
const skip =
  !hasGo && 'golang-jwt is not on this machine (Debian: golang-go golang-github-golang-jwt-jwt-dev)';

/** Reads tokens and PEM keys as JSON from stdin, and answers JSON. */
const PROGRAM = `
package main

import (
	"encoding/json"
	"os"

	"github.com/golang-jwt/jwt"
)

type claims struct {
	Sub string \`json:"sub"\`
	Aud string \`json:"aud"\`
	Exp int64  \`json:"exp"\`
}

func (claims) Valid() error { return nil }

type job struct{ Alg, Token, Public, Private string }

type result struct {
	Verified map[string]interface{} \`json:"verified"\`
	Header   map[string]interface{} \`json:"header"\`
	Minted   string                 \`json:"minted"\`
}

func check(err error) {
	if err != nil {
		panic(err.Error())
	}
}

func keys(j job) (interface{}, interface{}) {
	public, private := []byte(j.Public), []byte(j.Private)
	var p, s interface{}
	var e1, e2 error
	switch j.Alg {
	case "RS256":
		p, e1 = jwt.ParseRSAPublicKeyFromPEM(public)
		s, e2 = jwt.ParseRSAPrivateKeyFromPEM(private)
	case "ES256":
		p, e1 = jwt.ParseECPublicKeyFromPEM(public)
		s, e2 = jwt.ParseECPrivateKeyFromPEM(private)
	case "EdDSA":
		p, e1 = jwt.ParseEdPublicKeyFromPEM(public)
		s, e2 = jwt.ParseEdPrivateKeyFromPEM(private)
	}
	check(e1)
	check(e2)
	return p, s
}

func main() {
	var jobs []job
	check(json.NewDecoder(os.Stdin).Decode(&jobs))
	var results []result
	for _, j := range jobs {
		public, private := keys(j)
		parser := jwt.Parser{ValidMethods: []string{j.Alg}, SkipClaimsValidation: true}
		token, err := parser.Parse(j.Token, func(*jwt.Token) (interface{}, error) { return public, nil })
		check(err)
		verified := token.Claims.(jwt.MapClaims)
		if !token.Valid || !verified.VerifyAudience("v", true) {
			panic("not valid")
		}
		own := jwt.NewWithClaims(jwt.GetSigningMethod(j.Alg), claims{"demo", "v", 1708457300})
		own.Header["kid"] = "k1"
		minted, err := own.SignedString(private)
		check(err)
		results = append(results, result{verified, token.Header, minted})
	}
	check(json.NewEncoder(os.Stdout).Encode(results))
}
`;

interface GoResult {
  readonly verified: Record<string, unknown>;
  readonly header: Record<string, unknown>;
  readonly minted: string;
}

const algorithms = ['RS256', 'ES256', 'EdDSA'] as const;

/** One run for all three: most of its time is the compiler's. */
describe('golang-jwt', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-interop-go-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const ours: string[] = [];
  const keySets: KeySet[] = [];
  let results: GoResult[] = [];

  before(async () => {
    const jobs: Record<string, string>[] = [];
    for (const alg of algorithms) {
      const pair = makePair(alg);
      const keys = createKeySet([await importSigningKey(pair.privateKey, { kid: 'k1' })]);
      const issuer = jwtIssuer({ keys, now: () => NOW_MS });
      const { token = '' } = await issuer.issue({ purpose: 'playback', stream: 'demo', grant: {} });
      ours.push(token);
      keySets.push(keys);
      jobs.push({ Alg: alg, Token: token, Public: pair.publicKey, Private: pair.privateKey });
    }
    writeFileSync(join(folder, 'main.go'), PROGRAM);
    const output = execFileSync('go', ['run', join(folder, 'main.go')], {
      input: JSON.stringify(jobs),
      encoding: 'utf8',
      // Its errors name what failed, and never a token.
      stdio: ['pipe', 'pipe', 'ignore'],
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        GO111MODULE: 'off',
        GOPATH,
        CGO_ENABLED: '0',
      },
      timeout: 120_000,
    });
    results = JSON.parse(output) as GoResult[];
  });

  for (const [index, alg] of algorithms.entries()) {
    it(`verifies ${alg} tokens of @gatecast/server`, () => {
      const result = results[index];
      assert.ok(result);
      assert.deepEqual(result.header, { alg, kid: 'k1', typ: 'JWT' });
      assert.deepEqual(result.verified, { sub: 'demo', aud: 'v', exp: 1_708_457_300 });
    });

    it(`signs ${alg} tokens that @gatecast/server verifies, with the same bytes`, async () => {
      const theirs = results[index]?.minted ?? '';
      const keys = keySets[index];
      assert.ok(keys);
      await createTokenVerifier({ keys, now: () => NOW_MS }).verify(theirs, { stream: 'demo' });
      const unsigned = (token: string) => token.slice(0, token.lastIndexOf('.'));
      assert.ok(unsigned(ours[index] ?? '') === unsigned(theirs), 'header or payload differ');
      // ECDSA signatures hold a random number; the other two are determined.
      if (alg !== 'ES256') assert.ok(ours[index] === theirs, 'the signatures differ');
    });
  }
});

function makePair(alg: (typeof algorithms)[number]): { privateKey: string; publicKey: string } {
  const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;
  const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
  if (alg === 'RS256')
    return generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding, privateKeyEncoding });
  if (alg === 'ES256')
    return generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding, privateKeyEncoding });
  return generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding });
}
