import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ListeningBackend } from '../../demo/backend/backend.js';
import { readIceLinks } from '../../packages/server/src/doctor/ice-links.js';
import {
  closeSites,
  examine,
  of,
  onlyFault,
  openDemo,
  runDoctor,
  type DoctorOptions,
} from './support/doctor-site.js';
import { about, CORS, preflight, status, type Ingest } from './support/doctor-ingest.js';

const warnings = async (ingest: Ingest) => of((await about(ingest)).findings, 'warning').join('\n');

describe('gatecast doctor, for a WHIP endpoint', () => {
  let demo: ListeningBackend;
  before(async () => {
    demo = await openDemo();
  });
  after(closeSites);

  const atDemo = (more: Partial<DoctorOptions> = {}) =>
    examine({
      url: `${demo.origin}/whip/doctor`,
      tokenUrl: `${demo.origin}/api/tokens`,
      pageOrigin: 'http://localhost:3000',
      ...more,
    });

  it('finds nothing in that of the demo, by its address alone, from another origin', async () => {
    const findings = (await atDemo()).filter(({ where }) => where.startsWith('ingest,'));
    const warned = of(findings, 'warning').filter((each) => !each.includes('The address is http'));
    assert.deepEqual([...of(findings, 'fault'), ...warned], []);
    const found = of(findings, 'ok').join('\n');
    for (const words of [
      'takes offers (Accept-Post: application/sdp)',
      'refuses an offer without a token, with HTTP 401 (token-missing)',
      'accepts the token, and responds to the empty offer with HTTP',
    ])
      assert.ok(found.includes(words), found);
  });

  it('starts no broadcast there', async () => {
    const { origin } = demo;
    await atDemo();
    const load = async (stream: string) => {
      const answer = await fetch(`${origin}/api/tokens`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ purpose: 'playback', streams: [stream], reason: 'initial' }),
      });
      const [, token = ''] = /"token"\s*:\s*"([^"]+)"/.exec(await answer.text()) ?? [];
      return (await fetch(`${origin}/live/${stream}.m3u8?token=${token}`)).status;
    };
    assert.equal(await load('demo'), 200);
    assert.equal(await load('doctor'), 404);
  });

  it('names the place in which the demo expects the token', async () => {
    onlyFault(
      (await atDemo({ placement: 'query:token' })).filter(({ where }) => where.startsWith('ingest,')),
      /refuses with HTTP 401 \(token-missing\) with token-placement="query:token", and accepts the same token with "header"\. Set token-placement="header" at the webcaster/,
    );
  });

  it('names a token for another purpose', async () => {
    onlyFault(
      (
        await atDemo({ purpose: 'ingest', tokenUrl: `${demo.origin}/api/tokens`, fetch: askingForPlayback })
      ).filter(({ where }) => where.startsWith('ingest,')),
      /refuses with HTTP 403 .*with the token in each usual place\. Compare the key/,
    );
  });

  /** As a token backend that ignores the purpose. */
  const askingForPlayback: typeof fetch = (input, init) =>
    typeof init?.body === 'string' && init.body.includes('"ingest"')
      ? fetch(input, { ...init, body: init.body.replace('"ingest"', '"playback"') })
      : fetch(input, init);

  it('sends empty offers only, without a token and with one for ingest', async () => {
    const { findings, sent, purposes } = await about();
    assert.deepEqual([...of(findings, 'fault'), ...of(findings, 'warning'), ...of(findings, 'skipped')], []);
    assert.deepEqual(purposes, ['ingest']);
    const posts = sent.filter(({ method }) => method === 'POST');
    assert.deepEqual(
      posts.map(({ body, type }) => [body, type]),
      [
        ['', 'application/sdp'],
        ['', 'application/sdp'],
      ],
    );
  });

  const faults: [what: string, ingest: Ingest, words: RegExp][] = [
    [
      'a preflight that fails',
      { options: () => preflight({}, 405), more: { purpose: 'ingest' } },
      /the preflight \(OPTIONS\) of the page .* fails with HTTP 405/,
    ],
    [
      'a preflight that wants a token',
      { options: () => preflight({}, 401), more: { purpose: 'ingest' } },
      /fails with HTTP 401\. Answer OPTIONS with 204, also without a token/,
    ],
    [
      'a preflight for another page',
      { options: () => preflight({ 'Access-Control-Allow-Origin': 'https://other.example' }) },
      /CORS: the response has Access-Control-Allow-Origin with another origin/,
    ],
    [
      'a preflight without Authorization',
      { options: () => preflight({ 'Access-Control-Allow-Headers': '*' }) },
      /does not allow the header authorization\. .*Access-Control-Allow-Headers: content-type, authorization, if-match/,
    ],
    [
      'a preflight without Content-Type',
      { options: () => preflight({ 'Access-Control-Allow-Headers': 'authorization, if-match' }) },
      /does not allow the header content-type/,
    ],
    [
      'a redirect',
      {
        options: () =>
          new Response(null, { status: 307, headers: { Location: 'https://b.example/?a=sentinel' } }),
        more: { purpose: 'ingest' },
      },
      /redirects to https:\/\/b\.example \(HTTP 307\).* Set endpoint to the address after the redirect/,
    ],
    [
      'an address without an endpoint',
      { options: () => status(404), more: { purpose: 'ingest' } },
      /OPTIONS of the endpoint responds with HTTP 404: the ingest does not know the address/,
    ],
    [
      'an endpoint that takes no POST',
      { post: () => status(405) },
      /responds to an offer with HTTP 405\. The address takes no POST/,
    ],
    ['a busy ingest', { post: () => status(503) }, /HTTP 503\. The ingest is busy/],
    [
      'a token in the wrong place',
      { post: ({ url }) => status(url.includes('jwt=sentinel-token') ? 422 : 403) },
      /refuses with HTTP 403 with token-placement="header", and accepts the same token with "query:jwt"/,
    ],
    [
      'a request without a token',
      { more: { placement: 'none' } },
      /the request has no token, because token-placement is "none"/,
    ],
  ];
  for (const [what, ingest, words] of faults)
    it(`names ${what}`, async () => onlyFault((await about(ingest)).findings, words));

  it('warns of what a session needs, and of what the page cannot read', async () => {
    const text = await warnings({
      options: () =>
        preflight({
          'Access-Control-Allow-Methods': 'POST',
          'Access-Control-Allow-Headers': 'authorization, content-type',
        }),
      post: ({ token }) =>
        status(token === null ? 401 : 400, { 'Access-Control-Expose-Headers': 'Location' }),
    });
    assert.match(
      text,
      /does not allow PATCH, DELETE, If-Match\. A page needs them at the address of its session \(Location\), whose preflight is not visible here/,
    );
    assert.match(text, /does not expose Link, ETag\./);
  });

  it('warns of an ingest that may take offers without a token, and ends what it starts', async () => {
    assert.match(await warnings({ post: () => status(400) }), /reads the offer first, or requires no token/);
    const { findings, sent } = await about({
      post: () => status(201, { Location: '/whip/studio/1?a=sentinel' }),
    });
    assert.match(
      of(findings, 'warning').join('\n'),
      /Without a token, the ingest takes an empty offer with HTTP 201/,
    );
    assert.deepEqual(
      sent.filter(({ method }) => method === 'DELETE').map(({ url }) => new URL(url).pathname),
      ['/whip/studio/1', '/whip/studio/1'],
    );
  });

  it('reads the ICE servers of Link, and shows none of their secrets', async () => {
    const turn =
      '<turn:turn.example.com>; rel="ice-server"; username="sentinel"; credential="sentinel"; credential-type="password"';
    const link = (text: string) => () => preflight({ Link: text });
    const { findings } = await about({ options: link(`<stun:stun.example.com>; rel="ice-server", ${turn}`) });
    assert.match(of(findings, 'ok').join('\n'), /names 2 ICE servers in Link/);
    const bare = { options: link('<turns:turn.example.com>; rel="ice-server"') };
    assert.match(await warnings(bare), /names a TURN server without username or credential/);
    assert.deepEqual(readIceLinks('<https://a.example>; rel="ice-server", <stun:a>; rel="next"'), []);
    for (const hostile of [', '.repeat(200_000), `<turn:a>${'; rel='.repeat(100_000)}`, ','.repeat(400_000)])
      readIceLinks(hostile);
  });

  it('says that an address without Accept-Post may be another one', async () => {
    const options = () => new Response(null, { status: 204, headers: CORS });
    assert.match(
      await warnings({ options, more: { purpose: 'ingest' } }),
      /without Accept-Post: application\/sdp/,
    );
  });

  it('says as a command that without a token the check is not complete', async () => {
    const address = `${demo.origin}/whip/doctor`;
    const { code, out, err } = await runDoctor([address]);
    assert.match(
      out,
      /^skipped {2}ingest, .*\n {9}The doctor has no token.*\n {9}→ Name the token endpoint with --token-url/m,
    );
    assert.match(err, /The check is not complete/);
    assert.equal(code, 2);
    const whole = await runDoctor([
      address,
      '--purpose',
      'ingest',
      '--token-url',
      `${demo.origin}/api/tokens`,
    ]);
    assert.match(whole.out, /\nNo fault found\. A broadcast was not tried\.\n$/);
    assert.equal(whole.code, 0);
  });
});
