import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  checkConformance,
  createKeySet,
  createTokenHandler,
  generateSigningKey,
  jwtIssuer,
  type Finding,
} from '@gatecast/server';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const url = 'https://backend.test/api/tokens';
const streams = ['a', 'b'];

type Backend = (request: Request) => Promise<Response> | Response;

function check(backend: Backend, headers: Record<string, string> = {}, origin?: string): Promise<Finding[]> {
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => backend(new Request(input, init));
  return checkConformance({ url, streams, headers, fetch, ...(origin !== undefined && { origin }) });
}

function named(level: Finding['level'], findings: Finding[]): string[] {
  return findings.filter((each) => each.level === level).map(({ what }) => what);
}

const missing = (findings: Finding[]): string[] => named('missing', findings);

describe('checkConformance', () => {
  const ours = createTokenHandler({
    issuers: { playback: jwtIssuer({ keys: createKeySet([key]) }) },
    authorize: (request) => request.headers.get('Authorization') === 'Bearer good',
    cors: { origins: ['https://page.test'] },
  });

  it('finds nothing missing at an endpoint of createTokenHandler', async () => {
    const findings = await check(ours, { Authorization: 'Bearer good' }, 'https://page.test');
    assert.deepEqual(
      findings.filter(({ level }) => level !== 'ok'),
      [],
    );
    assert.ok(findings.length > 30);
  });

  it('advises about playlists that players ignore', async () => {
    for (const [playlists, level] of [
      [{ 'https://cdn.test/a.m3u8': '#EXTM3U\n' }, 'ok'],
      [{ 'https://cdn.test/a.m3u8': '<html>' }, 'advice'],
      [{ 'a.m3u8': '#EXTM3U\n' }, 'advice'],
      ['#EXTM3U\n', 'advice'],
    ] as const) {
      const findings = await check(
        async (request) => {
          const response = await ours(request);
          if (response.status !== 200) return response;
          const body = (await response.json()) as object;
          return Response.json({ ...body, playlists }, { headers: response.headers });
        },
        { Authorization: 'Bearer good' },
      );
      const found = findings.find(({ what }) => what.startsWith('playlists are'));
      assert.equal(found?.level, level, JSON.stringify(playlists));
    }
  });

  it('advises how to authenticate after a 401', async () => {
    const findings = await check(ours);
    assert.ok(findings.some(({ level, detail }) => level === 'missing' && detail?.includes('--bearer-env')));
  });

  it('accepts an older response form, with advice', async () => {
    const findings = await check((request) =>
      request.method === 'POST'
        ? new Response('eyJh.eyJi.c', { headers: { 'Cache-Control': 'no-store' } })
        : new Response('', { status: 405 }),
    );
    const advice = findings.find(
      ({ level, detail }) => level === 'advice' && detail?.includes('older forms'),
    );
    assert.ok(advice);
  });

  it('finds nothing missing at a backend that answers { token } and knows nothing of the contract', async () => {
    const { token } = (await (
      await ours(
        new Request(url, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Authorization: 'Bearer good' },
          body: JSON.stringify({ purpose: 'playback', streams: ['a'] }),
        }),
      )
    )
      .json()
      .then((body) => (body as { tokens: unknown[] }).tokens[0])) as { token: string };
    const findings = await check((request) =>
      request.method === 'POST' ? Response.json({ token }) : new Response('Cannot GET', { status: 404 }),
    );
    assert.deepEqual(missing(findings), []);
    assert.ok(named('advice', findings).includes('broken JSON is refused with 4xx'));
    assert.ok(findings.every(({ level, required }) => level === 'ok' || required === (level === 'missing')));
  });

  it('requires what the options ask for: access for an origin, and none without credentials', async () => {
    const open: Backend = (request) =>
      request.method === 'OPTIONS' ? new Response(null, { status: 404 }) : Response.json({ token: 'opaque' });
    const found = missing(await check(open, { Cookie: 's=1' }, 'https://page.test'));
    assert.deepEqual(found, [
      'OPTIONS from the given origin is accepted',
      'CORS allows the given origin',
      'the response to POST also allows the given origin',
      'CORS allows the header Content-Type',
      'an unauthenticated request gets 401 or 403',
    ]);
  });

  it('requires that the response to POST allows the origin, too: browsers hide it otherwise', async () => {
    const allows = (origin: string) => ({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Headers': 'Content-Type',
    });
    for (const [ofPost, found] of [
      [{}, ['the response to POST also allows the given origin']],
      [allows('https://other.test'), ['the response to POST also allows the given origin']],
      [allows('https://page.test'), []],
      [allows('*'), []],
    ] as const) {
      const backend: Backend = (request) =>
        request.method === 'OPTIONS'
          ? new Response(null, { status: 204, headers: allows('https://page.test') })
          : Response.json({ token: 'opaque' }, { headers: ofPost });
      assert.deepEqual(missing(await check(backend, {}, 'https://page.test')), found);
    }
  });

  const expiresAt = Math.floor(Date.now() / 1000) + 60;
  const signed = `https://cdn.test/live.m3u8?Expires=${expiresAt}&Signature=nitfHRCrtziwO2HwPfWw`;
  const item = (members: object) => ({
    tokens: streams.map((stream) => ({ stream, ...members })),
    serverTime: expiresAt - 60,
  });
  const placed: readonly (readonly [string, object])[] = [
    ['query fields', item({ query: { Policy: 'p', Signature: 's' }, expiresAt })],
    ['headers', item({ headers: { 'CTA-Common-Access-Token': 'abc' }, expiresAt })],
    ['a path', item({ path: '/bcdn_token=a&expires=1999999999', expiresAt })],
    ['a cookie', item({ cookie: true, expiresAt })],
    ['a signed address, with its own end', item({ url: signed })],
    [
      'one item for each origin',
      {
        tokens: [...streams, ...streams].map((stream, index) => ({
          stream,
          token: 't',
          expiresAt,
          origins: [`https://cdn${index}.test`],
        })),
        serverTime: expiresAt - 60,
      },
    ],
    ['a signed address alone', { url: signed, expiresAt }],
    ['a signed address beside the items', { ...item({ token: 't', expiresAt }), url: signed }],
  ];
  for (const [name, body] of placed) {
    it(`finds nothing missing in an answer with ${name}`, async () => {
      const backend: Backend = (request) =>
        request.method === 'POST' ? Response.json(body) : new Response('', { status: 405 });
      const found = missing(await check(backend)).filter((what) => /item|form|expires|end /.test(what));
      assert.deepEqual(found, []);
    });
  }

  const faults: readonly (readonly [string, string, object])[] = [
    [
      'a blank in a query value',
      '"query" has a form that players accept',
      { query: { a: 'b c' }, expiresAt },
    ],
    ['no header fields', '"headers" has a form that players accept', { headers: {}, expiresAt }],
    ['a dot segment', '"path" has a form that players accept', { path: '/../a', expiresAt }],
    ['a relative address', '"url" has a form that players accept', { url: '/a.m3u8', expiresAt }],
    ['no origins', '"origins" has a form that players accept', { token: 't', origins: [], expiresAt }],
    [
      'milliseconds',
      'expiresAt is in seconds and in the future',
      { cookie: true, expiresAt: expiresAt * 1000 },
    ],
    [
      'a token that has ended',
      'the end in the token is in the future',
      { query: { hdnts: 'exp=1000000000~hmac=0' }, expiresAt },
    ],
  ];
  for (const [name, what, members] of faults) {
    it(`reports ${name}`, async () => {
      assert.ok(missing(await check(() => Response.json(item(members)))).includes(what));
    });
  }

  it('advises about a cookie that the response does not set', async () => {
    const findings = await check(() => Response.json(item({ cookie: true, expiresAt })));
    assert.ok(findings.some(({ level, what }) => level === 'advice' && what.includes('sets the cookie')));
  });

  it('accepts a security object without an end, with advice', async () => {
    const security = { token: 't', options: '2' };
    const findings = await check(() => Response.json({ tokens: [{ stream: 'a', security }] }));
    const what = 'the security object has an end';
    assert.equal(findings.find((finding) => finding.what === what)?.level, 'advice');
    assert.ok(!missing(findings).includes('expiresAt is in seconds and in the future'));
  });

  it('reports each requirement that a backend does not meet', async () => {
    const careless: Backend = () =>
      Response.json(
        {
          tokens: [{ stream: 'a', token: 'opaque', expiresAt: Date.now() + 60_000 }],
          serverTime: Date.now(),
        },
        { headers: { 'Access-Control-Allow-Origin': '*' } },
      );
    const findings = await check(careless, { Cookie: 's=1' });
    assert.deepEqual(
      new Set(missing(findings)),
      new Set([
        'each requested stream has an item',
        'expiresAt is in seconds and in the future',
        'serverTime is in seconds',
        'an unauthenticated request gets 401 or 403',
      ]),
    );
    const found = named('advice', findings);
    for (const what of [
      'the response has Cache-Control: no-store',
      'broken JSON is refused with 4xx',
      'GET is refused',
      'a body of 1 MiB is refused with 4xx',
      'CORS refuses an origin that is not listed',
    ]) {
      assert.ok(found.includes(what), `it did not find: ${what}`);
    }
  });

  it('warns about unsigned and long-lived tokens', async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const exp = Math.floor(Date.now() / 1000) + 30 * 86_400;
    const token = `${part({ alg: 'none' })}.${part({ exp })}.`;
    const backend: Backend = () => Response.json({ tokens: [{ stream: 'a', token, expiresAt: exp }] });
    const findings = await check(backend);
    assert.ok(missing(findings).includes('the token is signed'));
    assert.ok(findings.some(({ level, what }) => level === 'advice' && what.includes('at most a week')));
    assert.ok(!JSON.stringify(findings).includes(token), 'a finding holds the token');
  });

  it('stops reading a response that does not end, and returns a finding', async () => {
    let sent = 0;
    let stopped = 0;
    const findings = await check(() => {
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          sent += 1;
          controller.enqueue(new Uint8Array(1_048_576));
        },
        cancel: () => {
          stopped += 1;
        },
      });
      return new Response(body);
    });
    const tooLarge = findings.filter(({ what }) => what.includes('limited size'));
    assert.equal(tooLarge[0]?.level, 'missing');
    assert.ok(stopped > 0);
    assert.ok(sent < 12 * stopped, `${sent} MiB for ${stopped} responses`);
  });

  it('returns one finding with the cause when there is no response', async () => {
    const failure = (code: string) =>
      new TypeError('fetch failed', { cause: Object.assign(new Error('secret words'), { code }) });
    const causes: readonly (readonly [Error, RegExp])[] = [
      [failure('ECONNREFUSED'), /refused.*\(ECONNREFUSED\)$/],
      [failure('ENOTFOUND'), /host name.*\(ENOTFOUND\)$/],
      [failure('CERT_HAS_EXPIRED'), /^TLS failed: the certificate.*\(CERT_HAS_EXPIRED\)$/],
      [failure('DEPTH_ZERO_SELF_SIGNED_CERT'), /certificate is not trusted/],
      [failure('ERR_SSL_WRONG_VERSION_NUMBER'), /does not speak TLS.*http:/],
      [failure('ECONNRESET'), /closed the connection/],
      [new DOMException('late', 'TimeoutError'), /time limit\. \(TimeoutError\)/],
      [
        new TypeError('fetch failed', {
          cause: new AggregateError(
            [failure('X'), 1].map(() => Object.assign(new Error('x'), { code: 'EHOSTUNREACH' })),
          ),
        }),
        /no route.*EHOSTUNREACH/,
      ],
      [failure('a code with blanks and secret words'), /\(TypeError\)$/],
    ];
    for (const [error, detail] of causes) {
      const findings = await check(() => Promise.reject(error));
      assert.equal(findings.length, 1);
      assert.equal(findings[0]?.level, 'missing');
      assert.match(findings[0].detail ?? '', detail);
      assert.ok(!JSON.stringify(findings).includes('secret'));
    }
  });

  it('takes a connection that is closed after other responses for a point of that request', async () => {
    const findings = await check(
      async (request) => {
        if ((await request.clone().text()).length > 1000) throw new TypeError('fetch failed');
        return ours(request);
      },
      { Authorization: 'Bearer good' },
    );
    assert.deepEqual(missing(findings), []);
    assert.deepEqual(named('advice', findings), ['the endpoint responds to each request']);
  });
});
