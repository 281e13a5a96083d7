import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stsSecurityIssuer, type IssueRequest } from '@gatecast/server';
import { ask, common, countingFetch, NOW_MS, problemOf } from './support/vendor-fixture.js';

const stsUrl = 'http://vendor.test/secure/token';

describe('VendorClient', () => {
  const busy = () => new Response('{"secret":"body"}', { status: 503 });
  const sts = (options: Partial<Parameters<typeof stsSecurityIssuer>[0]>) =>
    stsSecurityIssuer({ ...common, url: stsUrl, ...options });

  it('retries after 5xx and network errors, with backoff', async () => {
    const { calls, fetch } = countingFetch([busy(), new TypeError('fetch failed')]);
    const waits: number[] = [];
    const sleep = async (waitMs: number) => {
      waits.push(waitMs);
    };
    assert.ok((await ask(sts({ fetch, sleep, random: () => 0.5 }))).security);
    assert.equal(calls.length, 3);
    assert.deepEqual(waits, [150, 300]);
  });

  it('throws a problem without the vendor’s message after the last retry', async () => {
    const { calls, fetch } = countingFetch([busy(), busy(), busy()]);
    const problem = await problemOf(ask(sts({ fetch })));
    assert.deepEqual([problem.code, problem.status, calls.length], ['vendor-failed', 503, 3]);
    assert.ok(!JSON.stringify(problem).includes('body'));
  });

  it('passes on a long Retry-After instead of waiting', async () => {
    const { calls, fetch } = countingFetch([
      new Response('', { status: 429, headers: { 'Retry-After': '60' } }),
    ]);
    const problem = await problemOf(ask(sts({ fetch })));
    assert.deepEqual([problem.status, problem.retryAfterSeconds, calls.length], [503, 60, 1]);
  });

  it('ignores a Retry-After that is not a time', async () => {
    const headers = { 'Retry-After': '1e999' };
    const { fetch } = countingFetch([new Response('', { status: 503, headers })]);
    const issuer = stsSecurityIssuer({ ...common, fetch, url: stsUrl, retries: 0 });
    assert.equal((await problemOf(ask(issuer))).retryAfterSeconds, undefined);
  });

  it('times out', async () => {
    const fetch = () => new Promise<Response>(() => {});
    const problem = await problemOf(ask(sts({ fetch, timeoutMs: 10, retries: 0 })));
    assert.deepEqual([problem.code, problem.status], ['vendor-timeout', 504]);
  });

  it('opens the circuit, allows one call after circuitOpenMs, and closes it again', async () => {
    let nowMs = NOW_MS;
    const { calls, fetch } = countingFetch([busy(), busy(), busy()]);
    const issuer = sts({ fetch, now: () => nowMs, retries: 0, circuitFailures: 2, circuitOpenMs: 1000 });
    await problemOf(ask(issuer));
    await problemOf(ask(issuer));
    const open = await problemOf(ask(issuer));
    assert.deepEqual([open.code, open.retryAfterSeconds, calls.length], ['vendor-unavailable', 1, 2]);
    nowMs += 1001;
    assert.equal((await problemOf(ask(issuer))).code, 'vendor-failed');
    assert.equal((await problemOf(ask(issuer))).code, 'vendor-unavailable');
    nowMs += 1001;
    assert.ok((await ask(issuer)).security);
    assert.ok((await ask(issuer)).security);
    assert.equal(calls.length, 5);
  });

  it('stops reading a response that is too large', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(16_384).fill(0x20));
      },
    });
    const { fetch } = countingFetch([new Response(endless)]);
    const issuer = stsSecurityIssuer({ ...common, fetch, url: stsUrl, retries: 0, timeoutMs: 60_000 });
    assert.equal((await problemOf(ask(issuer))).code, 'vendor-failed');
    assert.ok(sent < 10, `${sent} chunks were read`);
  });

  it('does not send the key to a redirect target', async () => {
    const { calls, fetch } = countingFetch([
      new Response(null, { status: 302, headers: { Location: 'https://evil.test' } }),
    ]);
    assert.equal((await problemOf(ask(sts({ fetch })))).code, 'vendor-refused');
    assert.equal(calls.length, 1);
  });

  for (const [what, body] of [
    ['a page', '<html>'],
    ['another shape', '{"h5live":{"security":{"token":5}}}'],
  ] as const) {
    it(`refuses ${what} as token`, async () => {
      const fetch = async () => new Response(body);
      assert.equal((await problemOf(ask(sts({ fetch, retries: 0 })))).code, 'vendor-failed');
    });
  }
});

describe('identical requests', () => {
  it('share one call while in flight, and the abort of one caller does not affect the others', async () => {
    const { calls, fetch } = countingFetch();
    const issuer = stsSecurityIssuer({ ...common, fetch, url: stsUrl });
    const leaving = new AbortController();
    const request: IssueRequest = { purpose: 'playback', stream: 's', grant: {} };
    const left = issuer.issue({ ...request, signal: leaving.signal });
    const others = Promise.all([issuer.issue(request), issuer.issue(request)]);
    leaving.abort();
    await assert.rejects(left, { name: 'AbortError' });
    const [first, second] = await others;
    assert.ok(first === second, 'two tokens');
    assert.equal(calls.length, 1);
    await issuer.issue(request);
    assert.equal(calls.length, 2, 'a token was shared without permission');
  });

  it('share a token for reuseFraction of its lifetime, per restriction', async () => {
    let nowMs = NOW_MS;
    const { calls, fetch } = countingFetch();
    const issuer = stsSecurityIssuer({
      ...common,
      fetch,
      url: stsUrl,
      now: () => nowMs,
      ttlSeconds: 100,
      reuseFraction: 0.5,
    });
    await ask(issuer);
    nowMs += 49_000;
    assert.equal((await ask(issuer)).expiresAt, NOW_MS / 1000 + 100);
    await ask(issuer, { restrictions: { ip: '127.0.0.1' } });
    assert.equal(calls.length, 2);
    nowMs += 2000;
    await ask(issuer);
    assert.equal(calls.length, 3);
  });
});
