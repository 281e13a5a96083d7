/*
 * Bytes of "Signing Keys", https://docs.netint.com/bitstreams/guide/settings/credentials/signing-keys. Each test names its
 * section. The section "Signature" shows the formula of HMAC, but the header in the same document says RS256, which counts.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createTokenHandler,
  createTokenVerifier,
  generateSigningKey,
  importSigningKey,
  jwtIssuer,
} from '@gatecast/server';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { placeToken, parsePlacement } from '@gatecast/token/internal/request/placement';

const HEADER = `{
  "alg": "RS256",
  "kid": "766a1e170aa5421aa539ab773cd2fb43",
  "typ": "JWT"
}`;
const PAYLOAD = `{
  "sub": "3YcwbTUyaGiXKtXpKADUAWbiQ8F9ci2EC1R9dYpj4zNBVFJpqUovD9o",
  "aud": "v",
  "exp": 1708457257
}`;
const { sub: playbackId, exp } = JSON.parse(PAYLOAD) as { sub: string; exp: number };
const { kid } = JSON.parse(HEADER) as { kid: string };
const now = () => (exp - 300) * 1000;

const { pem } = await generateSigningKey({ alg: 'RS256' });
const keys = createKeySet([await importSigningKey(pem, { kid })]);

async function issueToken(): Promise<string> {
  const handler = createTokenHandler({
    issuers: { playback: jwtIssuer({ keys, ttlSeconds: 300, now }) },
    authorize: (_, { streams }) => streams.every((stream) => stream === playbackId),
    now,
  });
  const response = await handler(
    new Request('https://backend.test/api/tokens', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      // The element asks for the name in its attribute `stream`.
      body: JSON.stringify({ purpose: 'playback', streams: [playbackId], reason: 'initial' }),
    }),
  );
  const { tokens } = (await response.json()) as { tokens: { token: string; expiresAt: number }[] };
  assert.equal(tokens[0]?.expiresAt, exp);
  return tokens[0].token;
}

describe('the document "Signing Keys"', () => {
  it('sections "Header" and "Payload": a token has these members and no others', async () => {
    const token = await issueToken();
    assert.deepEqual(decodeProtectedHeader(token), JSON.parse(HEADER));
    assert.deepEqual(decodeJwt(token), JSON.parse(PAYLOAD));
  });

  it('section "Signature": an origin with the public key accepts the token for the playback id', async () => {
    const verifier = createTokenVerifier({ keys: keys.jwks(), now });
    const { stream } = await verifier.verify(await issueToken(), { stream: playbackId });
    assert.equal(stream, playbackId);
    await assert.rejects(verifier.verify(await issueToken(), { stream: 'stream-key' }), {
      code: 'token-wrong-stream',
    });
  });

  for (const address of [
    'http://<server-ip>:80/live/<stream-key>.m3u8?token={JWT}',
    'http://<server-ip>/live/<stream-key>.m3u8?token={JWT}',
  ]) {
    it(`section "Streaming with JWTs": the address is ${address}`, async () => {
      const token = await issueToken();
      const filled = address.replace('<server-ip>', '203.0.113.7').replace('<stream-key>', 'stream-key');
      const [src = ''] = filled.split('?');
      const placed = placeToken(parsePlacement('query:token'), src, token);
      assert.equal(placed.url, filled.replace('{JWT}', token));
    });
  }
});
