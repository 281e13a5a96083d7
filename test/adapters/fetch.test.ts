import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/adapters';
import type { TokenOptions } from '@gatecast/adapters';
import { fetchWithSession } from '@gatecast/adapters/internal/fetch/with-tokens';
// Loaded before, so that no test waits for it.
import '@gatecast/token/internal/source/read-access-end';
import { FakeOrigin, MEDIA, SEGMENT } from './support/fake-origin.js';
import { pageTokens } from './support/page-tokens.js';
import { pass } from './support/run-loader.js';

function start(options: Partial<TokenOptions> = {}) {
  const page = pageTokens({ stream: 'demo', origins: [MEDIA], ...options });
  const { origin } = page;
  const load = fetchWithSession(origin.fetch, page.options, origin.context);
  const loaded = async (...[input, init]: Parameters<typeof fetch>) => {
    const pending = load(input, init).catch((error: unknown) => error);
    await pass(origin.time);
    await pass(origin.time);
    return pending;
  };
  return { ...page, load, loaded };
}

describe('fetch with tokens', () => {
  it('sends a token, and its response has an address without one', async () => {
    const { origin, time, load, loaded } = start();
    const response = await loaded(SEGMENT, { headers: { 'X-Page': '1' } });
    assert.ok(response instanceof Response);
    assert.equal(response.status, 200);
    assert.equal(response.url.includes('demo-1'), false);
    assert.deepEqual(origin.tokens, ['demo-1']);
    assert.equal(origin.requests[0]?.headers.get('X-Page'), '1');
    load.tokens.release();
    assert.equal(time.clock.pending, 0);
  });

  it('repeats a refused request once, with its body', async () => {
    const { origin, load, loaded } = start();
    origin.status = (token) => (token === 'demo-1' ? 401 : 200);
    const response = await loaded(new Request(SEGMENT, { method: 'POST', body: 'challenge' }));
    assert.ok(response instanceof Response && response.ok);
    assert.deepEqual(
      origin.requests.map(({ method }) => method),
      ['POST', 'POST'],
    );
    assert.deepEqual(origin.backend.reasons, ['initial', 'rejected']);
    load.tokens.release();
  });

  it('obeys an origin that says that the access has ended', async () => {
    const { origin, time, load, loaded, failed } = start();
    origin.status = () => 403;
    origin.problem = 'revoked';
    for (let count = 0; count < 3; count += 1) {
      const error = await loaded(SEGMENT);
      assert.ok(error instanceof GatecastError);
      assert.deepEqual([error.code, error.reason, error.status], ['revoked', 'Ticket 7', 403]);
    }
    await time.advance(60_000);
    assert.deepEqual([origin.tokens, origin.backend.reasons], [['demo-1'], ['initial']]);
    assert.deepEqual(
      failed.map(({ error: { code }, willRetryInMs }) => [code, willRetryInMs]),
      [['revoked', null]],
    );
    load.tokens.release();
  });

  it('fails with the reason when a new token is refused, too', async () => {
    const { origin, load, loaded, failed } = start();
    origin.status = () => 403;
    const error = await loaded(SEGMENT);
    assert.ok(error instanceof GatecastError);
    assert.equal(error.code, 'token-rejected');
    assert.equal(failed.length, 1);
    assert.doesNotMatch(JSON.stringify(error) + error.message, /demo-\d/);
    load.tokens.release();
  });

  it('resolves with other errors of the origin, as fetch does', async () => {
    const { origin, load, loaded } = start();
    origin.status = () => 404;
    const response = await loaded(SEGMENT);
    assert.ok(response instanceof Response);
    assert.equal(response.status, 404);
    load.tokens.release();
  });

  it('sends no token to an origin that the page does not name', async () => {
    const { origin, load, loaded } = start();
    await loaded('https://other.example/7.m4s');
    assert.deepEqual(origin.tokens, [null]);
    assert.equal(origin.backend.requests.length, 0);
    load.tokens.release();
  });

  it('follows no redirect that the page forbids, with and without a token', async () => {
    const { origin, load, loaded } = start();
    for (const url of [SEGMENT, 'https://other.example/7.m4s'])
      for (const redirect of ['error', 'manual', 'follow'] as const) {
        await loaded(url, { redirect });
        await loaded(new Request(url, { redirect }));
        assert.deepEqual(
          origin.requests.splice(0).map((sent) => sent.redirect),
          [redirect, redirect],
        );
      }
    load.tokens.release();
  });

  it('sends a token in a header of another name to no target of a redirect, also if the page allows it', async () => {
    const { origin, load, loaded } = start({ placement: 'header:X-Token' });
    origin.status = () => 200;
    for (const redirect of ['follow', 'error'] as const) await loaded(SEGMENT, { redirect });
    assert.deepEqual(
      origin.requests.map(({ redirect }) => redirect),
      ['manual', 'error'],
    );
    load.tokens.release();
  });

  it('returns the address of the page, in clones of a response, too', async () => {
    const { origin, load, loaded } = start();
    const response = await loaded(`${SEGMENT}?part=1#t=2`);
    assert.ok(response instanceof Response);
    const copy = response.clone();
    for (const { url } of [response, copy, copy.clone()]) assert.equal(url, `${SEGMENT}?part=1`);
    assert.equal(await copy.text(), await response.text());
    origin.isRedirected = true;
    origin.finalUrl = () => `${MEDIA}/moved.m4s?token=demo-1`;
    const moved = await loaded(SEGMENT);
    assert.ok(moved instanceof Response);
    assert.doesNotMatch(moved.url + moved.clone().url, /demo-1/);
    assert.match(moved.url, /moved/);
    load.tokens.release();
  });

  it('goes on without tokens after release, and what it loads then is loaded to its end', async () => {
    const { origin, load, loaded } = start();
    await loaded(SEGMENT);
    const running = load(SEGMENT);
    load.tokens.release();
    assert.equal((await running).status, 200);
    origin.status = () => 200;
    const response = await loaded(SEGMENT);
    assert.ok(response instanceof Response && response.ok);
    assert.equal(origin.tokens.at(-1), null);
    assert.equal(origin.time.clock.pending, 0);
  });

  it('is refused without a stream name', () => {
    const origin = new FakeOrigin();
    assert.throws(() => fetchWithSession(origin.fetch, { tokenSource: () => 'token' }, {}), {
      code: 'option-invalid',
    });
  });
});
