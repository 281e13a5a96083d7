import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { readTagLines } from '../../packages/server/src/doctor/read-tag-lines.js';
import { readTags } from '../../packages/server/src/doctor/read-tags.js';
import { closeSites, HLS, of, onlyFault, page, segment, send, type Part } from './support/doctor-site.js';

const read = (text: string) => Object.fromEntries(readTagLines(`#T:${text}`, 'T', 1)[0] ?? []);

/** A playlist with these lines, and parts of a site. */
const stream = (lines: string, parts: Record<string, Part> = {}): Record<string, Part> => ({
  '/live/a.m3u8': (request, response) =>
    request.url?.includes('token=')
      ? send(HLS, `#EXTM3U\n#EXT-X-TARGETDURATION:2\n${lines}`)(request, response)
      : void response.writeHead(401).end(),
  ...parts,
});

describe('tags that gatecast doctor reads', () => {
  it('have attributes with and without quotes, also with spaces around', () => {
    assert.deepEqual(read('A=1,URI="a, b=c",B=x y , C="z"  '), { A: '1', URI: 'a, b=c', B: 'x y', C: 'z' });
    assert.deepEqual(read('A=1 '), { A: '1' });
    assert.deepEqual(read('A="1"x,B=2'), {});
    assert.deepEqual(read('A=,B=2'), { A: '', B: '2' });
  });

  it('take linear time, also with a space at each place', () => {
    const before = process.cpuUsage();
    const spaces = ' '.repeat(200_000);
    for (const text of [
      `URI=${spaces}"`,
      `URI="a"${spaces}x`,
      `${spaces}A`,
      `A=1,${spaces}"`,
      `A=${spaces}=,"`,
    ])
      assert.ok(!('B' in read(text)));
    const { user } = process.cpuUsage(before);
    // The time of this process alone: another one does not add to it. One quadratic text takes ten times as long.
    assert.ok(user < 3_000_000, `${String(user / 1e6)} s`);
  });

  it('of a page are found after a letter whose lower case is longer', () => {
    const html = `<title>${'İ'.repeat(200)}</title><p title="İ">İ<script>İ"<secure-player src=no>"</SCRIPT><SECURE-Player SRC=/a.m3u8>`;
    const tags = [...readTags(html)].map(({ name, attributes }) => [name, attributes.get('src')]);
    assert.deepEqual(
      tags.filter(([name]) => !name?.startsWith('/')),
      [
        ['title', undefined],
        ['p', undefined],
        ['script', undefined],
        ['secure-player', '/a.m3u8'],
      ],
    );
  });
});

describe('gatecast doctor, for streams that are right', () => {
  after(closeSites);

  const KEY = '#EXT-X-KEY:METHOD=AES-128,URI="k.bin"\n';
  const key = send('application/octet-stream', new Uint8Array(16));
  const END = '#EXTINF:2,\na.ts\n#EXT-X-ENDLIST\n';
  /** Bytes as a cipher makes them, after a first one. */
  const cipher = (first: string) =>
    Uint8Array.from({ length: 376 }, (_, at) => (at === 0 ? first.charCodeAt(0) : (at * 167 + 13) % 256));

  for (const first of ['<', '{', ' '])
    it(`takes an encrypted segment that begins with "${first}" for media`, async () => {
      const bytes = cipher(first);
      if (first === ' ') bytes[1] = 0x3c;
      for (const type of ['video/mp2t', 'application/octet-stream', 'text/plain'])
        assert.deepEqual(
          of(await page(stream(KEY + END, { '/live/k.bin': key, '/live/a.ts': send(type, bytes) })), 'fault'),
          [],
        );
    });

  it('still names a page in place of an encrypted segment', async () => {
    for (const text of ['<html><body>Größe', `{"error":"${'é'.repeat(200)}"}`, '<p>' + 'Überall '.repeat(80)])
      onlyFault(
        await page(stream(KEY + END, { '/live/k.bin': key, '/live/a.ts': send('video/mp2t', text) })),
        /text with status 200/,
      );
  });

  const CONTROL =
    '#EXT-X-PART-INF:PART-TARGET=0.5\n#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5\n';
  const three = '#EXTINF:2,\na.ts\n'.repeat(3);

  it('takes encrypted parts for media', async () => {
    const bytes = send('text/plain', cipher('x'));
    const findings = await page(
      stream(`${CONTROL}${KEY}${three}#EXT-X-PART:DURATION=0.5,URI="p.ts"\n`, {
        '/live/k.bin': key,
        '/live/a.ts': bytes,
        '/live/p.ts': bytes,
      }),
    );
    assert.deepEqual(of(findings, 'fault'), []);
    assert.match(of(findings, 'ok').join('\n'), /^newest part, .*p\.ts: loads/m);
  });

  it('loads no part with a gap', async () => {
    const findings = await page(
      stream(
        `${CONTROL}${three}#EXT-X-PART:DURATION=0.5,URI="p.ts"\n#EXT-X-PART:DURATION=0.5,URI="gone.ts",GAP=YES\n`,
        { '/live/p.ts': segment },
      ),
    );
    assert.deepEqual(of(findings, 'fault'), []);
    assert.match(of(findings, 'ok').join('\n'), /^newest part, .*p\.ts: loads/m);
  });

  it('does not follow the address of a key with a variable', async () => {
    const lines = `#EXT-X-DEFINE:NAME="host",VALUE="x"\n#EXT-X-KEY:METHOD=AES-128,URI="/{$host}/k.bin"\n${END}`;
    assert.deepEqual(of(await page(stream(lines)), 'fault'), []);
  });

  it('ignores types of groups that are names of members of objects', async () => {
    const types = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];
    const groups = types.map((type) => `#EXT-X-MEDIA:TYPE=${type},GROUP-ID="g",NAME="n",URI="gone.m3u8"\n`);
    const findings = await page(
      stream(`${groups.join('')}#EXT-X-STREAM-INF:BANDWIDTH=1\nb.m3u8\n`, {
        '/live/b.m3u8': send(HLS, `#EXTM3U\n#EXT-X-TARGETDURATION:2\n${END}`),
      }),
    );
    assert.deepEqual(of(findings, 'fault'), []);
  });
});
