import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  checkRequest,
  createKeySet,
  createTokenVerifier,
  generateSigningKey,
  memoryReplayCache,
  signClaims,
  verifyToken,
  type VerifierDpopOptions,
} from '@gatecast/server';
import { Hono } from 'hono';
import { createDpopClient, type ProofParts } from './support/dpop-client.js';

const NOW_MS = 1_708_457_000_000;
const nowSeconds = NOW_MS / 1000;
const URL_ = 'https://origin.test/live/s.m3u8';
const { key } = await generateSigningKey({ kid: 'k1', alg: 'ES256' });
const keys = createKeySet([key]);
const client = await createDpopClient(() => nowSeconds);
const thief = await createDpopClient(() => nowSeconds);
const plain = { sub: 's', aud: 'v', exp: nowSeconds + 60 };
const bound = await signClaims(keys, { ...plain, cnf: { jkt: client.jkt } });
const unbound = await signClaims(keys, plain);

function verifierWith(dpop?: VerifierDpopOptions) {
  return createTokenVerifier({ keys, now: () => NOW_MS, ...(dpop && { dpop }) });
}

interface Sent {
  readonly url?: string;
  readonly method?: string;
  readonly authorization?: string;
  readonly proof?: string;
}

function requestWith({ url = URL_, method = 'GET', authorization, proof }: Sent): Request {
  return new Request(url, {
    method,
    headers: {
      ...(authorization !== undefined && { Authorization: authorization }),
      ...(proof !== undefined && { DPoP: proof }),
    },
  });
}

async function answer(sent: Sent, verifier = verifierWith()): Promise<string> {
  const result = await checkRequest(verifier, requestWith(sent), 's');
  if (!(result instanceof Response)) return 'ok';
  const body = (await result.json()) as { code: string };
  return `${result.status} ${body.code}`;
}

/** The answer to a bound token with the scheme DPoP and a proof that is right except for `parts`. */
async function answerTo(parts: ProofParts, verifier = verifierWith()): Promise<string> {
  const proof = await client.prove({ token: bound, ...parts });
  return answer({ authorization: `DPoP ${bound}`, proof }, verifier);
}

