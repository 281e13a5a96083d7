import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { about, CORS, preflight, status } from './support/doctor-ingest.js';
import { hosts, of, onlyFault } from './support/doctor-site.js';

const SESSION = '/whip/studio/sessions/1';
const TOKEN = 'Bearer sentinel-token';
const here = { 'Content-Type': 'text/plain' };
/** A response to a page of the same origin, without CORS. */
const bare = (code: number, headers: Record<string, string> = {}) =>
  new Response(null, { status: code, headers: { ...here, ...headers } });
const sameOrigin = {
  pageOrigin: 'https://ingest.example.com',
  tokenUrl: 'https://ingest.example.com/tokens',
};

describe('gatecast doctor, for the token of a WHIP endpoint', () => {
  it('does not say that an ingest accepts a token which it has not read', async () => {
    for (const code of [400, 415, 422, 500]) {
      const { findings } = await about({ post: () => status(code) });
      assert.match(
        of(findings, 'skipped').join('\n'),
        new RegExp(
          `responds to an empty offer with HTTP ${String(code)}, with the token and without one.* So the token was not checked`,
        ),
      );
      assert.ok(!of(findings, 'ok').join('\n').includes('accepts the token'));
    }
  });

  it('does not take the response without a token for one to a token in another place', async () => {
    const { findings } = await about({ post: ({ token }) => status(token === null ? 400 : 401) });
    onlyFault(findings, /refuses with HTTP 401, with token-placement "header"\. It was not seen/);
  });

  describe('in a cookie, for a page of another origin', () => {
    const given = { 'Set-Cookie': 'auth=sentinel; Path=/; Domain=example.com; Secure; SameSite=None' };
    const more = { placement: 'cookie', purpose: 'ingest' } as const;
    const post = ({ cookie }: { cookie: string | null }, headers: Record<string, string>) =>
      status(cookie?.includes('sentinel') ? 400 : 401, headers);
    const cookies = { 'Access-Control-Allow-Credentials': 'true' };

    it('accepts what browsers accept', async () => {
      const { findings } = await about({
        options: () => preflight(cookies),
        post: (request) => post(request, cookies),
        given: { ...given, ...CORS, ...cookies },
        more,
      });
      const faults = of(findings, 'fault').filter((each) => each.startsWith('ingest,'));
      assert.deepEqual(faults, []);
    });

    for (const [what, options, words] of [
      ['origin *', { ...cookies, 'Access-Control-Allow-Origin': '*' }, /Access-Control-Allow-Origin: \*/],
      ['no Allow-Credentials', {}, /Access-Control-Allow-Credentials: true is missing/],
      [
        'headers *',
        { ...cookies, 'Access-Control-Allow-Headers': '*' },
        /does not allow the header content-type/,
      ],
    ] as const)
      it(`names ${what} in the preflight`, async () => {
        const { findings } = await about({
          options: () => preflight(options),
          post: (request) => post(request, cookies),
          given,
          more,
        });
        assert.match(of(findings, 'fault').join('\n'), words);
      });

    it('names what the response to the offer lacks', async () => {
      const { findings } = await about({
        options: () => preflight(cookies),
        post: (request) => post(request, {}),
        given,
        more,
      });
      assert.match(of(findings, 'warning').join('\n'), /cannot read the response with HTTP 400/);
      assert.deepEqual(of(findings, 'fault'), []);
    });
  });

  it('warns of errors that the page cannot read: some ingests send CORS headers with 201 only', async () => {
    const { findings } = await about({ post: ({ token }) => bare(token === null ? 401 : 400) });
    assert.deepEqual(of(findings, 'fault'), []);
    const warnings = of(findings, 'warning').join('\n');
    assert.match(warnings, /cannot read the response with HTTP 401/);
    assert.match(warnings, /cannot read the response with HTTP 400/);
  });

  it('names a response that starts a session and that the page cannot read', async () => {
    const { findings } = await about({ post: ({ token }) => (token === null ? status(401) : bare(201)) });
    onlyFault(findings, /CORS: the response has no Access-Control-Allow-Origin/);
  });

  it('needs no header for the token if there is no token', async () => {
    const { findings, sent } = await about({
      options: () => preflight({ 'Access-Control-Allow-Headers': '*' }),
      post: () => status(400),
      more: { tokenUrl: undefined, purpose: 'ingest' },
    });
    assert.deepEqual(of(findings, 'fault'), []);
    assert.match(of(findings, 'warning').join('\n'), /does not allow the header authorization/);
    assert.ok(sent.some(({ method }) => method === 'POST'));
  });

  it('prints the beginning only of a stream name that may be a key', async () => {
    const key = '9f2c1d7be0a64ab1';
    const { findings } = await about({
      more: {
        url: `https://ingest.example.com/whip/${key}`,
        fetch: hosts((url, { method }) =>
          url.endsWith('/tokens')
            ? Response.json({ tokens: [{ stream: 'other', token: 'sentinel-token' }] })
            : method === 'OPTIONS'
              ? preflight()
              : status(401),
        ),
      },
    });
    assert.match(JSON.stringify(findings), /9f2c…/);
    assert.ok(!JSON.stringify(findings).includes(key));
  });
});

