import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createPlaylistCookie,
  createTokenHandler,
  createTokenVerifier,
  generateSigningKey,
  ingestJwtIssuer,
  issuersByOrigin,
  jwtIssuer,
  stsSecurityIssuer,
  type TokenHandlerOptions,
  type TokenIssuer,
} from '@gatecast/server';
import { decodeJwt } from 'jose';
import { createDpopClient } from './support/dpop-client.js';

const ENDPOINT = 'https://backend.test/api/tokens';
const { key } = await generateSigningKey({ kid: 'k1', alg: 'ES256' });
const keys = createKeySet([key]);
const client = await createDpopClient();
const toEndpoint = { method: 'POST', url: ENDPOINT };

function handlerWith(options: Partial<TokenHandlerOptions>) {
  return createTokenHandler({
    issuers: { playback: jwtIssuer({ keys }), ingest: ingestJwtIssuer({ keys }) },
    authorize: () => ({ user: 'u', claims: { cnf: { jkt: 'of-the-grant' }, plan: 'gold' } }),
    ...options,
  });
}

async function ask(handler: ReturnType<typeof createTokenHandler>, proof?: string, purpose = 'playback') {
  const response = await handler(
    new Request(ENDPOINT, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(proof !== undefined && { DPoP: proof }) },
      body: JSON.stringify({ purpose, streams: ['s'], reason: 'initial' }),
    }),
  );
  const body = (await response.json()) as { code?: string; tokens?: { token: string }[]; playlists?: object };
  return { response, body, answer: response.ok ? 'ok' : `${response.status} ${body.code ?? ''}` };
}

