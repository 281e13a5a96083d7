import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createTokenHandler,
  generateSigningKey,
  jwtIssuer,
  signClaims,
} from '@gatecast/server';
import { endpointSource, GatecastError, proveRequests, type ProofContext } from '@gatecast/token';
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, type JWK } from 'jose';

const NOW_MS = 1_708_457_000_000;
const { key } = await generateSigningKey({ kid: 'k1', alg: 'ES256' });
const keys = createKeySet([key]);
const endpoint = 'https://backend.test/api/tokens';
let origins = 0;

interface Seen {
  readonly url: string;
  readonly headers: Headers;
  readonly redirect: RequestRedirect | undefined;
}

/** An origin that no other test has used: the client remembers what each origin answered. */
function originWith(...answers: (() => Response)[]) {
  origins += 1;
  const seen: Seen[] = [];
  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    seen.push({
      url: input instanceof Request ? input.url : input.toString(),
      headers: new Headers(init.headers),
      redirect: init.redirect,
    });
    const answer = answers[seen.length - 1] ?? (() => new Response('media'));
    return answer();
  };
  return { seen, fetch, url: `https://media-${origins}.test/live/s.m3u8` };
}

/** The thumbprint of the page's key: tokens are bound to it. */
async function pageKey(): Promise<string> {
  const { seen, fetch, url } = originWith();
  await proveRequests({ endpoint, secret: null })(fetch)(url);
  const { jwk } = decodeProtectedHeader(seen[0]?.headers.get('DPoP') ?? '');
  return calculateJwkThumbprint(jwk as JWK);
}

const jkt = await pageKey();
const secret = await signClaims(keys, { sub: 's', aud: 'v', exp: NOW_MS / 1000 + 60, cnf: { jkt } });
const context: ProofContext = { endpoint, secret, now: () => NOW_MS };
const bearer = { headers: { Authorization: `Bearer ${secret}` } };

function refusal(headers: Record<string, string> = {}, status = 401): () => Response {
  return () => new Response(null, { status, headers });
}

function proofOf(seen: Seen | undefined) {
  const proof = seen?.headers.get('DPoP');
  return proof == null ? null : { header: decodeProtectedHeader(proof), claims: decodeJwt(proof) };
}

