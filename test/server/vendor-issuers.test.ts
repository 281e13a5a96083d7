import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  explainStsOptions,
  playbackJwtIssuer,
  Problem,
  stsSecurityIssuer,
  webcasterJwtIssuer,
  type IssueRequest,
  type TokenIssuer,
  type TokenRestrictions,
} from '@gatecast/server';
import { decodeJwt } from 'jose';
import { createFakeVendor } from '../../demo/backend/fake-vendor/fake-vendor.js';

const API_KEY = 'sentinel-api-key-4711';
const NOW_MS = 1_708_457_000_000;
const now = () => NOW_MS;
const fakeVendor = createFakeVendor({ apiKey: API_KEY, now });

/** A fetch into the stand-ins that counts, and that can fail first. */
function countingFetch(failures: (Response | Error)[] = []) {
  const calls: { url: string; headers: Headers; body: Record<string, unknown> }[] = [];
  const fetch = async (input: RequestInfo | URL, init: RequestInit = {}) => {
    const url = input instanceof Request ? input.url : input.toString();
    const body = JSON.parse(typeof init.body === 'string' ? init.body : '{}') as Record<string, unknown>;
    calls.push({ url, headers: new Headers(init.headers), body });
    const failure = failures.shift();
    if (failure instanceof Error) throw failure;
    return failure ?? fakeVendor.request(url, init);
  };
  return { calls, fetch };
}

const base = 'http://vendor.test';
const common = { apiKey: API_KEY, now, sleep: () => Promise.resolve() };
const webcasterUrl = `${base}/webcaster`;
const stsUrl = `${base}/secure/token`;
const splayUrl = `${base}/api/v1/splay`;
const ingestUrl = 'rtmp://ingest.test/live';

function ask(issuer: TokenIssuer, grant: IssueRequest['grant'] = {}, user?: string) {
  return issuer.issue({ purpose: 'playback', stream: 'XXXXX-YYYYY', grant, user });
}

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const error: unknown = await promise.then(
    () => assert.fail('it went through'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Problem, 'it failed with something else than a Problem');
  assert.ok(!JSON.stringify(error).includes(API_KEY) && !error.message.includes(API_KEY), 'the key leaked');
  return error;
}

describe('webcasterJwtIssuer', () => {
  it('gets a token with the documented claims, and the service verifies it', async () => {
    const { calls, fetch } = countingFetch();
    const issuer = webcasterJwtIssuer({ ...common, fetch, url: webcasterUrl, ingestUrl });
    const { token = '', expiresAt } = await ask(issuer, { ttlSeconds: 600 });
    assert.equal(expiresAt, NOW_MS / 1000 + 600);
    assert.deepEqual(Object.keys(decodeJwt(token)).sort(), [
      'exp',
      'iat',
      'ingesturl',
      'iss',
      'nbf',
      'streamname',
    ]);
    assert.deepEqual(calls[0]?.body, { streamname: 'XXXXX-YYYYY', ingesturl: ingestUrl, exp: expiresAt });
    assert.equal((await issuer.verify(token))['streamname'], 'XXXXX-YYYYY');
    assert.equal((await problemOf(issuer.verify('eyJ.e.e'))).code, 'token-invalid');
  });

  it('refuses an ingest address that is not RTMP before calling', async () => {
    const { calls, fetch } = countingFetch();
    const issuer = webcasterJwtIssuer({
      ...common,
      fetch,
      url: webcasterUrl,
      ingestUrl: 'https://ingest.test',
    });
    const problem = await problemOf(ask(issuer));
    assert.equal(problem.code, 'issuer-parameter-invalid');
    assert.match(problem.message, /ingestUrl/);
    assert.equal(calls.length, 0);
  });
});

