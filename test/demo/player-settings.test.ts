import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  applyPreset,
  playerAttributes,
  readSettings,
  sourceAttributes,
  streamsOf,
  writePlayerHtml,
  writeSettings,
} from '../../demo/shared/settings/player-settings.js';

const read = (query: string): ReturnType<typeof readSettings> => readSettings(new URLSearchParams(query));

describe('the player page’s URL', () => {
  it('plays the demo stream by default', () => {
    const settings = read('');
    assert.equal(settings.values['src'], '/live/demo.m3u8');
    assert.equal(settings.values['token-url'], '/api/tokens');
    assert.deepEqual(settings.flags, ['autoplay', 'muted', 'playsinline']);
    assert.equal(settings.values['controls'], 'skin');
    assert.equal(writeSettings(settings).toString(), '');
  });

  for (const query of [
    'src=%2Flive%2Fdemo-vod.m3u8&loop=1',
    'entries=demo-high%2Cdemo-low&refresh-lead=5&muted=0&window=180',
    'token-placement=header&ttl=6&fault.tokens.fail=3&fault.tokens.status=503',
    'fault.media.reject=demo-low&fault.clockSkewSeconds=-600&fault.latencyMs=100',
    'token-url=',
  ]) {
    it(`is unchanged after reading and writing: ${query}`, () => {
      const settings = read(query);
      const written = writeSettings(settings);
      assert.deepEqual(readSettings(written), settings);
      assert.deepEqual([...written.keys()].sort(), [...new URLSearchParams(query).keys()].sort());
    });
  }

  it('reads controls as a choice, and as the flag of older URLs', () => {
    const controls = (query: string) => new Map(playerAttributes(read(query))).get('controls');
    assert.equal(controls('controls=1'), '');
    assert.equal(controls('controls=native'), 'native');
    for (const none of ['controls=0', 'controls=']) assert.equal(controls(none), undefined);
    assert.equal(writeSettings(read('controls=0')).toString(), 'controls=');
  });

  it('ignores a timeline window outside its limits', () => {
    for (const given of ['window=1', 'window=99999', 'window=x']) assert.equal(read(given).windowSeconds, 60);
  });

  it('reads faults in the backend’s format', () => {
    const { faults } = read('ttl=6&fault.media.reject={"stream":"*","count":2}&fault.tokens.down=true');
    assert.deepEqual(faults, {
      tokens: { ttlSeconds: 6, down: true },
      media: { reject: { stream: '*', count: 2 } },
    });
  });
});

describe('the tag that the settings describe', () => {
  it('has no src and no stream if there are entries', () => {
    const settings = read('entries=demo-high,elsewhere&stream=x');
    assert.deepEqual(
      playerAttributes(settings).map(([name]) => name),
      ['token-url', 'controls', 'autoplay', 'muted', 'playsinline'],
    );
    const [high, elsewhere] = sourceAttributes(settings);
    assert.equal(new Map(high).get('data-height'), '720');
    assert.deepEqual(elsewhere, [
      ['src', '/live/elsewhere.m3u8'],
      ['data-stream', 'elsewhere'],
    ]);
  });

  it('requests tokens for the given stream, or for the name of the file', () => {
    assert.deepEqual(streamsOf(read('')), ['demo']);
    assert.deepEqual(streamsOf(read('src=/a/b%2520c.m3u8?x=1')), ['b c']);
    assert.deepEqual(streamsOf(read('src=/a/%25E0.m3u8')), ['%E0']);
    assert.deepEqual(streamsOf(read('stream=other')), ['other']);
    assert.deepEqual(streamsOf(read('entries=a, b')), ['a', 'b']);
  });

  it('is HTML with absolute URLs and one line for each attribute with a value', () => {
    assert.equal(
      writePlayerHtml(read(''), 'https://demo.test'),
      [
        '<script type="module" src="https://demo.test/gatecast.js"></script>',
        '<secure-player',
        '  src="https://demo.test/live/demo.m3u8"',
        '  token-url="https://demo.test/api/tokens"',
        '  controls autoplay muted playsinline>',
        '</secure-player>',
      ].join('\n'),
    );
  });

  it('escapes attribute values', () => {
    const html = writePlayerHtml(read('stream="><script>&autoplay=0'), 'https://demo.test');
    assert.ok(html.includes('stream="&quot;>&lt;script>"'));
  });

  it('changes only the source when a preset is applied', () => {
    const before = read('src=/live/x.m3u8&stream=y&ttl=6&loop=1');
    const after = applyPreset(before, 'entries=demo-high,demo-low');
    assert.equal(writeSettings(after).toString(), 'loop=1&entries=demo-high%2Cdemo-low&ttl=6');
    assert.deepEqual(applyPreset(before, ''), before);
  });
});