describe('gatecast doctor, for a session that an empty offer starts', () => {
  const places: [placement: string, has: (request: { token: string | null; url: string }) => boolean][] = [
    ['header', ({ token }) => token === TOKEN],
    ['query:token', ({ url }) => url.endsWith('?token=sentinel-token')],
    ['path:/{token}{path}', ({ url }) => url.includes('/sentinel-token/')],
  ];
  for (const [placement, has] of places)
    for (const code of [200, 201])
      it(`ends it with the token in ${placement}, after HTTP ${String(code)}`, async () => {
        const ended: boolean[] = [];
        const { findings } = await about({
          post: (request) => (has(request) ? status(code, { Location: SESSION }) : status(401)),
          end: (request) => {
            ended.push(has(request));
            return status(has(request) ? 200 : 401);
          },
          more: { placement },
        });
        assert.deepEqual(ended, [true]);
        assert.ok(!of(findings, 'warning').join('\n').includes('started a session'));
      });

  it('does not delete the endpoint itself', async () => {
    for (const location of ['', '/whip/studio', '/whip/studio/?x=1']) {
      const { findings, sent } = await about({
        post: ({ token }) => (token === null ? status(401) : status(201, { Location: location })),
      });
      assert.ok(!sent.some(({ method }) => method === 'DELETE'));
      assert.match(of(findings, 'warning').join('\n'), /whose Location is the endpoint itself/);
    }
  });

  it('ends it with the cookie', async () => {
    const cookies: (string | null)[] = [];
    await about({
      post: ({ cookie }) => (cookie === null ? status(401) : status(201, { Location: SESSION })),
      end: ({ cookie }) => {
        cookies.push(cookie);
        return status(200);
      },
      given: { 'Set-Cookie': 'auth=sentinel; Path=/; Secure' },
      more: { placement: 'cookie', ...sameOrigin },
    });
    assert.deepEqual(cookies, ['auth=sentinel']);
  });

  it('ends one that started without a token with the token, if that is needed', async () => {
    const { sent } = await about({
      post: () => status(201, { Location: SESSION }),
      end: ({ token }) => status(token === TOKEN ? 200 : 401),
    });
    const tokens = sent.filter(({ method }) => method === 'DELETE').map(({ token }) => token);
    assert.deepEqual(tokens, [null, TOKEN, TOKEN]);
  });

  it('says that the end failed', async () => {
    const { findings } = await about({
      post: ({ token }) => (token === null ? status(401) : status(201, { Location: SESSION })),
      end: () => status(405),
    });
    assert.match(
      of(findings, 'warning').join('\n'),
      /An empty offer started a session, and DELETE of it fails with HTTP 405/,
    );
  });

  for (const address of [
    'https://other.example/1',
    '//other.example/1',
    'https://ingest.example.com:8443/1',
    'https://ingest.example.com@other.example/1',
    'javascript:alert(1)',
  ])
    it(`sends nothing to ${address}`, async () => {
      const { findings, sent } = await about({
        post: ({ token }) => (token === null ? status(401) : status(201, { Location: address })),
      });
      assert.deepEqual(
        sent.filter(({ method }) => method === 'DELETE'),
        [],
      );
      assert.match(of(findings, 'warning').join('\n'), /at another origin, which the doctor did not end/);
    });

  it('ends one that started at the time limit of the run, and sends nothing more', async () => {
    let nowMs = Date.now();
    const { findings, sent } = await about({
      post: ({ token }) => {
        if (token === null) return status(401);
        nowMs += 200_000;
        return status(201, { Location: SESSION });
      },
      more: { now: () => nowMs, purpose: 'ingest' },
    });
    assert.deepEqual(
      sent.map(({ method }) => method),
      // GET shows whether the address is of a page.
      ['GET', 'OPTIONS', 'POST', 'POST', 'DELETE'],
    );
    assert.deepEqual(of(findings, 'fault'), []);
  });

  it('stops trying places at the time limit, and names those that it tried', async () => {
    let nowMs = Date.now();
    let offers = 0;
    const { findings, sent } = await about({
      post: () => {
        offers += 1;
        if (offers === 3) nowMs += 200_000;
        return status(401);
      },
      more: { now: () => nowMs },
    });
    assert.equal(sent.filter(({ method }) => method === 'POST').length, 3);
    onlyFault(
      findings,
      /refuses with HTTP 401, with token-placement "header", "query:token"\. It was not seen/,
    );
    assert.match(of(findings, 'skipped').join('\n'), /The doctor stops after 180 s/);
  });

  it('stops trying places if the ingest is busy', async () => {
    let offers = 0;
    const { findings } = await about({ post: () => status(++offers > 2 ? 429 : 401) });
    onlyFault(findings, /refuses with HTTP 401, with token-placement "header"\. It was not seen/);
  });
});