describe('a token that is bound to a key', () => {
  it('is accepted with a proof, with the scheme DPoP or in the query', async () => {
    assert.equal(await answerTo({}), 'ok');
    const proof = await client.prove({ token: bound });
    assert.equal(await answer({ url: `${URL_}?token=${bound}`, proof }), 'ok');
  });

  it('is refused without a proof, wherever it is, also by a verifier without the option dpop', async () => {
    for (const verifier of [verifierWith(), verifierWith({}), verifierWith({ required: true })]) {
      assert.equal(await answer({ authorization: `Bearer ${bound}` }, verifier), '401 dpop-proof-missing');
      assert.equal(await answer({ authorization: `DPoP ${bound}` }, verifier), '401 dpop-proof-missing');
      assert.equal(await answer({ url: `${URL_}?token=${bound}` }, verifier), '401 dpop-proof-missing');
      await assert.rejects(verifier.verify(bound, { stream: 's' }), {
        code: 'dpop-proof-missing',
        status: 401,
      });
    }
  });

  it('is refused as Bearer, also with a proof (RFC 9449 section 7.2)', async () => {
    const proof = await client.prove({ token: bound });
    assert.equal(await answer({ authorization: `Bearer ${bound}`, proof }), '401 dpop-proof-invalid');
  });

  it('is refused with a proof of another key', async () => {
    const proof = await thief.prove({ token: bound });
    assert.equal(await answer({ authorization: `DPoP ${bound}`, proof }), '401 dpop-proof-invalid');
    const claimed = await thief.prove({ token: bound, header: { jwk: client.publicJwk } });
    assert.equal(await answer({ authorization: `DPoP ${bound}`, proof: claimed }), '401 dpop-proof-invalid');
  });

  it('is refused with a proof that was used before', async () => {
    const verifier = verifierWith();
    const proof = await client.prove({ token: bound });
    const sent = { authorization: `DPoP ${bound}`, proof };
    assert.equal(await answer(sent, verifier), 'ok');
    assert.equal(await answer(sent, verifier), '401 dpop-proof-invalid');
    const racing = { ...sent, proof: await client.prove({ token: bound }) };
    const answers = await Promise.all(Array.from({ length: 10 }, () => answer(racing, verifier)));
    assert.equal(answers.filter((each) => each === 'ok').length, 1);
  });

  const hs256 = () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const secret = Buffer.from('secret');
    const input = `${part({ typ: 'dpop+jwt', alg: 'HS256', jwk: { kty: 'oct', k: secret.toString('base64url') } })}.${part({ jti: 'a', htm: 'GET', htu: URL_, iat: nowSeconds })}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  };
  for (const [what, parts] of [
    ['another method', { method: 'POST' }],
    ['a method in lower case', { method: 'get' }],
    ['another path', { url: 'https://origin.test/live/t.m3u8' }],
    ['another host', { url: 'https://evil.test/live/s.m3u8' }],
    ['another scheme', { url: 'http://origin.test/live/s.m3u8' }],
    ['another port', { url: 'https://origin.test:8443/live/s.m3u8' }],
    ['a user name in the address', { url: 'https://a@origin.test/live/s.m3u8' }],
    ['no address', { url: '' }],
    ['an age of 61 s', { claims: { iat: nowSeconds - 61 } }],
    ['an iat 31 s in the future', { claims: { iat: nowSeconds + 31 } }],
    ['an iat in milliseconds', { claims: { iat: NOW_MS } }],
    ['an iat of 1e308', { claims: { iat: 1e308 } }],
    ['an iat as text', { claims: { iat: String(nowSeconds) } }],
    ['no iat', { claims: { iat: undefined } }],
    ['no jti', { claims: { jti: undefined } }],
    ['an empty jti', { claims: { jti: '' } }],
    ['a jti of 257 characters', { claims: { jti: 'j'.repeat(257) } }],
    ['no htm', { claims: { htm: undefined } }],
    ['no htu', { claims: { htu: undefined } }],
    ['no ath', { claims: { ath: undefined } }],
    ['an ath of another token', { token: unbound }],
    ['an ath that is not text', { claims: { ath: 7 } }],
    ['the type JWT', { header: { typ: 'JWT' } }],
    ['no type', { header: { typ: undefined } }],
    ['no key', { header: { jwk: undefined } }],
    ['a private key', { header: { jwk: client.privateJwk } }],
    ['a key that is text', { header: { jwk: 'key' } }],
    ['a symmetric key', { header: { jwk: { kty: 'oct', k: 'c2VjcmV0' } } }],
    ['a key of another curve', { header: { jwk: { ...client.publicJwk, crv: 'P-384' } } }],
    ['a point outside the curve', { header: { jwk: { ...client.publicJwk, y: client.publicJwk.x } } }],
    ['more than 4,096 characters', { claims: { x: 'x'.repeat(4000) } }],
  ] as const satisfies readonly (readonly [string, ProofParts])[]) {
    it(`is refused with a proof with ${what}`, async () => {
      assert.equal(await answerTo(parts), '401 dpop-proof-invalid');
    });
  }

  it('is refused with a shared secret, no signature, two proofs, or anything that is not a JWT', async () => {
    const good = await client.prove({ token: bound });
    const [header = '', payload = ''] = good.split('.');
    const none = Buffer.from(JSON.stringify({ typ: 'dpop+jwt', alg: 'none', jwk: client.publicJwk }));
    for (const proof of [
      hs256(),
      `${header}.${payload}.`,
      `${none.toString('base64url')}.${payload}.AA`,
      `${good}, ${await client.prove({ token: bound })}`,
      'x',
      '',
      '..',
      `${good}=`,
    ]) {
      assert.equal(await answer({ authorization: `DPoP ${bound}`, proof }), '401 dpop-proof-invalid');
    }
  });

  for (const [what, url] of [
    ['a query and a fragment in htu', `${URL_}?a=1#b`],
    ['capitals in scheme and host', 'HTTPS://Origin.TEST/live/s.m3u8'],
    ['the default port', 'https://origin.test:443/live/s.m3u8'],
    ['encoded characters that need not be', 'https://origin.test/live/%73.m3u8'],
    ['dot segments', 'https://origin.test/x/../live/s.m3u8'],
  ] as const) {
    it(`is accepted with ${what}`, async () => {
      assert.equal(await answerTo({ url }), 'ok');
    });
  }

  it('is compared with the external origin if it is set', async () => {
    const verifier = verifierWith({ externalOrigin: ['https://cdn.test', 'https://media.test'] });
    assert.equal(await answerTo({ url: 'https://media.test/live/s.m3u8' }, verifier), 'ok');
    assert.equal(await answerTo({ url: URL_ }, verifier), '401 dpop-proof-invalid');
    for (const externalOrigin of ['cdn.test', 'https://cdn.test/', '*', 'https://*.test'])
      assert.throws(() => verifierWith({ externalOrigin }), TypeError);
  });

  it('is accepted with proofs of each algorithm, and only of those in the list', async () => {
    for (const alg of ['ES256', 'EdDSA', 'RS256', 'PS256']) {
      const other = await createDpopClient(() => nowSeconds, alg);
      const token = await signClaims(keys, { ...plain, cnf: { jkt: other.jkt } });
      const sent = async () => ({ authorization: `DPoP ${token}`, proof: await other.prove({ token }) });
      assert.equal(await answer(await sent()), 'ok', alg);
      const expected = alg === 'ES256' ? 'ok' : '401 dpop-proof-invalid';
      assert.equal(await answer(await sent(), verifierWith({ algorithms: ['ES256'] })), expected);
    }
  });

  it('is refused if it is bound in a way that DPoP cannot check', async () => {
    for (const cnf of [
      {},
      null,
      'x',
      [],
      { jkt: 'short' },
      { jkt: 7 },
      { 'x5t#S256': client.jkt },
      { jkt: client.jkt, kid: 'k' },
    ]) {
      const token = await signClaims(keys, { ...plain, cnf });
      const proof = await client.prove({ token });
      assert.equal(
        await answer({ authorization: `DPoP ${token}`, proof }),
        '403 token-invalid',
        JSON.stringify(cnf),
      );
    }
  });
});

