import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readVendorParameters } from '@gatecast/player';
import { qaCases } from '@gatecast/qa/internal/cases/qa-cases';
import {
  readLabSettings,
  writeLabHtml,
  writeLabSettings,
  writeVendorLink,
} from '../../../demo/lab/lab-settings.js';
import { playerFields, webcasterFields } from '../../../demo/shared/settings/setting-fields.js';
import { toResourceMark } from '../../../demo/lab/watch-resources.js';
import { playerSpec } from '../../../demo/shared/settings/player-settings.js';
import { webcasterSpec } from '../../../demo/shared/settings/webcaster-settings.js';

const read = (query: string): ReturnType<typeof readLabSettings> =>
  readLabSettings(new URLSearchParams(query));

describe('the lab’s URL', () => {
  for (const query of [
    '',
    'src=%2Flive%2Fdemo-vod.m3u8&token-url=https%3A%2F%2Fapi.example%2Ftokens',
    'stream=a&webcaster.stream=b&webcaster.token-url=%2Fother',
    'case=expire-now&engine=native&webcaster.codec=vp8&picture=camera',
    'window=180&ttl=6&fault.tokens.fail=3',
  ]) {
    it(`is unchanged after reading and writing: ${query === '' ? 'nothing' : query}`, () => {
      const written = writeLabSettings(read(query)).toString();
      assert.deepEqual([...new URLSearchParams(written)].sort(), [...new URLSearchParams(query)].sort());
    });
  }

  it('selects the source of a case', () => {
    assert.deepEqual(read('case=rendition-403').player.entries, ['demo-high', 'demo-medium', 'demo-low']);
    assert.equal(read('case=nonsense').caseName, '');
  });

  it('has a form field for every attribute of both tags', () => {
    const names = (fields: typeof playerFields): string[] =>
      fields.map(({ name }) => name).filter((name) => name !== 'entries');
    assert.deepEqual(names(playerFields).sort(), [...playerSpec.values, ...playerSpec.flags].sort());
    assert.deepEqual(names(webcasterFields).sort(), [...webcasterSpec.values, ...webcasterSpec.flags].sort());
  });
});

describe('what the lab exports', () => {
  it('is the HTML of both tags with one script', () => {
    const html = writeLabHtml(read(''), 'https://here.example');
    assert.equal(html.split('<script').length, 2);
    assert.match(html, /<secure-player\s+src="https:\/\/here\.example\/live\/demo\.m3u8"/);
    assert.match(html, /<secure-webcaster\s+endpoint="https:\/\/here\.example\/whip\/lab"/);
  });

  it('is a vendor link that the player can read', () => {
    const link = new URL(writeVendorLink(read('engine=hls'), 'https://here.example'));
    const source = readVendorParameters(link.searchParams, { allowedOrigins: ['https://here.example'] });
    const [entry] = source?.entries ?? [];
    assert.match(entry?.hls ?? '', /^https:\/\/here\.example\/live\/demo\.m3u8/);
    assert.equal(entry?.h5live?.rtmp?.streamname, 'demo');
    assert.equal(link.searchParams.get('engine'), 'hls');
  });
});

describe('a resource timing entry', () => {
  const facts = { startTime: 10, duration: 20, responseStatus: 200 };
  const tokenUrl = 'https://api.example/tokens';

  it('is assigned to a lane by its purpose, without its query', () => {
    const query = `?token=${'x'.repeat(30)}`;
    const marks = [
      `https://cdn.example/a.m3u8${query}`,
      `https://cdn.example/1.m4s${query}`,
      tokenUrl,
      // Redaction cuts this name: it looks like the start of a JWT.
      `https://cdn.example/DS00eyJSpg01zkqT.m3u8${query}`,
    ].flatMap((name) => toResourceMark({ ...facts, name }, tokenUrl, 1_000));
    assert.deepEqual(
      marks.map(({ lane }) => lane),
      ['playlists', 'media', 'tokens', 'playlists'],
    );
    assert.ok(!JSON.stringify(marks).includes('xxx'), 'no query is kept');
    assert.equal(marks[0]?.atMs, 1_010);
    assert.deepEqual(toResourceMark({ ...facts, name: 'https://cdn.example/page.css' }, tokenUrl, 0), []);
  });
});

describe('the list of cases', () => {
  it('has unique names that are valid in a URL', () => {
    const names = qaCases.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.every((name) => /^[a-z0-9-]+$/.test(name)));
  });
});