describe('gatecast doctor, for right WHIP endpoints', () => {
  const options = () => bare(204, { 'Accept-Post': 'application/sdp' });
  const none = (findings: Awaited<ReturnType<typeof about>>['findings']) => {
    assert.deepEqual(of(findings, 'fault'), []);
    assert.match(of(findings, 'ok').join('\n'), /accepts the token/);
  };

  it('warns of OPTIONS with 404 if the browser sends no preflight', async () => {
    const { findings } = await about({
      options: () => bare(404),
      more: { purpose: 'ingest', ...sameOrigin },
    });
    none(findings);
    assert.match(
      of(findings, 'warning').join('\n'),
      /OPTIONS responds with HTTP 404 and without Accept-Post/,
    );
  });

  it('tries the token at an ingest that hides streams without one', async () => {
    const { findings } = await about({ post: ({ token }) => status(token === null ? 404 : 400) });
    none(findings);
    onlyFault((await about({ post: () => status(404) })).findings, /HTTP 404\. Check the address/);
  });

  it('follows 307 and 308 of an offer within the origin, as RFC 9725 has it for load balancing', async () => {
    for (const code of [307, 308]) {
      const { findings } = await about({
        options,
        post: ({ url, token }) =>
          url.endsWith('/node7/whip/studio')
            ? bare(token === null ? 401 : 400)
            : bare(code, { Location: '/node7/whip/studio' }),
        more: sameOrigin,
      });
      none(findings);
    }
  });

  for (const [what, code, location] of [
    ['to another origin', 307, 'https://other.example/whip'],
    ['that changes the method', 302, '/node7/whip/studio'],
    ['to a script', 307, 'javascript:alert(1)'],
    ['to data', 307, 'data:text/plain,sentinel'],
    ['without an address', 307, ''],
  ] as const)
    it(`names a redirect ${what}`, async () => {
      const { findings, sent } = await about({
        options,
        post: () => bare(code, { Location: location }),
        more: sameOrigin,
      });
      onlyFault(
        findings,
        new RegExp(
          `redirects to (?:https://(?:other|ingest)\\.example(?:\\.com)?|no http\\(s\\) address) \\(HTTP ${String(code)}\\)`,
        ),
      );
      assert.ok(sent.every(({ url }) => new URL(url).host === 'ingest.example.com'));
    });

  it('warns of 500 for an empty offer', async () => {
    const { findings } = await about({ post: ({ token }) => status(token === null ? 401 : 500) });
    assert.deepEqual(of(findings, 'fault'), []);
    assert.match(
      of(findings, 'warning').join('\n'),
      /does not refuse the token, and responds to the empty offer with HTTP 500/,
    );
  });
});
