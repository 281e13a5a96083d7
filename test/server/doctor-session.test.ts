import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { examine, hideSentinels, hosts, of, type DoctorOptions } from './support/doctor-site.js';

const TYPED = 'https://www.example.com/live';
const SESSION = { Cookie: 'sid=sentinel', Authorization: 'Bearer sentinel-bearer' };

/** Runs the doctor for a page whose tag names a token endpoint. Which requests had the session? */
async function about(tokenUrl: string, more: Partial<DoctorOptions> = {}, pageAt?: string) {
  const withSession: string[] = [];
  const asked: string[] = [];
  const findings = await examine({
    url: TYPED,
    headers: SESSION,
    fetch: hosts((url, init) => {
      if (JSON.stringify([...new Headers(init.headers)]).includes('sentinel')) withSession.push(url);
      if (init.method === 'POST') {
        asked.push(url);
        return new Response('', { status: 401 });
      }
      if (pageAt !== undefined && url !== pageAt)
        return new Response(null, { status: 302, headers: { Location: pageAt } });
      return new Response(`<secure-player src="/a.m3u8" token-url="${tokenUrl}"></secure-player>`);
    }),
    ...more,
  });
  hideSentinels(findings);
  assert.equal(asked.length, 1);
  return {
    withSession,
    faults: of(findings, 'fault').join('\n'),
    warnings: of(findings, 'warning').join('\n'),
  };
}

describe('gatecast doctor, with a session', () => {
  it('sends it to an endpoint of the origin that was typed', async () => {
    const { withSession, faults, warnings } = await about('/tokens');
    assert.deepEqual(withSession, ['https://www.example.com/tokens']);
    assert.match(faults, /Check that the session is valid/);
    assert.ok(!warnings.includes('session'), warnings);
  });

  const foreign: [what: string, tokenUrl: string, pageAt?: string][] = [
    ['another origin', 'https://other.example/tokens'],
    ['another host of the site', 'https://api.example.com/tokens'],
    ['another port', 'https://www.example.com:8443/tokens'],
    ['http', 'http://www.example.com/tokens'],
    ['http of this machine, which the page names', 'http://localhost:9/tokens'],
    ['the origin that a redirect of the page leads to', '/tokens', 'https://other.example/live'],
  ];
  for (const [what, tokenUrl, pageAt] of foreign)
    it(`does not send it to ${what}, and says how to send it there`, async () => {
      const { withSession, faults, warnings } = await about(tokenUrl, {}, pageAt);
      assert.deepEqual(withSession, []);
      assert.match(
        warnings,
        /token endpoint, .*session was not sent.*Name it with --token-url to send the session there/,
      );
      assert.match(faults, /HTTP 401.*The session was not sent/);
    });

  it('sends it to an endpoint that was named, at any origin', async () => {
    for (const tokenUrl of [
      'https://api.example.com/tokens',
      'http://localhost:9/tokens',
      'http://127.0.0.1:9/t',
    ]) {
      const { withSession } = await about('https://other.example/tokens', { tokenUrl });
      assert.deepEqual(withSession, [tokenUrl]);
    }
  });

  it('sends it over http to no other machine, also if the endpoint was named', async () => {
    const tokenUrl = 'http://api.example.com/tokens';
    const { withSession, warnings } = await about('/tokens', { tokenUrl });
    assert.deepEqual(withSession, []);
    assert.match(warnings, /session was not sent.*over http.*Use the https address/);
  });

  it('says nothing about a session if there is none', async () => {
    const { faults, warnings } = await about('https://other.example/tokens', { headers: {} });
    assert.match(faults, /Give a session of a viewer/);
    assert.ok(!warnings.includes('session'), warnings);
  });
});
