import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endpointBackends } from '../../../docs/support/endpoint-backends.js';
import { fakeJwt } from '../../../support/jwt.js';
import { fakeEndpoint } from '../../../token/support/fake-endpoint.js';
import type { FetchedItem } from '../fetch-item.js';
import { handWrittenEndpoints } from './hand-written-endpoints.js';

const PAGE = 'https://shop.example/watch';
/** The device is an hour late, which must not matter. */
const ISSUED_AT = Math.floor(Date.now() / 1000) + 3600;
const mint = (sub: string): string => fakeJwt({ sub, iat: ISSUED_AT, exp: ISSUED_AT + 300 });

type FetchToken = (stream: string) => Promise<FetchedItem>;

describe('the hand-written requests', () => {
  for (const [heading, module] of Object.entries(handWrittenEndpoints)) {
    it(`${heading}: gets the token of two streams and their life`, async (test) => {
      const { fetch } = fakeEndpoint(endpointBackends(mint)[heading] ?? assert.fail());
      test.mock.method(globalThis, 'fetch', (input: string, init?: RequestInit) =>
        fetch(new URL(input, PAGE), init),
      );
      Object.assign(globalThis, {
        getSession: () => Promise.resolve('session-1'),
        document: { querySelector: () => ({ content: 'csrf-1' }) },
      });
      test.after(() => {
        for (const name of ['getSession', 'document']) Reflect.deleteProperty(globalThis, name);
      });
      const { fetchToken } = (await import(`./${module}.js`)) as { fetchToken: FetchToken };
      const [first, second] = await Promise.all([fetchToken('demo'), fetchToken('other one')]);
      assert.equal(first.item.token, mint('demo'));
      assert.equal(decodeURIComponent(subjectOf(second.item.token)), 'other one');
      assert.equal(first.lifeMs, 300_000);
    });

    it(`${heading}: fails when the endpoint refuses`, async (test) => {
      test.mock.method(globalThis, 'fetch', () => Promise.resolve(new Response('', { status: 403 })));
      Object.assign(globalThis, {
        getSession: () => Promise.resolve('session-1'),
        document: { querySelector: () => ({ content: 'csrf-1' }) },
      });
      test.after(() => {
        for (const name of ['getSession', 'document']) Reflect.deleteProperty(globalThis, name);
      });
      const { fetchToken } = (await import(`./${module}.js`)) as { fetchToken: FetchToken };
      await assert.rejects(fetchToken('demo'), /answered 403/);
    });
  }
});

function subjectOf(token: string): string {
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  return (JSON.parse(claims) as { sub: string }).sub;
}