describe('a request with a proof', () => {
  it('has what RFC 9449 section 4.2 requires, and the scheme DPoP', async () => {
    const { seen, fetch, url } = originWith();
    await proveRequests(context)(fetch)(`${url}?a=1#b`, { ...bearer, method: 'POST' });
    const proof = proofOf(seen[0]);
    assert.equal(proof?.header.typ, 'dpop+jwt');
    assert.equal(proof.header.alg, 'ES256');
    assert.deepEqual(Object.keys(proof.header.jwk as object).sort(), ['crv', 'kty', 'x', 'y']);
    const { htm, htu, iat, ath, jti, nonce } = proof.claims;
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
    assert.deepEqual(
      { htm, htu, iat, ath, nonce },
      {
        htm: 'POST',
        htu: url,
        iat: NOW_MS / 1000,
        ath: Buffer.from(digest).toString('base64url'),
        nonce: undefined,
      },
    );
    assert.ok(String(jti).length >= 16);
    assert.equal(seen[0]?.headers.get('Authorization'), `DPoP ${secret}`);
    assert.equal(seen[0].redirect, 'manual', 'a redirect would get the proof');
  });

  it('can be a Request with a body', async () => {
    const { seen, fetch, url } = originWith(refusal({ 'WWW-Authenticate': 'DPoP', 'DPoP-Nonce': 'n' }));
    const bodies: unknown[] = [];
    const reading: typeof globalThis.fetch = async (input, init) => {
      bodies.push(await new Response(init?.body ?? null).text());
      return fetch(input, init);
    };
    await proveRequests(context)(reading)(new Request(url, { ...bearer, method: 'POST', body: 'offer' }));
    assert.deepEqual(bodies, ['offer', 'offer']);
    assert.equal(proofOf(seen[1])?.claims['htm'], 'POST');
    assert.equal(seen[1]?.headers.get('Authorization'), `DPoP ${secret}`);
  });

  it('has another jti each time', async () => {
    const { seen, fetch, url } = originWith();
    for (let each = 0; each < 3; each += 1) await proveRequests(context)(fetch)(url, bearer);
    assert.equal(new Set(seen.map((request) => proofOf(request)?.claims.jti)).size, 3);
  });

  it('is verified with the key that it contains, which cannot be exported', async () => {
    const { seen, fetch, url } = originWith();
    await proveRequests(context)(fetch)(url, bearer);
    const { jwk } = decodeProtectedHeader(seen[0]?.headers.get('DPoP') ?? '');
    assert.equal(await calculateJwkThumbprint(jwk as JWK), jkt);
  });

  it('is sent with a token in the query only after the origin asked for it', async () => {
    const { seen, fetch, url } = originWith(refusal({ 'WWW-Authenticate': 'Bearer, DPoP algs="ES256"' }));
    const send = proveRequests(context)(fetch);
    assert.equal((await send(`${url}?token=${secret}`)).status, 200);
    assert.equal((await send(`${url}?token=${secret}`)).status, 200);
    assert.deepEqual(
      seen.map((request) => proofOf(request) !== null),
      [false, true, true],
    );
    assert.equal(proofOf(seen[1])?.claims['htu'], url);
    assert.equal(seen[0]?.redirect, undefined);
  });

  it('is sent for all requests that were refused at the same time', async () => {
    const { url } = originWith();
    const fetch: typeof globalThis.fetch = async (_, init) =>
      new Headers(init?.headers).has('DPoP')
        ? new Response('media')
        : refusal({ 'WWW-Authenticate': 'DPoP' })();
    const send = proveRequests(context)(fetch);
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(`${url}?token=${secret}`)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 200, 200],
    );
  });

  it('is sent when the challenge of another origin cannot be read', async () => {
    const { seen, fetch, url } = originWith(refusal());
    await proveRequests(context)(fetch)(`${url}?token=${secret}`);
    assert.ok(proofOf(seen[1]));
  });

  it('is not sent to an origin that asks for Bearer only', async () => {
    const { seen, fetch, url } = originWith(refusal({ 'WWW-Authenticate': 'Bearer' }));
    assert.equal((await proveRequests(context)(fetch)(`${url}?token=${secret}`)).status, 401);
    assert.equal(seen.length, 1);
    assert.equal(proofOf(seen[0]), null);
  });

  it('is repeated once with the nonce of the origin, and the next one has it from the start', async () => {
    const challenge = { 'WWW-Authenticate': 'DPoP error="use_dpop_nonce"', 'DPoP-Nonce': 'n1' };
    const { seen, fetch, url } = originWith(
      refusal(challenge),
      () => new Response('', { headers: { 'DPoP-Nonce': 'n2' } }),
    );
    const send = proveRequests(context)(fetch);
    assert.equal((await send(url, bearer)).status, 200);
    await send(url, bearer);
    assert.deepEqual(
      seen.map((request) => proofOf(request)?.claims['nonce']),
      [undefined, 'n1', 'n2'],
    );
  });

  it('is repeated once only, whatever the origin answers', async () => {
    let nonces = 0;
    const always = () => {
      nonces += 1;
      return refusal({ 'WWW-Authenticate': 'DPoP error="use_dpop_nonce"', 'DPoP-Nonce': `n${nonces}` })();
    };
    const { seen, fetch, url } = originWith(...Array.from({ length: 9 }, () => always));
    assert.equal((await proveRequests(context)(fetch)(url, bearer)).status, 401);
    assert.equal(seen.length, 2);
  });

  it('is not repeated when the token is refused', async () => {
    for (const status of [403, 401]) {
      const { seen, fetch, url } = originWith(
        refusal({ 'WWW-Authenticate': 'DPoP error="invalid_token"' }, status),
      );
      assert.equal((await proveRequests(context)(fetch)(url, bearer)).status, status);
      assert.equal(seen.length, 1);
    }
  });

  it('is repeated once with the time of the origin, if the clocks differ', async () => {
    const date = new Date(NOW_MS + 3_600_000).toUTCString();
    const { seen, fetch, url } = originWith(
      refusal({ 'WWW-Authenticate': 'DPoP error="invalid_dpop_proof"', Date: date }),
    );
    const send = proveRequests(context)(fetch);
    assert.equal((await send(url, bearer)).status, 200);
    await send(url, bearer);
    assert.deepEqual(
      seen.map((request) => proofOf(request)?.claims.iat),
      [NOW_MS / 1000, NOW_MS / 1000 + 3600, NOW_MS / 1000 + 3600],
    );
  });

  it('is not sent with a token that is not bound to the key of the page', async () => {
    const { seen, fetch, url } = originWith();
    for (const claims of [{}, { cnf: {} }, { cnf: { jkt: 'x'.repeat(43) } }, { cnf: 'x' }]) {
      const token = await signClaims(keys, { sub: 's', exp: NOW_MS / 1000 + 60, ...claims });
      const request = proveRequests({ ...context, secret: token })(fetch)(url, {
        headers: { Authorization: `Bearer ${token}` },
      });
      await assert.rejects(request, (error) => {
        assert.ok(error instanceof GatecastError);
        assert.equal(error.code, 'token-unbound');
        assert.ok(!JSON.stringify(error).includes(token.slice(0, 30)));
        return true;
      });
    }
    assert.equal(seen.length, 0);
    await proveRequests({ ...context, secret: 'opaque' })(fetch)(url, {
      headers: { Authorization: 'Bearer opaque' },
    });
    assert.equal(seen[0]?.headers.get('Authorization'), 'DPoP opaque');
  });

  it('has another key for each token endpoint', async () => {
    const { seen, fetch, url } = originWith();
    for (const each of ['https://a.test/t', 'https://b.test/t', 'https://a.test/t'])
      await proveRequests({ endpoint: each, secret: null })(fetch)(url);
    const used = seen.map((request) => JSON.stringify(proofOf(request)?.header.jwk));
    assert.equal(used[0], used[2]);
    assert.notEqual(used[0], used[1]);
  });
});

