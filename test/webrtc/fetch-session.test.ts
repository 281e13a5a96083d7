import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Authorizer, customSource, fetchAuthorized, parsePlacement, TokenManager } from '@gatecast/token';
import { whipErrors } from '@gatecast/webcaster/internal/publisher/whip/whip-errors';
import type { SessionTokens } from '@gatecast/webrtc';
import { fetchInSession } from '@gatecast/webrtc/internal/fetch-session';

const TOKEN = 'st=1~acl=/whip/*~hmac=ab';
const [FIRST, EDGE] = ['https://ingest.example', 'https://edge.example'];

/** Sends an offer to an ingest that redirects to `EDGE`, where the token must be in its place. */
async function post(placement: string, hasToken: (request: Request) => boolean): Promise<Request[]> {
  const source = customSource(async () => ({ token: TOKEN, expiresAt: Math.floor(Date.now() / 1000) + 600 }));
  const manager = new TokenManager({ source, purpose: 'ingest' });
  const lease = manager.lease({ streams: ['a'] });
  const origins = [FIRST, EDGE];
  const authorizer = new Authorizer({ tokens: manager, placement: parsePlacement(placement), origins });
  const tokens: SessionTokens = {
    withoutTokens: (url) => authorizer.withoutTokens(url),
    isAllowedOrigin: (url) => authorizer.isAllowed(url),
    ready: () => Promise.resolve(),
    keepUntil: () => undefined,
    fetch: (url, init, fetch) => fetchAuthorized({ authorizer, url, stream: 'a', init, fetch }),
  };
  const sent: Request[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    sent.push(request);
    const isRedirected = request.url.startsWith(FIRST);
    const isGood = !isRedirected && hasToken(request);
    const response = new Response(null, { status: isGood ? 201 : 401 });
    // The redirect is followed by the browser, which drops the header and takes the address of `Location`.
    const url = isRedirected ? `${EDGE}/whip/a` : request.url;
    return Object.defineProperties(response, { url: { value: url }, redirected: { value: isRedirected } });
  };
  try {
    const answer = await fetchInSession({ tokens, errors: whipErrors }, `${FIRST}/whip/a`, {
      method: 'POST',
      body: 'v=0',
    });
    assert.equal(answer.status, 201);
    return sent;
  } finally {
    globalThis.fetch = fetch;
    lease.release();
  }
}

describe('an offer to an ingest that redirects to another origin', () => {
  for (const [placement, hasToken] of [
    ['header', ({ headers }: Request) => headers.get('Authorization') === `Bearer ${TOKEN}`],
    ['query:token', ({ url }: Request) => url === `${EDGE}/whip/a?token=${TOKEN}`],
    ['path:/{token}{path}', ({ url }: Request) => url === `${EDGE}/st=1~acl=%2Fwhip%2F*~hmac=ab/whip/a`],
  ] as const)
    it(`has its token there too, once and as it was issued: ${placement}`, async () => {
      const sent = await post(placement, hasToken);
      assert.equal(sent.length, 2);
      assert.equal(await sent[1]?.text(), 'v=0');
    });
});
