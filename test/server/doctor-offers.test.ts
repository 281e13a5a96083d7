import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { protocolOfAddress } from '../../packages/server/src/doctor/offer-protocol.js';
import { about, CORS, preflight, status, WHIP } from './support/doctor-ingest.js';
import { of, onlyFault } from './support/doctor-site.js';

const WHEP = 'https://edge.example.com/whep/studio';
const PLAIN = 'https://edge.example.com/live/studio';
const sdp = (direction: string) =>
  new Response(`v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=${direction}\r\n`, {
    status: 201,
    headers: { ...CORS, 'Content-Type': 'application/sdp', Location: '/sessions/1' },
  });
/** Refuses an offer without a token. */
const refusing = ({ token }: { token: string | null }) => status(token === null ? 403 : 400);

describe('gatecast doctor, for what takes offers', () => {
  it('reads WHIP or WHEP from an address', () => {
    const expected: [address: string, name: string | undefined][] = [
      [WHIP, 'WHIP'],
      [WHEP, 'WHEP'],
      ['https://whep.example.com/studio', 'WHEP'],
      ['https://a.example/live/studio/WHEP', 'WHEP'],
      ['https://a.example/app/studio?direction=whip', 'WHIP'],
      ['https://customer-1.cloudflarestream.com/1/webRTC/play', 'WHEP'],
      ['https://customer-1.cloudflarestream.com/1/webRTC/publish', 'WHIP'],
      [PLAIN, undefined],
      ['https://a.example/play/studio', undefined],
      ['https://a.example/live/whep-test', undefined],
      // A broadcast with the name of the other protocol.
      ['https://a.example/whip/whep', undefined],
      ['https://a.example/webrtc/constructor', undefined],
    ];
    for (const [address, name] of expected) assert.equal(protocolOfAddress(address)?.name, name, address);
  });

  it('warns of the name WHEP, and goes on, if the address is said to be an ingest', async () => {
    const { findings } = await about({ more: { url: WHEP, purpose: 'ingest' } });
    assert.match(of(findings, 'warning').join('\n'), /may be a WHEP endpoint, as the address says/);
    assert.match(of(findings, 'ok').join('\n'), /accepts the token/);
  });

  it('warns of a refusal that speaks of WHEP', async () => {
    const { findings } = await about({
      post: ({ token }) =>
        new Response('{"error":"no WHEP stream"}', { status: token === null ? 401 : 404, headers: CORS }),
    });
    assert.match(of(findings, 'warning').join('\n'), /may be a WHEP endpoint, as the refusal says/);
  });

  it('names an endpoint that plays, by the SDP or the extensions of its response', async () => {
    const { findings, sent } = await about({
      post: ({ token }) => (token === null ? status(401) : sdp('sendonly')),
      more: { url: PLAIN },
    });
    onlyFault(findings, /WHEP endpoint, as the SDP of the response says.*Set endpoint to the WHIP address/);
    assert.equal(sent.filter(({ method }) => method === 'DELETE').length, 1, 'the session has ended');
    const ingest = await about({
      post: ({ token }) => (token === null ? status(401) : sdp('recvonly')),
      more: { url: PLAIN },
    });
    assert.deepEqual(of(ingest.findings, 'fault'), []);
    onlyFault(
      (
        await about({
          options: () => preflight({ Link: '</l>; rel="urn:ietf:params:whep:ext:core:layer"' }),
          more: { url: PLAIN, purpose: 'ingest' },
        })
      ).findings,
      /WHEP endpoint, as Link says/,
    );
  });

  it('says that it cannot tell them apart without a sign', async () => {
    const found = of((await about({ more: { url: PLAIN } })).findings, 'ok').join('\n');
    assert.match(found, /cannot be seen from outside which of the two this is/);
    assert.match(of((await about()).findings, 'ok').join('\n'), /; the address says WHIP/);
  });

  it('recognises an ingest that responds to GET without content, as RFC 9725 has it', async () => {
    const { findings } = await about({ get: () => status(204) });
    assert.deepEqual([...of(findings, 'fault'), ...of(findings, 'warning')], []);
    assert.match(of(findings, 'ok').join('\n'), /accepts the token/);
  });

  for (const [what, headers, words] of [
    ['without Location', {}, /HTTP 201, without Location\..*RFC 9725, section 4\.2/],
    ['with a broken Location', { Location: 'https://[' }, /HTTP 201, with a Location that is not an address/],
  ] as const)
    it(`names an accepted offer ${what}`, async () => {
      const { findings, sent } = await about({
        post: ({ token }) => (token === null ? status(401) : status(201, headers)),
      });
      assert.deepEqual(of(findings, 'fault'), []);
      assert.match(of(findings, 'warning').join('\n'), words);
      assert.ok(sent.every(({ method }) => method !== 'DELETE'));
    });

  it('names no Location of an offer that is refused', async () => {
    const { findings } = await about();
    assert.ok(!JSON.stringify(findings).includes('that is not an address'));
    assert.ok(!JSON.stringify(findings).includes('without Location'));
  });

  const PLAYER = '<!doctype html><secure-player src="https://media.example.com/live/studio.m3u8">';
  const html = (code = 200) =>
    new Response(PLAYER, { status: code, headers: { ...CORS, 'Content-Type': 'text/html' } });
  const noOptions = () => new Response(null, { status: 204, headers: CORS });

  it('checks an endpoint that responds to GET with a page of players, with --purpose ingest', async () => {
    for (const [what, ingest] of [
      ['Accept-Post', {}],
      ['401 without a token', { options: noOptions }],
      ['400 without a token', { options: noOptions, post: () => status(400) }],
      ['403, and whip in the address', { options: noOptions, post: refusing }],
      ['SDP', { options: noOptions, post: () => sdp('recvonly') }],
    ] as const) {
      const { findings, sent } = await about({
        get: () => html(),
        ...ingest,
        more: { url: WHIP, purpose: 'ingest' },
      });
      assert.deepEqual(of(findings, 'fault'), [], what);
      assert.ok(
        findings.every(({ where }) => !where.startsWith('page,')),
        what,
      );
      assert.ok(
        sent.some(({ method, token }) => method === 'POST' && token !== null),
        what,
      );
      assert.equal(
        sent.filter(({ method }) => method === 'DELETE').length,
        what === 'SDP' ? sent.filter(({ method }) => method === 'POST').length : 0,
        what,
      );
    }
  });

  it('names the fault of a page of players that takes no offers, with --purpose ingest', async () => {
    for (const code of [200, 403, 404, 405, 419, 422, 500]) {
      const { findings, purposes } = await about({
        options: noOptions,
        get: () => html(),
        post: () => html(code),
        more: { url: PLAIN, purpose: 'ingest' },
      });
      onlyFault(findings, /^page, .*has no <secure-webcaster>\. Omit --purpose/);
      assert.deepEqual(purposes, [], String(code));
    }
  });
});
