import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EncoderAbility } from '@gatecast/webcaster/internal/publisher/ask-encoder';
import { chooseCodecs } from '@gatecast/webcaster/internal/publisher/choose-codecs';
import { readCodecList, wrongCodec } from '@gatecast/webcaster/internal/publisher/video-codecs';
import { FakeClock } from '../../support/fake-clock.js';

const BROWSER = ['vp8', 'vp9', 'h264', 'av1', 'h265'];
const picture = { width: 1280, height: 720, framerate: 30, videoBitrateKbps: 2500 };
const unknown: EncoderAbility = { isSupported: null, isSmooth: null, isPowerEfficient: null };
const missing: EncoderAbility = { ...unknown, isSupported: false };
const slow: EncoderAbility = { isSupported: true, isSmooth: false, isPowerEfficient: false };
const costly: EncoderAbility = { isSupported: true, isSmooth: true, isPowerEfficient: false };
const cheap: EncoderAbility = { isSupported: true, isSmooth: true, isPowerEfficient: true };

async function choose(
  codec: string,
  abilities: Readonly<Record<string, EncoderAbility>> = {},
  available: readonly string[] = BROWSER,
) {
  const ask = (name: string) => Promise.resolve(abilities[name] ?? unknown);
  const choice = await chooseCodecs({ codec, picture, available }, { clock: new FakeClock().clock, ask });
  return [choice.names.join(' '), choice.floor];
}

describe('chooseCodecs', () => {
  it('offers H.264 first, and all others after it, for auto', async () => {
    assert.deepEqual(await choose('auto'), ['h264 vp8 vp9 av1 h265', null]);
    assert.deepEqual(await choose('auto', {}, ['vp8']), ['vp8', null]);
  });

  it('offers only what is named, in that order, with H.264 as the last resort if it is named', async () => {
    assert.deepEqual(await choose('vp9'), ['vp9', null]);
    assert.deepEqual(await choose('HEVC'), ['h265', null]);
    assert.deepEqual(await choose(' av1  vp9 h264 av1 '), ['av1 vp9 h264', 'h264']);
    assert.deepEqual(await choose('av1 vp9'), ['av1 vp9', null]);
    assert.deepEqual(await choose('h264 av1'), ['h264 av1', null]);
    assert.deepEqual(await choose('av1 h264', {}, ['vp8', 'h264']), ['h264', null]);
    assert.deepEqual(await choose('av1', {}, ['vp8']), ['', null]);
  });

  it('remembers what is wanted and not there', async () => {
    const wish = { codec: 'hevc h264', picture, available: ['vp8', 'h264'] };
    assert.deepEqual(await chooseCodecs(wish, { clock: new FakeClock().clock }), {
      names: ['h264'],
      wanted: ['h265', 'h264'],
      floor: null,
    });
  });

  for (const [what, abilities, names] of [
    ['all in hardware', { av1: cheap, h265: cheap, vp9: cheap, h264: cheap }, 'av1 h265 vp9 h264 vp8'],
    ['all in software, in time', { av1: costly, vp9: costly, h264: costly }, 'av1 vp9 h264 h265 vp8'],
    ['AV1 too slow', { av1: slow, h265: missing, vp9: costly, h264: costly }, 'vp9 h264 vp8'],
    [
      'only H.264 and HEVC in hardware',
      { av1: costly, h265: cheap, vp9: costly, h264: cheap },
      'h265 h264 av1 vp9 vp8',
    ],
    [
      'VP9 in hardware, the rest in software',
      { av1: costly, vp9: cheap, h264: costly },
      'vp9 av1 h264 h265 vp8',
    ],
    ['a browser that does not say', {}, 'h264 av1 h265 vp9 vp8'],
  ] as const)
    it(`chooses by what the device encodes well, for enhanced: ${what}`, async () => {
      assert.deepEqual((await choose('enhanced', abilities))[0], names);
    });

  it('has H.264 as the last resort of enhanced, or VP8 without it', async () => {
    assert.deepEqual(await choose('enhanced', { vp9: cheap }, ['vp8', 'vp9', 'h264']), [
      'vp9 h264 vp8',
      'h264',
    ]);
    assert.deepEqual(await choose('enhanced', { vp9: cheap }, ['vp8', 'vp9']), ['vp9 vp8', 'vp8']);
    assert.deepEqual(await choose('enhanced', {}, ['h264']), ['h264', null]);
  });

  it('does not wait for a browser that never responds', async () => {
    const fake = new FakeClock();
    const ask = () => new Promise<EncoderAbility>(() => undefined);
    const choosing = chooseCodecs(
      { codec: 'enhanced', picture, available: BROWSER },
      { clock: fake.clock, ask },
    );
    await fake.advance(1000);
    assert.equal((await choosing).names[0], 'h264');
  });
});

describe('the attribute codec', () => {
  it('knows names and lists of them, and modes alone', () => {
    for (const codec of ['auto', 'enhanced', 'av1', 'hevc', 'av1 vp9 h264'])
      assert.equal(wrongCodec(codec), null);
    assert.equal(wrongCodec('av1 x264'), 'x264');
    assert.equal(wrongCodec('av1 auto'), 'auto');
    assert.equal(wrongCodec('AV1'), 'AV1');
    assert.equal(wrongCodec(' '), ' ');
    assert.equal(wrongCodec(1), 1);
    assert.equal(wrongCodec(undefined), undefined);
  });

  it('takes HEVC and H.265 for one', () => {
    assert.deepEqual(readCodecList('hevc vp9 h265'), ['h265', 'vp9']);
  });
});