describe('stsSecurityIssuer', () => {
  it('gets a security object of strings for a stream name', async () => {
    const { calls, fetch } = countingFetch();
    const issuer = stsSecurityIssuer({ ...common, fetch, url: stsUrl });
    const { security, expiresAt } = await ask(issuer, { ttlSeconds: 300, restrictions: { tag: 'vip' } });
    assert.ok(security);
    assert.ok(Object.values(security).every((value) => typeof value === 'string'));
    assert.equal(security.expires, String(NOW_MS / 1000 + 300));
    assert.equal(expiresAt, NOW_MS / 1000 + 300);
    assert.deepEqual(explainStsOptions(security.options ?? '').restrictions, ['expires', 'tag']);
    assert.equal(typeof calls[0]?.body['expires'], 'string');
  });

  it('gets one for the organisation, bound to address and referer', async () => {
    const { calls, fetch } = countingFetch();
    const restrictions = { referer: 'www.example.com.', ip: '2001:db8::1' };
    const { security } = await ask(
      stsSecurityIssuer({ ...common, fetch, url: stsUrl, orga: 'hash', restrictions }),
    );
    assert.deepEqual(explainStsOptions(security?.options ?? '').restrictions, [
      'expires',
      'ip',
      'referer',
      'orga',
    ]);
    assert.equal('streamname' in (calls[0]?.body ?? {}), false);
  });

  const wrong: [string, IssueRequest['grant'], RegExp][] = [
    ['a lifetime over 365 days', { ttlSeconds: 31_536_001 }, /ttlSeconds/],
    ...(
      [
        [{ referer: 'https://example.com' }, /scheme/],
        [{ referer: 'example.com/path' }, /path/],
        [{ referer: 'example.com:8080' }, /port/],
        [{ referer: '*.example.com' }, /wildcard/],
        [{ referer: 'localhost' }, /top-level/],
        [{ referer: '192.168.1.1' }, /digits/],
        [{ referer: '-a.example.com' }, /label/],
        [{ referer: `${'a'.repeat(64)}.com` }, /label/],
        [{ referer: `${'a.'.repeat(130)}com` }, /253/],
        [{ referer: '' }, /253/],
        [{ ip: '300.1.1.1' }, /IPv4/],
        [{ ip: '::1]/' }, /IPv6/],
        [{ tag: 'a\nb' }, /control/],
      ] satisfies [TokenRestrictions, RegExp][]
    ).map(([restrictions, message]): [string, IssueRequest['grant'], RegExp] => [
      JSON.stringify(restrictions).slice(0, 60),
      { restrictions },
      message,
    ]),
  ];
  for (const [what, grant, message] of wrong) {
    it(`refuses ${what} before calling, and says what to change`, async () => {
      const { calls, fetch } = countingFetch();
      await assert.rejects(ask(stsSecurityIssuer({ ...common, fetch, url: stsUrl }), grant), { message });
      assert.equal(calls.length, 0);
    });
  }
});

describe('playbackJwtIssuer', () => {
  it('gets a jwtoken for the stream by default, verified by the service', async () => {
    const { calls, fetch } = countingFetch();
    const issuer = playbackJwtIssuer({ ...common, fetch, url: splayUrl });
    const restrictions = { referer: 'example.com', ip: '127.0.0.1', tag: 't' };
    const { security, expiresAt } = await ask(issuer, { claims: { nbf: NOW_MS / 1000 }, restrictions });
    assert.deepEqual(calls[0]?.body, {
      streams: ['XXXXX-YYYYY'],
      nbf: NOW_MS / 1000,
      domain: 'example.com',
      ip: '127.0.0.1',
      tag: 't',
      exp: NOW_MS / 1000 + 300,
    });
    assert.equal(expiresAt, NOW_MS / 1000 + 300);
    assert.deepEqual((await issuer.verify(security?.jwtoken ?? ''))['streams'], ['XXXXX-YYYYY']);
  });

  it('takes group and organisation as target, and binds the user when told', async () => {
    for (const target of [{ groupid: 'g' }, { orgawide: true }] as const) {
      const { calls, fetch } = countingFetch();
      const options = {
        ...common,
        fetch,
        url: splayUrl,
        target: () => target,
        bindUser: true,
        answerAs: 'token',
      } as const;
      assert.ok((await ask(playbackJwtIssuer(options), {}, 'u1')).token);
      assert.deepEqual(calls[0]?.body, { ...target, user: 'u1', exp: NOW_MS / 1000 + 300 });
    }
  });

  it('refuses two targets, two credentials and an empty window', async () => {
    const { calls, fetch } = countingFetch();
    const two = { groupid: 'g', orgawide: true } as const;
    await assert.rejects(
      ask(playbackJwtIssuer({ ...common, fetch, url: splayUrl, target: () => two })),
      /exactly one/,
    );
    assert.throws(() => playbackJwtIssuer({ ...common, bintuToken: 't' }), /exactly one/);
    assert.throws(() => playbackJwtIssuer({ now }), /exactly one/);
    const late = { claims: { nbf: NOW_MS / 1000 + 400 } };
    assert.match(
      (await problemOf(ask(playbackJwtIssuer({ ...common, fetch, url: splayUrl }), late))).message,
      /nbf/,
    );
    assert.equal(calls.length, 0);
  });

  it('tells an ended token from a bad one', async () => {
    let nowMs = NOW_MS;
    const service = createFakeVendor({ apiKey: API_KEY, now: () => nowMs });
    const fetch = async (input: RequestInfo | URL, init?: RequestInit) =>
      service.request(input instanceof Request ? input.url : input, init);
    const issuer = playbackJwtIssuer({ ...common, fetch, url: splayUrl });
    const { security } = await ask(issuer, { ttlSeconds: 10 });
    nowMs += 11_000;
    const ended = await problemOf(issuer.verify(security?.jwtoken ?? ''));
    assert.deepEqual([ended.code, ended.vendorCode], ['token-expired', 1002]);
    assert.equal((await problemOf(issuer.verify('no token'))).code, 'token-invalid');
  });

  it('passes a wrong key on as a typed problem with the vendor’s code', async () => {
    const { calls, fetch } = countingFetch();
    const problem = await problemOf(
      ask(playbackJwtIssuer({ now, fetch, url: splayUrl, apiKey: `${API_KEY}x` })),
    );
    assert.deepEqual([problem.code, problem.status, problem.vendorCode], ['vendor-refused', 502, 1001]);
    assert.equal(calls.length, 1, 'a refusal was retried');
  });
});

