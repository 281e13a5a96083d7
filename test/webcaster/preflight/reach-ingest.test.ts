import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reachIngest } from '@gatecast/webcaster/internal/preflight/reach-ingest';
import { ingestError } from '@gatecast/webcaster/internal/publisher/whip/whip-errors';

type Responses = Partial<Record<'HEAD' | 'OPTIONS', Response>>;

/** A server whose responses the page may read, as far as there are any. */
function reach(responses: Responses, { isHttp = true, url = 'https://ingest.example/whip/a?key=1' } = {}) {
  const requests: string[] = [];
  const fetch = (input: RequestInfo | URL, { method, mode }: RequestInit = {}): Promise<Response> => {
    requests.push(
      `${String(method)} ${String(mode)} ${input instanceof Request ? input.url : String(input)}`,
    );
    if (mode === 'no-cors') return Promise.resolve(new Response());
    const response = responses[method === 'OPTIONS' ? 'OPTIONS' : 'HEAD'];
    return response ? Promise.resolve(response) : Promise.reject(new TypeError('No CORS.'));
  };
  const { signal } = new AbortController();
  return {
    requests,
    finding: reachIngest(url, { signal, errorOf: isHttp ? ingestError : undefined, fetch }),
  };
}

const takesOffers = (type = 'application/sdp') => new Response(null, { headers: { 'Accept-Post': type } });
const status = (number: number) => new Response(null, { status: number });

describe('the check of the ingest', () => {
  for (const [what, responses, expected] of [
    ['takes no HEAD', { HEAD: status(405) }, 'passed ingest-ok'],
    ['is not readable', {}, 'passed ingest-ok'],
    ['is not found', { HEAD: status(404), OPTIONS: status(404) }, 'failed ingest-not-found'],
    [
      'takes a POST where it has no HEAD',
      {
        HEAD: status(404),
        OPTIONS: new Response(null, { status: 204, headers: { Allow: 'OPTIONS, POST' } }),
      },
      'passed ingest-ok',
    ],
    [
      'allows requests at each address',
      { HEAD: status(404), OPTIONS: status(204) },
      'skipped ingest-unchecked',
    ],
    ['does not say what it takes', { HEAD: status(404) }, 'skipped ingest-unchecked'],
    ['fails behind its proxy', { HEAD: status(502) }, 'failed ingest-failed'],
    ['takes offers, as RFC 9725 wants it said', { OPTIONS: takesOffers() }, 'passed ingest-ok'],
    ['fails where only CORS is allowed', { OPTIONS: status(204), HEAD: status(502) }, 'failed ingest-failed'],
    ['is busy', { HEAD: status(503) }, 'warning ingest-failed'],
    [
      'is a page of the site',
      { HEAD: new Response(null, { headers: { 'Content-Type': 'text/html; charset=utf-8' } }) },
      'skipped ingest-unchecked',
    ],
  ] as const)
    it(`says that it ${what}`, async () => {
      const { result, code } = await reach(responses).finding;
      assert.equal(`${result} ${code}`, expected);
    });

  it('is one OPTIONS request where it says that it takes offers, and shows no 405 in the console', async () => {
    const { requests, finding } = reach({ OPTIONS: takesOffers('text/plain, Application/SDP') });
    assert.equal((await finding).code, 'ingest-ok');
    assert.deepEqual(requests, ['OPTIONS cors https://ingest.example/whip/a']);
  });

  it('asks twice at most where it may read the responses', async () => {
    const { requests, finding } = reach({ HEAD: status(404), OPTIONS: status(404) });
    assert.equal((await finding).code, 'ingest-not-found');
    assert.deepEqual(
      requests.map((request) => request.split(' ')[0]),
      ['OPTIONS', 'HEAD'],
    );
  });

  it('sends no query, and judges no address that is not of WHIP', async () => {
    const { requests, finding } = reach({ HEAD: status(404) }, { isHttp: false });
    assert.equal((await finding).code, 'ingest-ok');
    assert.deepEqual(requests, ['HEAD cors https://ingest.example/whip/a']);
    const vendor = reach({}, { url: 'wss://ingest.example/' });
    assert.equal((await vendor.finding).code, 'ingest-unchecked');
    assert.deepEqual(vendor.requests, []);
  });
});
