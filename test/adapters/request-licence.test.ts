import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Authorizer,
  GatecastError,
  type AuthorizerOptions,
  type Placement,
  type Token,
  type TokenValue,
} from '@gatecast/token';
import { certificateAuthorizer } from '@gatecast/adapters/internal/hls/on-demand';
import type { TokenSession } from '@gatecast/adapters/internal/session/open-session';
import { licenceAuthorizer } from '@gatecast/adapters/internal/session/licence-authorizer';
import { requestLicence } from '@gatecast/adapters/internal/hls/request-licence';
import { FakeClock, settle } from '../support/fake-clock.js';

const url = 'https://drm.example/wv';

/** Sends one request to a licence server that answers with these statuses, one after the other. */
async function send(statuses: readonly number[]) {
  const fake = new FakeClock();
  const { clock } = fake;
  const atMs: number[] = [];
  const repeated: (number | undefined)[] = [];
  const authorizer = new Authorizer({
    tokens: {
      get: () => Promise.reject(new Error('not needed')),
      peek: () => null,
      rejected: () => Promise.reject(new Error('not needed')),
      accepted: () => undefined,
    },
    placement: { kind: 'none' },
    origins: [],
  });
  const fetch = (): Promise<Response> => {
    const status = statuses[atMs.length] ?? 200;
    atMs.push(clock.now());
    return status === 0
      ? Promise.reject(new TypeError('Failed to fetch'))
      : Promise.resolve(new Response('licence', { status }));
  };
  const { signal } = new AbortController();
  const result = requestLicence(
    {
      ...{ authorizerFor: () => authorizer, clock, fetch, random: () => 0.5 },
      onRepeat: ({ status }) => void repeated.push(status),
    },
    { url, stream: 'a', init: { method: 'POST' }, signal },
  ).catch((error: unknown) => error);
  // More than all waits together.
  for (let step = 0; step < 100; step++) {
    await settle();
    await fake.advance(100);
  }
  return {
    result: await result,
    repeated,
    waitsMs: atMs.slice(1).map((at, index) => at - (atMs[index] ?? 0)),
  };
}

describe('a request for a licence', () => {
  it('is repeated with growing waits while the licence server is not well', async () => {
    const { result, waitsMs, repeated } = await send([503, 0, 429]);
    assert.deepEqual(repeated, [503, undefined, 429]);
    assert.equal((result as { status: number }).status, 200);
    assert.equal(waitsMs.length, 3);
    assert.ok(
      waitsMs.every((waitMs, index) => waitMs >= ([500, 1000, 2500][index] ?? 0)),
      waitsMs.join(),
    );
  });

  it('fails after four attempts, and at once after a refusal', async () => {
    const { result, waitsMs } = await send([500, 500, 500, 500]);
    assert.ok(result instanceof GatecastError);
    assert.deepEqual([result.code, result.status, waitsMs.length], ['source-failed', 500, 3]);
    const refused = await send([403]);
    assert.ok(refused.result instanceof GatecastError);
    assert.match(refused.result.hint, /token-origins/);
    assert.deepEqual(refused.waitsMs, []);
  });
});

describe('a token on a request for a licence', () => {
  /** The token of each stream. */
  function sourceWith(value: TokenValue, placement: Placement) {
    const tokens: AuthorizerOptions['tokens'] = {
      get: () => Promise.resolve({ stream: 'a', value, version: 1 } as Token),
      peek: () => null,
      rejected: () => Promise.reject(new Error('not needed')),
      accepted: () => undefined,
    };
    const origins = ['https://drm.example/live.m3u8'];
    return { authorizer: new Authorizer({ tokens, placement, origins }), tokens };
  }

  function authorizerWith(value: TokenValue, placement: Placement): Authorizer {
    return licenceAuthorizer(sourceWith(value, placement), placement, url);
  }

  it('never replaces the address of the licence server by that of the stream', async () => {
    const value = { parts: [{ url: 'https://cdn.example/live.m3u8?signature=1', headers: { 'X-A': 'b' } }] };
    const authorizer = authorizerWith(value, { kind: 'header', name: 'Authorization', scheme: 'Bearer' });
    assert.equal((await authorizer.authorize(url, 'a')).url, url);
  });

  it('is also on a request for a certificate whose address is relative to the page', async () => {
    const placement: Placement = { kind: 'query', name: 'token' };
    const { authorizer, tokens } = sourceWith('eyJ.a.b', placement);
    const session: unknown = { authorizer, tokens };
    const context = { url: '/certificate' };
    Object.assign(globalThis, { document: { baseURI: 'https://drm.example/page' } });
    try {
      const found = certificateAuthorizer(session as TokenSession, placement, context);
      assert.equal(context.url, 'https://drm.example/certificate');
      assert.equal((await found.authorize(context.url, 'a')).url, `${context.url}?token=eyJ.a.b`);
    } finally {
      Reflect.deleteProperty(globalThis, 'document');
    }
  });

  it('is not in the address of the response', async () => {
    const token = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2VjcmV0c2VjcmV0';
    const authorizer = authorizerWith(token, { kind: 'query', name: 'token' });
    const { signal } = new AbortController();
    const addresses = await Promise.all(
      [false, true].map(async (redirected) => {
        const fetch = (input: RequestInfo | URL): Promise<Response> => {
          assert.ok(typeof input === 'string' && input.includes(token));
          const response = new Response('licence');
          Object.defineProperties(response, { url: { value: input }, redirected: { value: redirected } });
          return Promise.resolve(response);
        };
        const transport = { authorizerFor: () => authorizer, clock: new FakeClock().clock, fetch };
        return (await requestLicence(transport, { url, stream: 'a', init: {}, signal })).url;
      }),
    );
    assert.deepEqual(addresses, [url, url]);
  });
});
