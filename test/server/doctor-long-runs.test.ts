import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { runProgram } from '../../packages/server/src/cli/program.js';
import {
  closeSites,
  healthy,
  hideSentinels,
  HLS,
  of,
  onlyFault,
  page,
  playlist,
  runDoctor,
  send,
  site,
  type Part,
} from './support/doctor-site.js';

describe('gatecast doctor, for a run that takes long', () => {
  after(closeSites);

  /** A stream whose first playlist takes two minutes, with tokens for one. */
  async function slow(second: Part) {
    let nowMs = Date.now();
    const asked: string[] = [];
    const sent = new Set<string>();
    const findings = await page(
      {
        '/tokens': (request, response) => {
          asked.push('tokens');
          const part =
            asked.length === 1
              ? send('application/json', '{"token":"sentinel-opaque-token-1","expires_in":60}', {
                  'Cache-Control': 'no-store',
                })
              : second;
          part(request, response);
        },
        '/live/a.m3u8': (request, response) => {
          if (request.url?.includes('token=')) nowMs += 120_000;
          healthy['/live/a.m3u8']?.(request, response);
        },
        '/live/a.ts': (request, response) => {
          sent.add(new URL(request.url ?? '', 'http://a.example').searchParams.get('token') ?? '');
          healthy['/live/a.ts']?.(request, response);
        },
      },
      { now: () => nowMs },
    );
    hideSentinels(findings);
    return { findings, asked, sent };
  }

  it('asks the endpoint again when the token has ended', async () => {
    const { findings, asked, sent } = await slow(
      send('application/json', '{"token":"sentinel-opaque-token-2","expires_in":60}'),
    );
    assert.deepEqual(of(findings, 'fault'), []);
    assert.equal(asked.length, 2);
    assert.deepEqual([...sent], ['sentinel-opaque-token-2']);
  });

  const refusals: [what: string, part: Part, words: RegExp][] = [
    ['refuses', (_, r) => void r.writeHead(401).end(), /token-refused/],
    ['fails', (_, r) => void r.writeHead(500).end(), /token-endpoint-failed/],
    ['does not respond', (_, r) => void r.destroy(), /token-endpoint-unreachable|token-source-failed/],
    ['has nothing to read', (_, r) => void r.writeHead(204).end(), /token-/],
    [
      'gives the same token again',
      send('application/json', '{"token":"sentinel-opaque-token-1","expires_in":-60}'),
      /token-/,
    ],
  ];
  for (const [what, part, words] of refusals)
    it(`names an endpoint that then ${what}, and keeps what it found before`, async () => {
      const { findings, sent } = await slow(part);
      onlyFault(findings, words);
      onlyFault(findings, /^token endpoint, .*The token ended during the check and was not renewed/);
      assert.ok(of(findings, 'ok').some((each) => each.startsWith('page, ')));
      assert.deepEqual([...sent], []);
    });

  /** A stream of which each rendition takes longer than a run may take. */
  function slowRenditions(more: Record<string, Part> = {}) {
    let nowMs = Date.now();
    let requests = 0;
    const variants = ['a', 'b', 'c', 'd'].map((name) => `#EXT-X-STREAM-INF:BANDWIDTH=1\n${name}1.m3u8\n`);
    const rendition: Part = (request, response) => {
      requests += 1;
      nowMs += 200_000;
      send(HLS, `${playlist()}#EXT-X-ENDLIST\n`)(request, response);
    };
    const parts: Record<string, Part> = {
      '/live/a.m3u8': (request, response) =>
        request.url?.includes('token=')
          ? send(HLS, `#EXTM3U\n${variants.join('')}`)(request, response)
          : void response.writeHead(401).end(),
      ...Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`/live/${name}1.m3u8`, rendition])),
      ...more,
    };
    return { parts, now: () => nowMs, requests: () => requests };
  }

  it('stops after its time, and says that the rest was not followed', async () => {
    const { parts, now, requests } = slowRenditions();
    const findings = await page(parts, { now });
    assert.deepEqual(of(findings, 'fault'), []);
    assert.equal(of(findings, 'skipped').filter((each) => each.includes('after 180 s')).length, 1);
    assert.equal(requests(), 1);
  });

  it('says in the verdict that a check which stopped is not complete, and exits with 2', async () => {
    const { parts, now } = slowRenditions();
    const { code, out, err } = await runDoctor([`${await site(parts)}/page`], { now });
    assert.match(out, /^skipped {2}stream, .*\n {9}The doctor stops after 180 s/m);
    assert.ok(!out.includes('a player can play this'));
    assert.match(err, /^gatecast: No fault found in what was checked\. The check is not complete/);
    assert.equal(code, 2);
  });

  it('exits with 1 for a fault before it stopped, and says that the check is not complete', async () => {
    const { parts, now } = slowRenditions({ '/live/a.ts': (_, r) => void r.writeHead(404).end() });
    const bad = {
      ...parts,
      '/page': send(
        'text/html',
        '<secure-player src=/none.m3u8></secure-player><secure-player src=/live/a.m3u8 token-url=/tokens></secure-player>',
      ),
    };
    const { code, err } = await runDoctor([`${await site(bad)}/page`], { now });
    assert.match(err, /^gatecast: Faults found: \d\. The check is not complete/);
    assert.equal(code, 1);
  });

  it('does not call a page complete whose tag it cannot follow', async () => {
    const parts = { '/page': send('text/html', '<secure-player token-url=/tokens></secure-player>') };
    const { code, out, err } = await runDoctor([`${await site(parts)}/page`]);
    assert.match(out, /^skipped {2}page, .*\n {9}The tag has no src/m);
    assert.match(err, /The check is not complete/);
    assert.equal(code, 2);
  });

  it('ends a command that fails in an unexpected way with a line, not with a stack trace', async () => {
    let err = '';
    const code = await runProgram([], {
      out: () => {
        throw new RangeError('no output, https://a.example/?token=sentinel');
      },
      note: (text) => void (err += text),
      readStdin: () => Promise.resolve(''),
      now: Date.now,
    });
    assert.equal(code, 2);
    assert.match(err, /^gatecast: The command failed: RangeError: no output, .*\n$/);
    assert.ok(!err.includes('sentinel'));
  });
});
