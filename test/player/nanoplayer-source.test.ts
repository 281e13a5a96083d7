import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildVendorConfig } from '@gatecast/player/internal/engine/nanoplayer/build-vendor-config';
import {
  buildVendorSource,
  toVendorSecurity,
  vendorEntries,
} from '@gatecast/player/internal/engine/nanoplayer/build-vendor-source';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';
import type { PlayerSource, SourceEntry } from '@gatecast/player';
import type { TokenValue } from '@gatecast/token';

const h5live = (streamname: string) => ({
  server: { websocket: 'wss://h5live.example/stream.mp4' },
  rtmp: { url: 'rtmp://play.example/play', streamname },
});
const entry = (index: number): SourceEntry => ({
  index,
  label: `entry ${index}`,
  info: { bitrate: 1000 - index },
  hls: `https://a.example/s-${index}.m3u8`,
  h5live: h5live(`s-${index}`),
});
const build = (raw: PlayerSource, more: Partial<Parameters<typeof buildVendorSource>[0]> = {}) =>
  buildVendorSource({
    source: resolveSource(raw, 'https://page.example/'),
    tokens: new Map<string, TokenValue>([
      ['s-0', 'jwt-0'],
      ['s-1', { token: 't', expires: '1700000000', options: '9', tag: '' }],
    ]),
    position: 1,
    rule: 'deviationOfMean2',
    isPlaying: false,
    ...more,
  });

describe('the source for the vendor’s player', () => {
  it('gives every entry its index and its own security, and no plain HLS URL', () => {
    const { entries } = build({ entries: [entry(1), entry(0)] });
    assert.deepEqual(
      entries?.map(({ index, hls, stream }) => ({ index, hls, stream })),
      [
        { index: 0, hls: undefined, stream: undefined },
        { index: 1, hls: undefined, stream: undefined },
      ],
    );
    assert.deepEqual(
      entries.map(({ h5live: connection }) => connection),
      [
        { ...h5live('s-0'), security: { jwtoken: 'jwt-0' } },
        { ...h5live('s-1'), security: { token: 't', expires: '1700000000', options: '9' } },
      ],
    );
  });

  it('contains the start index, the rule, the method and forcePlay each time', () => {
    const source = build({ entries: [entry(0), entry(1)] }, { rule: 'none', isPlaying: true });
    assert.equal(source.startIndex, 1);
    assert.equal(source.options.adaption.rule, 'none');
    assert.deepEqual(source.options.switch, { method: 'client', forcePlay: true });
    assert.equal(build({ entries: [entry(0)] }).options.switch.forcePlay, false);
  });

  it('keeps the page’s options, except a method that stops the picture', () => {
    const options = {
      adaption: { rule: 'deviationOfMean', downStep: 2 },
      switch: { method: 'server', timeout: 20 },
    };
    const source = build({ entries: [entry(0)], options });
    assert.deepEqual(source.options.adaption, { rule: 'deviationOfMean2', downStep: 2 });
    assert.deepEqual(source.options.switch, { method: 'client', timeout: 20, forcePlay: false });
  });

  it('reads the old single form as one entry', () => {
    const source = build({ h5live: h5live('s-0') }, { position: 0 });
    assert.equal(source.entries?.length, 1);
    assert.equal(source['h5live'], undefined);
  });

  it('has one token for a group whose entries only the vendor knows', () => {
    const source = build({ group: { id: 'g' } }, { tokens: new Map([['g', 'jwt-g']]) });
    assert.equal(source.entries, undefined);
    assert.equal(source.startIndex, undefined);
    assert.deepEqual(source['group'], { id: 'g', security: { jwtoken: 'jwt-g' } });
  });

  it('does not contain entries that the vendor’s player cannot play', () => {
    const raw = { entries: [entry(0), { index: 1, hls: 'https://a.example/x.m3u8' }] };
    assert.equal(vendorEntries(resolveSource(raw, 'https://page.example/')).length, 1);
  });
});

describe('security for the vendor’s player', () => {
  it('contains strings only, because the vendor’s player drops numbers', () => {
    const given: Record<string, unknown> = { token: 't', expires: 1_700_000_000, options: 9 };
    assert.deepEqual(toVendorSecurity(given), { token: 't', expires: '1700000000', options: '9' });
  });
});

describe('the config for the vendor’s player', () => {
  const input = {
    source: build({ entries: [entry(0)] }),
    pageConfig: {},
    isAutoplay: true,
    isMuted: true,
    hasControls: false,
    listeners: {},
  };

  it('always has playback, with values whose defaults differ between versions', () => {
    assert.deepEqual(buildVendorConfig(input).playback, {
      automute: false,
      autoplay: true,
      enableMediaOverQuic: false,
      muted: true,
    });
  });

  it('plays over QUIC, in a canvas, only if the page has chosen it', () => {
    for (const [enableMediaOverQuic, expected] of [
      [true, true],
      [false, false],
      [undefined, false],
    ]) {
      const { playback } = buildVendorConfig({ ...input, pageConfig: { playback: { enableMediaOverQuic } } });
      assert.equal(playback['enableMediaOverQuic'], expected);
    }
  });

  it('keeps the page’s options where the element does not override them', () => {
    const pageConfig = {
      metrics: { accountId: 'a' },
      playback: { latencyControlMode: 'classic', autoplay: false },
    };
    const config = buildVendorConfig({ ...input, pageConfig });
    assert.deepEqual(config['metrics'], { accountId: 'a' });
    assert.equal(config.playback['latencyControlMode'], 'classic');
    assert.equal(config.playback['autoplay'], true);
  });

  it('never has a single delay step, with which the vendor’s player computes NaN', () => {
    const pageConfig = { playback: { reconnect: { delaySteps: 1, minDelay: 2 } } };
    const { reconnect } = buildVendorConfig({ ...input, pageConfig }).playback;
    assert.deepEqual(reconnect, { delaySteps: 2, minDelay: 2 });
  });

  it('calls the page’s listeners after ours', () => {
    const calls: string[] = [];
    const config = buildVendorConfig({
      ...input,
      pageConfig: { events: { onPlay: () => calls.push('page'), onStats: () => calls.push('stats') } },
      listeners: { onPlay: () => calls.push('ours') },
    });
    config.events['onPlay']?.({ name: 'Play' });
    config.events['onStats']?.({ name: 'Stats' });
    assert.deepEqual(calls, ['ours', 'page', 'stats']);
  });
});
