import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ListeningBackend } from '../../demo/backend/backend.js';
import {
  closeSites,
  examine,
  healthy,
  of,
  onlyFault,
  openDemo,
  runDoctor,
  site,
  type DoctorFinding,
  type DoctorOptions,
} from './support/doctor-site.js';

describe('gatecast doctor', () => {
  let demo: ListeningBackend;
  /** Tokens that any test has seen. */
  const seen: string[] = [];

  before(async () => {
    demo = await openDemo();
  });
  after(closeSites);

  const setFaults = (faults: object) =>
    fetch(`${demo.origin}/api/qa/faults`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(faults),
    });
  const clear = () => fetch(`${demo.origin}/api/qa/faults`, { method: 'DELETE' });
  const spying: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    for (const [token] of (input instanceof Request ? input.url : input.toString()).matchAll(
      /eyJ[\w-]+\.[\w-]+\.[\w-]+/g,
    ))
      seen.push(token);
    return response;
  };
  const demoStream = (more: Partial<DoctorOptions> = {}) =>
    examine({
      url: `${demo.origin}/live/demo.m3u8`,
      tokenUrl: `${demo.origin}/api/tokens`,
      fetch: spying,
      ...more,
    });

  it('finds nothing in the chain of the demo', async () => {
    const findings = await demoStream({ pageOrigin: demo.origin });
    assert.deepEqual([...of(findings, 'fault'), ...of(findings, 'warning')], []);
    const steps = findings.map(({ where }) => where.split(',')[0]);
    for (const step of ['token endpoint', 'playlist', 'rendition', 'init segment', 'first segment'])
      assert.ok(steps.includes(step), `${step} was not reached: ${steps.join()}`);
  });

  const demoFaults: [what: string, faults: object, words: RegExp][] = [
    ['a token endpoint that fails', { tokens: { fail: 9, status: 503 } }, /token endpoint, .*HTTP 503/],
    [
      'a token endpoint that refuses',
      { tokens: { refuse: 'demo' } },
      /HTTP 403\. It refuses this caller\. Give a session/,
    ],
    [
      'a token endpoint without a response',
      { tokens: { down: true } },
      /token endpoint does not respond.*ECONNRESET|UND_ERR_SOCKET/,
    ],
    ['a web page as token response', { tokens: { shape: 'html' } }, /token-response-invalid/],
    ['a time in milliseconds', { tokens: { milliseconds: true } }, /token-time-unit/],
    ['an expired token', { tokens: { expired: true } }, /token-expired/],
    [
      'a playlist that the origin refuses',
      { media: { reject: 'demo' } },
      /playlist, .*HTTP 403.*in each usual place/,
    ],
    [
      'segments that fail',
      { media: { reject: { kind: 'segment', status: 500 } } },
      /first segment, .*HTTP 500/,
    ],
    [
      'init segments that are missing',
      { media: { reject: { kind: 'init', status: 404 } } },
      /init segment, .*HTTP 404/,
    ],
    ['an origin without a response', { media: { down: true } }, /media origin does not respond/],
  ];
  for (const [what, faults, words] of demoFaults) {
    it(`names ${what}`, async () => {
      await setFaults(faults);
      try {
        onlyFault(await demoStream(), words);
      } finally {
        await clear();
      }
    });
  }

  it('says that a token is wanted if no endpoint is named', async () => {
    onlyFault(
      await examine({ url: `${demo.origin}/live/demo.m3u8` }),
      /HTTP 401.*wants a token.*--token-url/,
    );
  });

  it('finds the placement that the origin accepts', async () => {
    onlyFault(
      await demoStream({ placement: 'query:wrong' }),
      /accepts the same token with "query:token".*Set token-placement="query:token"/,
    );
  });

  const run = (...args: string[]) => runDoctor(args);

  it('prints the findings, and exits with 0, 1 or 2', async () => {
    const origin = await site({
      '/tokens': (request, response) =>
        request.headers['x-session'] === 'sentinel-session'
          ? healthy['/tokens']?.(request, response)
          : void response.writeHead(401).end(),
    });
    const good = await run(`${origin}/page`, '--header', 'X-Session: sentinel-session');
    assert.deepEqual([good.code, good.err], [0, '']);
    assert.match(good.out, /\nNo fault found/);
    const bad = await run(`${origin}/page`);
    assert.equal(bad.code, 1);
    assert.match(
      bad.out,
      /^ok .*\n[^]*\nfault {4}token endpoint, http.*\n {9}The token endpoint responds with HTTP 401\..*\n {9}→ Give a session/m,
    );
    assert.equal(bad.err, 'gatecast: Faults found: 1.\n');
    const json = await run(`${origin}/page`, '--json', '--header', 'X-Session: sentinel-session');
    assert.ok((JSON.parse(json.out) as DoctorFinding[]).every(({ level }) => level === 'ok'));
    for (const args of [
      ['ftp://a.example/'],
      ['www.example.com/live'],
      [`${origin}/page`, '--placement', 'querry'],
      [`${origin}/page`, '--token', 'x'],
      [`${origin}/page`, '--page-origin', 'x'],
    ])
      assert.equal((await run(...args)).code, 2, args.join(' '));
  });

  it('says what an address without https:// lacks', async () => {
    assert.match((await run('www.example.com/live')).err, /Write https:\/\/ before the name/);
    assert.ok(!(await run('ftp://a.example/')).err.includes('Write https'));
  });

  it('shows no token of any chain above', async () => {
    const findings = [...(await demoStream()), ...(await demoStream({ placement: 'query:wrong' }))];
    assert.ok(seen.length > 0);
    const text = JSON.stringify(findings);
    for (const token of seen) assert.ok(!text.includes(token));
  });
});
