import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refreshReasons, tokenPurposes, type TokenPurpose, type TokenRequest } from '@gatecast/contract';
import { endpointSource, GatecastError, TokenManager } from '@gatecast/token';
import { createClock } from '@gatecast/token/internal/time/clock';
import { document, documented, faultsOf, operation } from './support/openapi-schemas.js';

const NOW_MS = 1_708_457_000_000;
const END_MS = 1_708_457_300_000;

/** A token manager whose endpoint gives one answer, and the request bodies that it sent. */
function clientOf(answer: () => Response, purpose: TokenPurpose = 'playback') {
  const sent: TokenRequest[] = [];
  const clock = createClock({ wallNow: () => NOW_MS });
  const fetch = async (_input: RequestInfo | URL, init: RequestInit = {}) => {
    assert.equal(init.method, 'POST');
    assert.equal(new Headers(init.headers).get('Content-Type'), 'application/json');
    sent.push(JSON.parse(typeof init.body === 'string' ? init.body : '') as TokenRequest);
    return answer();
  };
  const source = endpointSource({ url: 'https://backend.test/api/tokens', fetch, clock });
  return { sent, source, manager: new TokenManager({ source, purpose, clock }) };
}

const answerWith = (value: unknown) => () =>
  new Response(typeof value === 'string' ? value : JSON.stringify(value));

describe('the token client and the OpenAPI document', () => {
  const { responses } = operation();

  for (const [name, value] of documented(responses['200'], 'application/json').examples) {
    it(`reads a token for each stream from the example “${name}”`, async () => {
      const { tokens } = value as { tokens: { stream: string; expiresAt?: number }[] };
      for (const { stream, expiresAt } of tokens) {
        const token = await clientOf(answerWith(value)).manager.get(stream);
        assert.equal(token.expiresAtMs, expiresAt === undefined ? null : END_MS);
      }
    });
  }

  const accepted = document.components.schemas['TokenAnswer']?.examples ?? [];
  for (const [index, value] of accepted.entries()) {
    const form = typeof value === 'string' ? 'text' : Object.keys(value as object).join(', ');
    it(`accepts the older form ${String(index + 1)}: ${form}`, async () => {
      const token = await clientOf(answerWith(value)).manager.get('demo-high');
      assert.equal(token.expiresAtMs, END_MS);
    });
  }

  it('accepts at least five older forms', () => {
    assert.ok(accepted.length >= 5);
  });

  for (const [status, response] of Object.entries(responses).filter(([code]) => code !== '200')) {
    it(`turns each example of ${status} into an error with that status`, async () => {
      const { examples } = documented(response, 'application/problem+json');
      assert.ok(examples.size > 0);
      for (const problem of examples.values()) {
        const headers = { 'Content-Type': 'application/problem+json', 'Retry-After': '7' };
        const answer = () => new Response(JSON.stringify(problem), { status: Number(status), headers });
        const request = { purpose: 'playback', streams: ['a'], reason: 'initial' } as const;
        const { signal } = new AbortController();
        const error: unknown = await clientOf(answer)
          .source.request(request, { signal })
          .catch((reason: unknown) => reason);
        assert.ok(error instanceof GatecastError);
        assert.equal(error.status, Number(status));
        const isDocumentedAsRepeated = 'Retry-After' in (response.headers ?? {});
        assert.equal(error.retryable, isDocumentedAsRepeated);
        assert.equal(error.retryAfterMs, isDocumentedAsRepeated ? 7000 : undefined);
      }
    });
  }

  it('sends requests that the document allows, of every purpose and reason', async () => {
    for (const purpose of tokenPurposes) {
      let version = 0;
      const answer = () => {
        version += 1;
        return Response.json({ tokens: [{ stream: 'a', token: `token-${String(version)}` }] });
      };
      const { manager, sent } = clientOf(answer, purpose);
      const first = await manager.get('a');
      await manager.rejected('a', first.version);
      await manager.refresh('a');
      assert.deepEqual(
        sent.map(({ reason }) => reason),
        ['initial', 'rejected', 'manual'],
      );
      for (const body of sent) {
        assert.deepEqual(faultsOf(body, 'TokenRequest'), []);
        assert.equal(body.purpose, purpose);
      }
    }
    for (const reason of refreshReasons) {
      assert.deepEqual(faultsOf({ purpose: 'playback', streams: ['a'], reason }, 'TokenRequest'), []);
    }
  });
});
