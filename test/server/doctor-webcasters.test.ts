import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ListeningBackend } from '../../demo/backend/backend.js';
import { readElements } from '../../packages/server/src/doctor/read-elements.js';
import { PAGE, preflight, status } from './support/doctor-ingest.js';
import {
  closeSites,
  examine,
  hideSentinels,
  hosts,
  listen,
  of,
  onlyFault,
  openDemo,
  runDoctor,
  send,
  type DoctorOptions,
} from './support/doctor-site.js';

const read = (tag: string) => readElements(tag, 'https://www.example.com/studio/');
/** The only target of a tag. */
const targetOf = (tag: string) => read(tag)[0]?.targets[0];

describe('gatecast doctor, for the webcasters of a page', () => {
  let demo: ListeningBackend;
  before(async () => {
    demo = await openDemo();
  });
  after(closeSites);

  it('reads endpoint and token of the tag as the webcaster does', () => {
    assert.deepEqual(targetOf('<secure-webcaster endpoint="/whip/main" token-url="../tokens">'), {
      src: 'https://www.example.com/whip/main',
      stream: 'main',
      purpose: 'ingest',
      tokenUrl: 'https://www.example.com/tokens',
      placement: 'header',
      tokenOrigins: [],
      credentials: 'same-origin',
    });
    const all = targetOf(
      '<SECURE-WEBCASTER publisher=whip endpoint=https://a.example/{stream}/whip stream="ö/1" token-url=/t token-credentials=include token-placement=query:jwt token-origins=https://b.example>',
    );
    assert.deepEqual(all, {
      src: 'https://a.example/%C3%B6%2F1/whip',
      stream: 'ö/1',
      purpose: 'ingest',
      tokenUrl: 'https://www.example.com/t',
      placement: 'query:jwt',
      tokenOrigins: ['https://b.example'],
      credentials: 'include',
    });
    assert.equal(targetOf('<secure-webcaster endpoint="/whip/main/" stream="">')?.stream, 'main');
    assert.equal(
      targetOf('<secure-webcaster endpoint=/{stream} stream="&#xD800;x">')?.src,
      'https://www.example.com/%EF%BF%BDx',
    );
  });

  it('keeps tags in their order, and the sources of each player', () => {
    const found = read(
      '<secure-webcaster endpoint=/whip/a></secure-webcaster><secure-player><source src=/b.m3u8><source src=/c.m3u8></secure-player><source src=/d.m3u8>',
    );
    assert.deepEqual(
      found.map(({ kind, targets }) => [kind, targets.map(({ stream }) => stream)]),
      [
        ['webcaster', ['a']],
        ['player', ['b', 'c']],
      ],
    );
    const many = read('<secure-webcaster endpoint=/whip/a>'.repeat(50_000));
    assert.equal(many.flatMap(({ targets }) => targets).length, 4);
    assert.match(many[4]?.problem?.what ?? '', /has 50000 webcasters/);
  });

  for (const [what, tag, words] of [
    ['the endpoint from a script', '<secure-webcaster token-url=/t>', /no endpoint\. A script sets it/],
    ['no name of a stream', '<secure-webcaster endpoint=/{stream}>', /no stream/],
    [
      'another publisher',
      '<secure-webcaster publisher=nanostream endpoint=/a>',
      /another publisher than WHIP/,
    ],
    ['an endpoint of no server', '<secure-webcaster endpoint="javascript:x">', /not an http\(s\) URL/],
    ['an endpoint that is not an address', '<secure-webcaster endpoint="https://[">', /not an http\(s\) URL/],
    ['a stream of no server', '<secure-player src="blob:https://a.example/1">', /not an http\(s\) URL/],
  ] as const)
    it(`says that it does not follow a tag with ${what}`, async () => {
      const origin = await listen(send('text/html', tag));
      const findings = await examine({ url: `${origin}/page` });
      assert.deepEqual(of(findings, 'fault'), []);
      assert.match(of(findings, 'skipped').join('\n'), words);
    });

  it('checks the WHIP endpoint of the demo that a page names, and its player', async () => {
    const tags = `<base href="${demo.origin}/"><secure-player src=live/demo.m3u8 token-url=api/tokens></secure-player><secure-webcaster endpoint=whip/studio token-url=api/tokens controls></secure-webcaster>`;
    const origin = await listen(send('text/html', tags));
    // The page is at another origin than the token endpoint of the demo, which allows no other one.
    const findings = (await examine({ url: `${origin}/page`, pageOrigin: demo.origin })).filter(
      ({ where }) => !where.startsWith('page,'),
    );
    assert.deepEqual([...of(findings, 'fault'), ...of(findings, 'skipped')], []);
    const text = of(findings, 'ok').join('\n');
    for (const words of [/^ingest, .*\/whip\/studio: accepts the token/m, /^first segment/m])
      assert.match(text, words);
    const { code, out } = await runDoctor([`${origin}/page`, '--page-origin', demo.origin]);
    assert.match(out, /\nNo fault found: a player can play this\. A broadcast was not tried\.\n$/);
    assert.equal(code, 0);
  });

  /** Findings about a page with a tag, whose ingest is at another origin. */
  async function about(
    tag: string,
    more: Partial<DoctorOptions> = {},
    token: string | null = 'sentinel-token',
  ) {
    const sent: { url: string; method: string; headers: Headers; body: string }[] = [];
    const findings = await examine({
      url: `${PAGE}/studio`,
      fetch: hosts((url, { method = 'GET', headers, body }) => {
        sent.push({ url, method, headers: new Headers(headers), body: typeof body === 'string' ? body : '' });
        if (url.endsWith('/studio')) return new Response(tag, { headers: { 'Content-Type': 'text/html' } });
        if (url.endsWith('/tokens'))
          return Response.json(
            token === null ? { tokens: [{ stream: 'other', token: 'sentinel-token' }] } : { token },
            {
              headers: { 'Cache-Control': 'no-store' },
            },
          );
        if (method === 'OPTIONS') return preflight();
        return status(new Headers(headers).has('Authorization') ? 400 : 401);
      }),
      ...more,
    });
    return { findings: hideSentinels(findings), sent };
  }

  const TAG = '<secure-webcaster endpoint="https://ingest.example.com/whip/main" token-url="/tokens">';

  it('asks for an ingest token of the tag’s stream, with the origin of the page', async () => {
    const { findings, sent } = await about(TAG);
    assert.deepEqual([...of(findings, 'fault'), ...of(findings, 'skipped'), ...of(findings, 'warning')], []);
    assert.match(of(findings, 'ok').join('\n'), /has a webcaster of the stream "main"/);
    const asked = sent.find(({ url }) => url.endsWith('/tokens'));
    assert.deepEqual(JSON.parse(asked?.body ?? ''), {
      purpose: 'ingest',
      streams: ['main'],
      reason: 'initial',
    });
    const offers = sent.filter(({ method, url }) => method === 'POST' && url.includes('/whip/'));
    assert.equal(offers.length, 2);
    assert.ok(offers.every(({ headers }) => headers.get('Origin') === PAGE));
  });

  it('puts the name of --stream into the endpoint, too, and says it', async () => {
    for (const [own, src] of [
      ['stream=tag', 'https://ingest.example.com/other%2F1/whip'],
      ['', 'https://ingest.example.com/other%2F1/whip'],
    ] as const) {
      const tag = `<secure-webcaster endpoint="https://ingest.example.com/{stream}/whip" ${own} token-url="/tokens">`;
      const { findings, sent } = await about(tag, { stream: 'other/1' });
      assert.match(of(findings, 'ok').join('\n'), /has a webcaster of the stream "other\/1"/);
      const urls = sent.map(({ url }) => url).filter((url) => url.includes('ingest.'));
      assert.deepEqual([...new Set(urls)], [src]);
      const asked = sent.find(({ url }) => url.endsWith('/tokens'))?.body ?? '';
      assert.deepEqual((JSON.parse(asked) as { streams: unknown }).streams, ['other/1']);
    }
  });

  it('checks one kind of tags only with --purpose', async () => {
    const both = `${TAG}</secure-webcaster><secure-player src="https://media.example.com/a.m3u8" token-url="/tokens">`;
    const kinds = async (purpose?: 'playback' | 'ingest') => {
      const { findings, sent } = await about(both, { purpose, placement: 'header' });
      return [
        of(findings, 'ok').join('\n').includes('has a player'),
        of(findings, 'ok').join('\n').includes('has a webcaster'),
        sent.some(({ url }) => url.includes('media.')),
        sent.some(({ url }) => url.includes('ingest.')),
      ];
    };
    assert.deepEqual(await kinds(), [true, true, true, true]);
    assert.deepEqual(await kinds('playback'), [true, false, true, false]);
    assert.deepEqual(await kinds('ingest'), [false, true, false, true]);
    onlyFault(
      (await about(TAG, { purpose: 'playback' })).findings,
      /has no <secure-player>\. Omit --purpose/,
    );
    onlyFault(
      (await about('<secure-player src=/a.m3u8>', { purpose: 'ingest' })).findings,
      /has no <secure-webcaster>\. Omit --purpose/,
    );
  });

  it('names mixed content, and a wrong placement', async () => {
    onlyFault(
      (await about(TAG.replace('https:', 'http:'))).findings,
      /over https loads this address over http/,
    );
    const { findings } = await about(TAG.replace('token-url', 'token-placement=heder token-url'));
    onlyFault(findings, /^webcaster, .*token-placement must be/);
  });

  it('names a page over http, which gets no camera', async () => {
    const { findings } = await about(TAG, { url: 'http://www.example.com/studio' });
    assert.match(of(findings, 'fault').join('\n'), /loaded over http: browsers give it no camera/);
  });

  const KEY = '9f2c1d7be0a64ab1c3';
  const forms: readonly (readonly [endpoint: string, more?: string])[] = [
    [`/whip/${KEY}`],
    [`/whip/main?key=${KEY}`],
    ['/whip/{stream}', `stream="${KEY}"`],
    ['/whip/{stream}', `stream="app/${KEY}"`],
    ['/whip/{stream}', `stream='my "${KEY}"'`],
    ['/whip/{stream}', `stream="the-stream-of-the-main-studio-in-the-new-house-${KEY}"`],
    ['/whip/{stream}', `stream="${KEY.replace(/.{2}/g, '$&:')}"`],
    [`/whip/app%2F${KEY}`],
    [`/whip/user:${KEY}`],
    [`/whip/main@${KEY}`],
    [`/whip/main;${KEY}`],
    [`/whip/${KEY}ö`],
    [`/whip/${KEY.repeat(16)}`],
    [`/whip/${`${KEY}!`.repeat(16)}`],
    [`/whip/${KEY}.sdp`],
    [`/${KEY}.live/whip`],
  ];
  for (const [endpoint, more = ''] of forms)
    it(`prints no key that is part of ${endpoint.slice(0, 40)} ${more}`, async () => {
      const tag = `<secure-webcaster endpoint="https://ingest.example.com${endpoint}" ${more} token-url="/tokens">`;
      for (const token of ['sentinel-token', null]) {
        const { findings } = await about(tag, {}, token);
        const text = JSON.stringify(findings);
        assert.ok(findings.length > (token ? 3 : 1), text);
        assert.ok(!text.replaceAll(':', '').includes(KEY.slice(4)), text);
      }
    });

  it('prints no key of an endpoint in its host name, or before an extension, before it is known', async () => {
    for (const [endpoint, shown] of [
      [`https://${KEY}.ingest.example.com/whip`, 'https://9f2c….ingest.example.com/whip'],
      [`https://a.example:8443/${KEY}.sdp`, 'https://a.example:8443/9f2c….sdp'],
    ] as const) {
      const { findings } = await about(`<secure-webcaster endpoint="${endpoint}" token-url="/tokens">`);
      assert.match(of(findings, 'ok').join('\n'), new RegExp(`^ingest, ${shown}: accepts the token`, 'm'));
      for (const purpose of ['ingest', undefined] as const) {
        const own = await examine({ url: endpoint, purpose, fetch: () => Promise.resolve(status(404)) });
        assert.ok(of(own, 'fault').length > 0);
        assert.ok(!JSON.stringify(own).includes(KEY), JSON.stringify(own));
      }
    }
  });

  it('prints no key in the host name to which an ingest redirects', async () => {
    const moved = status(301, { Location: `https://${KEY}.example:8443/whip` });
    const options = { url: `${PAGE}/whip`, purpose: 'ingest' } as const;
    onlyFault(
      await examine({ ...options, fetch: () => Promise.resolve(moved.clone()) }),
      /redirects to https:\/\/9f2c…\.example:8443 \(HTTP 301\)/,
    );
  });

  it('shows names without keys, and the first characters of long ones', async () => {
    const name = 'Live from the ‘größe’ studio, 2nd floor';
    const text = of(
      (await about(TAG.replace('token-url', `stream="${name}" token-url`))).findings,
      'ok',
    ).join('\n');
    assert.ok(text.includes(`"${name}"`), text);
    const long = (await about(TAG.replace('token-url', `stream="${'on air '.repeat(30)}" token-url`)))
      .findings;
    assert.match(of(long, 'ok').join('\n'), /stream "(?:on air ){11}on …"/);
  });

  it('names the CORS of the ingest, for the page of --page-origin', async () => {
    const { findings } = await about(TAG, { pageOrigin: 'https://other.example' });
    assert.match(
      of(findings, 'fault').join('\n'),
      /^ingest, .*CORS: the response has Access-Control-Allow-Origin/m,
    );
  });
});
