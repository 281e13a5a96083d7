import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readElements } from '../../packages/server/src/doctor/read-elements.js';
import { about as aboutIngest, CORS, PAGE, preflight, status, type Ingest } from './support/doctor-ingest.js';
import { of, onlyFault } from './support/doctor-site.js';

const WHEP = 'https://edge.example.com/whep/studio';
const PLAIN = 'https://edge.example.com/live/studio';
const about = (endpoint: Ingest = {}) => aboutIngest({ ...endpoint, more: { url: WHEP, ...endpoint.more } });
const targetsOf = (html: string) =>
  readElements(html, 'https://www.example.com/live/').flatMap(({ targets }) =>
    targets.map(({ src, isWhep = false, placement, stream }) => [src, isWhep, placement, stream]),
  );

const LIST = 'https://www.example.com/a.m3u8';
const EDGE = 'https://www.example.com/whep/a1';
const BOTH = '<source src=/a.m3u8 data-whep=/whep/a1></secure-player>';

describe('gatecast doctor, for WHEP', () => {
  it('reads the WHEP addresses that the engine of a player loads', () => {
    const list = [LIST, false, 'query:token', 'a'];
    const edge = [EDGE, true, 'header', 'a'];
    assert.deepEqual(targetsOf(`<secure-player>${BOTH}`), [edge, list]);
    assert.deepEqual(targetsOf(`<secure-player engine=auto>${BOTH}`), [edge, list]);
    assert.deepEqual(targetsOf(`<secure-player engine=hls>${BOTH}`), [list]);
    assert.deepEqual(targetsOf(`<secure-player engine=whep>${BOTH}`), [edge]);
    const only = [EDGE, true, 'header', 'a1'];
    assert.deepEqual(targetsOf('<secure-player engine=whep src=/whep/a1>'), [only]);
    assert.deepEqual(targetsOf('<secure-player engine=whep><source src=/whep/a1></secure-player>'), [only]);
    const alone = '<source data-whep=/whep/a1></secure-player>';
    assert.deepEqual(targetsOf(`<secure-player src=/b.m3u8>${alone}`), [only]);
    const [other] = readElements(`<secure-player engine=hls>${alone}`, PAGE);
    assert.deepEqual(
      [other?.targets, other?.problem?.what],
      [[], 'The engine of the tag plays no source of it.'],
    );
    assert.deepEqual(targetsOf('<secure-player src=/a.m3u8 data-whep=/whep/a1>'), [list]);
    assert.deepEqual(
      targetsOf(`<secure-player token-placement=query:jwt>${BOTH}`).map(([, , placement]) => placement),
      ['query:jwt', 'query:jwt'],
    );
    const [broken] = readElements('<secure-player><source src=/a data-whep="javascript:x">', PAGE);
    assert.match(broken?.problem?.what ?? '', /src, data-whep or token-url\) is not an http/);
  });

  it('finds nothing in an endpoint that refuses offers without a token', async () => {
    const { findings, purposes, sent } = await about();
    assert.deepEqual([...of(findings, 'fault'), ...of(findings, 'warning'), ...of(findings, 'skipped')], []);
    const found = of(findings, 'ok').join('\n');
    assert.match(found, /takes offers \(Accept-Post: application\/sdp\); the address says WHEP/);
    assert.match(found, /refuses an offer without a token, with HTTP 401/);
    assert.match(found, /accepts the token, and responds to the empty offer with HTTP 400/);
    assert.ok(findings.some(({ where }) => where === `WHEP endpoint, ${WHEP}`));
    assert.deepEqual(purposes, ['playback']);
    const offers = sent.filter(({ method }) => method === 'POST');
    assert.deepEqual(
      offers.map(({ token, body }) => [token, body]),
      [
        [null, ''],
        ['Bearer sentinel-token', ''],
      ],
    );
  });

  it('checks an address of which Link, or the caller, says that it plays', async () => {
    const options = () => preflight({ Link: '</l>; rel="urn:ietf:params:whep:ext:core:layer"' });
    for (const endpoint of [
      { options, more: { url: PLAIN } },
      { more: { url: PLAIN, purpose: 'playback' as const } },
    ]) {
      const { findings, purposes } = await about(endpoint);
      assert.deepEqual(of(findings, 'fault'), []);
      assert.match(of(findings, 'ok').join('\n'), /accepts the token/);
      assert.deepEqual(purposes, ['playback']);
    }
  });

  it('names an endpoint that plays without a token, and ends the session', async () => {
    const { findings, sent } = await about({
      post: () => status(201, { Location: '/sessions/1' }),
    });
    onlyFault(findings, /starts a session, with HTTP 201: everybody can watch.*respond with 401/);
    assert.ok(sent.filter(({ method }) => method === 'DELETE').length > 0);
    const open = await about({
      post: () => status(201, { Location: '/sessions/1' }),
      more: { tokenUrl: undefined },
    });
    assert.deepEqual(of(open.findings, 'fault'), []);
  });

  it('names an endpoint that refuses the token, and the place where it accepts it', async () => {
    const { findings } = await about({
      post: ({ url }) => status(url.includes('?token=') ? 400 : 401),
    });
    onlyFault(findings, /with token-placement="header".*Set token-placement="query:token" at the player/);
  });

  it('names a preflight without Authorization, and a session that a page cannot read', async () => {
    const { findings } = await about({
      options: () => preflight({ 'Access-Control-Allow-Headers': 'Content-Type, If-Match' }),
    });
    onlyFault(findings, /preflight of the page .* does not allow the header authorization/);
    const hidden = await about({
      post: ({ token }) =>
        new Response(null, {
          status: token === null ? 401 : 400,
          headers: { ...CORS, 'Access-Control-Expose-Headers': 'Location' },
        }),
    });
    assert.match(of(hidden.findings, 'warning').join('\n'), /does not expose Link, ETag/);
  });

  it('names an ingest in its place', async () => {
    const ingest = 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=recvonly\r\n';
    const { findings } = await about({
      post: ({ token }) =>
        token === null
          ? status(401)
          : new Response(ingest, {
              status: 201,
              headers: { ...CORS, 'Content-Type': 'application/sdp', Location: '/sessions/1' },
            }),
    });
    onlyFault(findings, /This is a WHIP endpoint.*takes a broadcast, and plays no stream.*data-whep/);
  });

  it('says what a stream that is off the air responds', async () => {
    const { findings } = await about({ post: ({ token }) => status(token === null ? 401 : 404) });
    onlyFault(findings, /The endpoint responds to an offer with HTTP 404\..*the endpoint knows the stream/);
  });
});