describe('a token endpoint with proof of possession', () => {
  it('binds the tokens of all purposes to the key of the proof, whatever the grant says', async () => {
    for (const purpose of ['playback', 'ingest']) {
      const { body } = await ask(handlerWith({ dpop: 'required' }), await client.prove(toEndpoint), purpose);
      const claims = decodeJwt(body.tokens?.[0]?.token ?? '');
      assert.deepEqual(claims['cnf'], { jkt: client.jkt });
      assert.equal(claims['plan'], 'gold');
    }
  });

  it('issues tokens that only the holder of the key can use', async () => {
    const { body } = await ask(handlerWith({ dpop: 'required' }), await client.prove(toEndpoint));
    const token = body.tokens?.[0]?.token ?? '';
    const verifier = createTokenVerifier({ keys });
    const url = 'https://origin.test/live/s.m3u8';
    const request = (proof: string) =>
      new Request(url, { headers: { Authorization: `DPoP ${token}`, DPoP: proof } });
    await verifier.verify(token, { stream: 's', request: request(await client.prove({ url, token })) });
    const thief = await createDpopClient();
    await assert.rejects(
      verifier.verify(token, { stream: 's', request: request(await thief.prove({ url, token })) }),
      { code: 'dpop-proof-invalid' },
    );
  });

  it('refuses what authorizes without the key: beside the token, or at another origin', async () => {
    const bound = jwtIssuer({ keys });
    const [a, b] = ['https://a.example', 'https://b.example'] as const;
    const expiresAt = Math.floor(Date.now() / 1000) + 60;
    for (const more of [
      { url: 'https://a.example/s.m3u8?sig=x' },
      { query: { sig: 'x' } },
      { cookie: true, setCookies: ['c=1'] },
      { origins: [a], further: [{ token: 'opaque', origins: [b], expiresAt }] },
    ] as const) {
      const playback: TokenIssuer = {
        issue: async (request) => ({ ...(await bound.issue(request)), ...more }),
      };
      const handler = handlerWith({ dpop: 'required', issuers: { playback } });
      assert.equal((await ask(handler, await client.prove(toEndpoint))).answer, '500 issuer-cannot-bind');
    }
    const each = issuersByOrigin({ [a]: bound, [b]: jwtIssuer({ keys }) });
    const handler = handlerWith({ dpop: 'required', issuers: { playback: each } });
    const { body } = await ask(handler, await client.prove(toEndpoint));
    const keysOf = body.tokens?.map(({ token }) => decodeJwt(token)['cnf']);
    assert.deepEqual(keysOf, [{ jkt: client.jkt }, { jkt: client.jkt }]);
  });

  it('refuses requests without a proof if proofs are required, and issues unbound tokens if they are optional', async () => {
    assert.equal((await ask(handlerWith({ dpop: 'required' }))).answer, '400 dpop-proof-missing');
    const { body } = await ask(handlerWith({ dpop: 'optional', authorize: () => true }));
    assert.equal(decodeJwt(body.tokens?.[0]?.token ?? '')['cnf'], undefined);
  });

  it('refuses a wrong proof in both modes', async () => {
    for (const dpop of ['required', 'optional'] as const) {
      const handler = handlerWith({ dpop });
      const wrong = await client.prove({ ...toEndpoint, url: 'https://evil.test/api/tokens' });
      assert.equal((await ask(handler, wrong)).answer, '400 dpop-proof-invalid');
      const proof = await client.prove(toEndpoint);
      assert.equal((await ask(handler, proof)).answer, 'ok');
      assert.equal((await ask(handler, proof)).answer, '400 dpop-proof-invalid', 'used twice');
    }
  });

  it('requires a nonce if nonces are set', async () => {
    const handler = handlerWith({ dpop: { mode: 'required', nonce: {} } });
    const first = await ask(handler, await client.prove(toEndpoint));
    assert.equal(first.answer, '400 dpop-nonce-required');
    const nonce = first.response.headers.get('DPoP-Nonce') ?? '';
    const second = await ask(handler, await client.prove({ ...toEndpoint, nonce }));
    assert.equal(second.answer, 'ok');
    assert.equal(second.response.headers.get('DPoP-Nonce'), nonce);
  });

  it('accepts another key at each refresh, and binds the new token to it', async () => {
    const handler = handlerWith({ dpop: 'required' });
    const other = await createDpopClient();
    for (const each of [client, other, client]) {
      const { body } = await ask(handler, await each.prove(toEndpoint));
      assert.deepEqual(decodeJwt(body.tokens?.[0]?.token ?? '')['cnf'], { jkt: each.jkt });
    }
  });

  it('does not call an issuer that cannot bind tokens', async () => {
    let calls = 0;
    const vendor = stsSecurityIssuer({
      apiKey: 'sentinel',
      url: 'https://vendor.test/',
      fetch: async () => {
        calls += 1;
        return Response.json({});
      },
    });
    const { answer } = await ask(
      handlerWith({ issuers: { playback: vendor }, dpop: 'optional' }),
      await client.prove(toEndpoint),
    );
    assert.equal(answer, '500 issuer-cannot-bind');
    assert.equal(calls, 0);
    assert.throws(
      () => handlerWith({ issuers: { playback: vendor }, dpop: 'required' }),
      /issuers\.playback/,
    );
  });

  it('does not return the unbound token of an issuer that ignores the key', async () => {
    const inner = jwtIssuer({ keys });
    const custom = {
      issue: ({ stream, purpose }: Parameters<typeof inner.issue>[0]) =>
        inner.issue({ stream, purpose, grant: { claims: { cnf: { jkt: 'x'.repeat(43) } } } }),
    };
    const opaque = {
      issue: async () => ({ token: 'opaque', expiresAt: Math.floor(Date.now() / 1000) + 60 }),
    };
    for (const playback of [custom, opaque]) {
      const { answer } = await ask(
        handlerWith({ issuers: { playback }, dpop: 'required', authorize: () => true }),
        await client.prove(toEndpoint),
      );
      assert.equal(answer, '500 issuer-cannot-bind');
    }
  });

  it('gives no playlist cookie and no playlists with bound tokens', async () => {
    const handler = handlerWith({
      dpop: 'optional',
      playlistCookie: createPlaylistCookie({ keys }),
      bootstrap: {
        playlistUrl: () => 'https://cdn.test/live/s.m3u8',
        upstreams: ['https://cdn.test/live/'],
        fetch: async () => new Response('#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\na.ts\n'),
        budgetMs: 60_000,
      },
    });
    const bound = await ask(handler, await client.prove(toEndpoint));
    assert.equal(bound.response.headers.get('Set-Cookie'), null);
    assert.equal(bound.body.playlists, undefined);
    const unbound = await ask(handler);
    assert.ok(unbound.response.headers.get('Set-Cookie'));
    assert.ok(unbound.body.playlists);
  });

  it('ignores proofs without the option dpop', async () => {
    assert.equal((await ask(handlerWith({ authorize: () => true }), 'no proof')).answer, 'ok');
  });

  it('lets pages of allowed origins send proofs and read nonces', async () => {
    const handler = handlerWith({ dpop: 'required', cors: { origins: ['https://page.test'] } });
    const preflight = await handler(
      new Request(ENDPOINT, {
        method: 'OPTIONS',
        headers: { Origin: 'https://page.test', 'Access-Control-Request-Method': 'POST' },
      }),
    );
    assert.match(preflight.headers.get('Access-Control-Allow-Headers') ?? '', /\bDPoP\b/);
    assert.match(preflight.headers.get('Access-Control-Expose-Headers') ?? '', /\bDPoP-Nonce\b/);
  });
});