describe('a token request with proofs', () => {
  const request = { purpose: 'playback', streams: ['s'], reason: 'initial' } as const;
  const handlerWith = (dpop?: Parameters<typeof createTokenHandler>[0]['dpop']) => {
    const handler = createTokenHandler({
      issuers: { playback: jwtIssuer({ keys }) },
      authorize: () => true,
      ...(dpop !== undefined && { dpop }),
    });
    let calls = 0;
    const fetch: typeof globalThis.fetch = (input, init) => {
      calls += 1;
      return handler(new Request(input, init));
    };
    return { fetch, calls: () => calls };
  };
  const sourceOf = (fetch: typeof globalThis.fetch, now?: () => number) => {
    origins += 1;
    const source = endpointSource({ url: `https://backend-${origins}.test/api/tokens`, fetch, dpop: true });
    return source.request(request, { signal: new AbortController().signal, ...(now && { now }) });
  };

  it('gets tokens that are bound to the key', async () => {
    const { fetch, calls } = handlerWith('required');
    const answer = (await sourceOf(fetch)) as { tokens: { token: string }[] };
    const { cnf } = decodeJwt(answer.tokens[0]?.token ?? '');
    assert.match((cnf as { jkt: string }).jkt, /^[\w-]{43}$/);
    assert.equal(calls(), 1);
  });

  it('uses the nonce that the backend requires', async () => {
    const { fetch, calls } = handlerWith({ mode: 'required', nonce: {} });
    await sourceOf(fetch);
    assert.equal(calls(), 2);
  });

  it('uses the time of the server', async () => {
    const { fetch, calls } = handlerWith({ mode: 'required', now: () => NOW_MS });
    await sourceOf(fetch, () => NOW_MS);
    assert.equal(calls(), 1);
  });

  it('fails with token-unbound if the backend ignores proofs', async () => {
    const { fetch } = handlerWith();
    await assert.rejects(sourceOf(fetch), { code: 'token-unbound', retryable: false });
  });

  it('fails with proof-unavailable on a page without WebCrypto', async (context_) => {
    const { fetch, calls } = handlerWith('required');
    context_.mock.getter(globalThis, 'crypto', () => ({}));
    await assert.rejects(sourceOf(fetch), { code: 'proof-unavailable', retryable: false });
    assert.equal(calls(), 0);
  });
});
