import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createKeySet, createTokenVerifier, generateSigningKey, jwtIssuer, Problem } from '@gatecast/server';
import fc from 'fast-check';

const RUNS = 20_000;
const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const keys = createKeySet([key]);
const verifier = createTokenVerifier({ keys });
const { token = '' } = await jwtIssuer({ keys, include: ['iat', 'nbf', 'jti'] }).issue({
  purpose: 'playback',
  stream: 'a',
  grant: { ttlSeconds: 3600 },
});
const parts = token.split('.');

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

const position = fc.integer({ min: 0, max: token.length - 1 });
const alphabet = Array.from({ length: 64 }, (_, index) =>
  Buffer.from([index << 2])
    .toString('base64url')
    .charAt(0),
);
const character = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...alphabet) },
  fc.constantFrom('.', '=', '+', '/', ' ', '\n', '\t', '\0', 'é', '\u2028'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
/** Changes one place or several, reorders the parts, or replaces header or payload. */
const mutated = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(position, character).map(([at, c]) => token.slice(0, at) + c + token.slice(at + 1)),
  },
  fc.constantFrom(...alphabet).map((c) => token.slice(0, -1) + c),
  fc.tuple(position, character).map(([at, c]) => token.slice(0, at) + c + token.slice(at)),
  position.map((at) => token.slice(0, at) + token.slice(at + 1)),
  position.map((at) => token.slice(0, at)),
  fc.shuffledSubarray([...parts, '', parts[0] ?? ''], { minLength: 1 }).map((each) => each.join('.')),
  fc
    .record(
      {
        alg: fc.constantFrom('none', 'None', 'HS256', 'RS256', 'ES256', 'EdDSA', ''),
        kid: fc.string(),
        typ: fc.string(),
        crit: fc.anything(),
        b64: fc.boolean(),
      },
      { requiredKeys: ['alg'] },
    )
    .map((header) => [encode({ ...header, crit: undefined }), parts[1], parts[2]].join('.')),
  fc
    .record({ sub: fc.string(), aud: fc.string(), exp: fc.double() }, { requiredKeys: [] })
    .map((claims) => [parts[0], encode(claims), parts[2]].join('.')),
  fc
    .tuple(fc.constantFrom('', ' ', '\n'), fc.constantFrom(' ', '\n', '=', '==', '.', '%00'))
    .map(([a, b]) => a + token + b),
  fc
    .uint8Array({ minLength: 64, maxLength: 64 })
    .map((bytes) => `${parts[0] ?? ''}.${parts[1] ?? ''}.${Buffer.from(bytes).toString('base64url')}`),
);

describe('mutated tokens', () => {
  it(`are all refused with a typed problem: ${RUNS.toLocaleString('en')} of them`, async () => {
    await verifier.verify(token, { stream: 'a' });
    await fc.assert(
      fc.asyncProperty(mutated, async (text) => {
        fc.pre(text !== token);
        const error: unknown = await verifier.verify(text, { stream: 'a' }).then(
          () => 'accepted',
          (reason: unknown) => reason,
        );
        assert.ok(error instanceof Problem, 'it was accepted, or failed without a problem');
        assert.ok(error.status < 500);
      }),
      { numRuns: RUNS, maxSkipsPerRun: 100 },
    );
  });
});