describe('explainStsOptions', () => {
  for (const [options, restrictions, target] of [
    ['9', ['expires', 'tag'], 'streamname'],
    ['25', ['expires', 'tag', 'orga'], 'orga'],
    [2, ['ip'], 'streamname'],
    ['12', ['referer', 'tag'], 'streamname'],
    [0, [], 'streamname'],
  ] as const) {
    it(`reads ${options} as ${restrictions.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(explainStsOptions(options), { restrictions, target, unknownBits: 0 });
    });
  }

  it('names bits that it does not know, and refuses what is no field of bits', () => {
    assert.equal(explainStsOptions(33).unknownBits, 32);
    for (const options of ['', '-1', 'x', 1.5]) assert.throws(() => explainStsOptions(options), TypeError);
  });
});

describe('a vendor’s service in trouble', () => {
  const busy = () => new Response('{"secret":"body"}', { status: 503 });
  const sts = (options: Partial<Parameters<typeof stsSecurityIssuer>[0]>) =>
    stsSecurityIssuer({ ...common, url: stsUrl, ...options });

  it('is asked again after 5xx and network errors, with growing waits', async () => {
    const { calls, fetch } = countingFetch([busy(), new TypeError('fetch failed')]);
    const waits: number[] = [];
    const sleep = async (waitMs: number) => {
      waits.push(waitMs);
    };
    assert.ok((await ask(sts({ fetch, sleep, random: () => 0.5 }))).security);
    assert.equal(calls.length, 3);
    assert.deepEqual(waits, [150, 300]);
  });

  it('ends as a problem without the vendor’s words after the last retry', async () => {
    const { calls, fetch } = countingFetch([busy(), busy(), busy()]);
    const problem = await problemOf(ask(sts({ fetch })));
    assert.deepEqual([problem.code, problem.status, calls.length], ['vendor-failed', 503, 3]);
    assert.ok(!JSON.stringify(problem).includes('body'));
  });

  it('passes a long Retry-After on instead of waiting', async () => {
    const { calls, fetch } = countingFetch([
      new Response('', { status: 429, headers: { 'Retry-After': '60' } }),
    ]);
    const problem = await problemOf(ask(sts({ fetch })));
    assert.deepEqual([problem.status, problem.retryAfterSeconds, calls.length], [503, 60, 1]);
  });

  it('passes no Retry-After on that is no time', async () => {
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

  it('opens the circuit, lets one call try after a while, and closes it again', async () => {
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

  it('reads no more of an answer than a token can have', async () => {
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

  it('never follows a redirect with the key', async () => {
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
    it(`does not take ${what} for a token`, async () => {
      const fetch = async () => new Response(body);
      assert.equal((await problemOf(ask(sts({ fetch, retries: 0 })))).code, 'vendor-failed');
    });
  }
});

describe('identical requests', () => {
  it('in flight are one call, and one caller’s abort leaves the others their token', async () => {
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
    assert.equal(calls.length, 2, 'a token was shared without leave');
  });

  it('share a token until the set fraction of its life, per restriction', async () => {
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