describe('a token that is not bound', () => {
  it('is accepted as before, and refused with the scheme DPoP or where bound tokens are required', async () => {
    assert.equal(await answer({ authorization: `Bearer ${unbound}` }), 'ok');
    assert.equal(await answer({ url: `${URL_}?token=${unbound}` }), 'ok');
    const proof = await client.prove({ token: unbound });
    assert.equal(await answer({ authorization: `DPoP ${unbound}`, proof }), '403 token-not-bound');
    const required = verifierWith({ required: true });
    assert.equal(await answer({ authorization: `Bearer ${unbound}` }, required), '403 token-not-bound');
  });
});

describe('challenges', () => {
  it('name DPoP and its algorithms', async () => {
    const challengeOf = async (sent: Sent, dpop?: VerifierDpopOptions) => {
      const result = await checkRequest(verifierWith(dpop), requestWith(sent), 's');
      return result instanceof Response ? result.headers.get('WWW-Authenticate') : null;
    };
    assert.equal(await challengeOf({}), 'Bearer');
    assert.equal(await challengeOf({}, {}), 'Bearer, DPoP algs="ES256 EdDSA RS256 PS256"');
    assert.equal(await challengeOf({}, { required: true, algorithms: ['ES256'] }), 'DPoP algs="ES256"');
    assert.equal(
      await challengeOf({ url: `${URL_}?token=${bound}` }, { algorithms: ['ES256'] }),
      'DPoP error="invalid_dpop_proof", algs="ES256"',
    );
  });

  it('require a nonce if nonces are set, and give the next one', async () => {
    let nowMs = NOW_MS;
    const dpop = { nonce: { lifetimeSeconds: 10 }, now: () => nowMs };
    const verifier = createTokenVerifier({ keys, now: () => NOW_MS, dpop });
    const ask = async (nonce?: string) => {
      const iat = Math.floor(nowMs / 1000);
      const proof = await client.prove({
        token: bound,
        claims: { iat },
        ...(nonce !== undefined && { nonce }),
      });
      return checkRequest(verifier, requestWith({ authorization: `DPoP ${bound}`, proof }), 's');
    };
    const first = await ask();
    assert.ok(first instanceof Response);
    assert.equal(((await first.json()) as { code: string }).code, 'dpop-nonce-required');
    assert.match(first.headers.get('WWW-Authenticate') ?? '', /^DPoP error="use_dpop_nonce"/);
    const nonce = first.headers.get('DPoP-Nonce') ?? '';
    assert.match(nonce, /^[\w-]{24}$/);
    const second = await ask(nonce);
    assert.ok(!(second instanceof Response));
    assert.equal(second.dpopNonce, nonce);
    nowMs += 10_000;
    const third = await ask(nonce);
    assert.ok(!(third instanceof Response));
    assert.notEqual(third.dpopNonce, nonce);
    nowMs += 10_000;
    assert.ok((await ask(nonce)) instanceof Response, 'the nonce is too old');
    assert.ok((await ask('other')) instanceof Response);
  });

  it('accept the nonces of another instance with the same secret', async () => {
    const secret = 'a secret of at least thirty-two bytes';
    const [one, two] = [verifierWith({ nonce: { secret } }), verifierWith({ nonce: { secret } })];
    const refused = await checkRequest(
      one,
      requestWith({ authorization: `DPoP ${bound}`, proof: await client.prove({ token: bound }) }),
      's',
    );
    const nonce = refused instanceof Response ? (refused.headers.get('DPoP-Nonce') ?? '') : '';
    assert.equal(await answerTo({ nonce }, two), 'ok');
    assert.throws(() => verifierWith({ nonce: { secret: 'short' } }), TypeError);
  });

  it('reach the client through the middleware', async () => {
    const app = new Hono();
    const verifier = verifierWith({ nonce: {} });
    app.use('/live/:file', verifyToken({ verifier, stream: () => 's' }));
    app.get('/live/:file', (context) => context.text('#EXTM3U'));
    const ask = async (nonce?: string) =>
      app.request(
        requestWith({
          authorization: `DPoP ${bound}`,
          proof: await client.prove({ token: bound, ...(nonce !== undefined && { nonce }) }),
        }),
      );
    const nonce = (await ask()).headers.get('DPoP-Nonce') ?? '';
    const good = await ask(nonce);
    assert.equal(good.status, 200);
    assert.equal(good.headers.get('DPoP-Nonce'), nonce);
  });
});

describe('memoryReplayCache', () => {
  it('forgets expired proofs, and refuses requests when it is full instead of forgetting others', async () => {
    let nowMs = 0;
    const cache = memoryReplayCache({ capacity: 3, now: () => nowMs });
    for (const id of ['a', 'b', 'c']) assert.equal(await cache.add(id, 1000), true);
    assert.equal(await cache.add('a', 1000), false);
    await assert.rejects(cache.add('d', 1000), /full/);
    nowMs = 1000;
    assert.equal(await cache.add('d', 2000), true);
    assert.equal(await cache.add('a', 2000), true);
    for (const capacity of [0, -1, 1.5, NaN]) assert.throws(() => memoryReplayCache({ capacity }), TypeError);
  });

  it('makes the verifier answer 503 when it fails', async () => {
    const replayCache = { add: () => Promise.reject(new Error('down')) };
    assert.equal(await answerTo({}, verifierWith({ replayCache })), '503 store-unavailable');
  });
});
