import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Findings,
  shownHost,
  shownName,
  type DoctorFinding,
} from '../../packages/server/src/doctor/finding.js';

/** Bytes that are the same in each run. */
function bytesOf(seed: number): (count: number) => Buffer {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) & 255;
  };
  return (count) => Buffer.from(Array.from({ length: count }, next));
}

/** The address of a finding, as it is printed. */
function shownAddress(step: string, url: string): string {
  const list: DoctorFinding[] = [];
  new Findings(list, step, url).ok('');
  return (list[0]?.where ?? '').slice(step.length + 2);
}

const uuid = (bytes: Buffer) =>
  bytes.toString('hex').replace(/^(.{8})(.{4}).(.{3})(.{4})(.{12}).*$/, '$1-$2-4$3-$4-$5');
const groups = (bytes: Buffer) =>
  Array.from(bytes, (byte) => (byte % 36).toString(36))
    .join('')
    .replace(/.{4}(?!$)/g, '$&-');

const KEYS: readonly [what: string, key: (bytes: (count: number) => Buffer) => string][] = [
  ['UUID', (bytes) => uuid(bytes(17))],
  ['16 bytes in base64url', (bytes) => bytes(16).toString('base64url')],
  ['32 bytes in base64url', (bytes) => bytes(32).toString('base64url')],
  ['16 bytes in hex', (bytes) => bytes(16).toString('hex')],
  ['four groups of four', (bytes) => groups(bytes(16))],
  ['five groups of four', (bytes) => groups(bytes(20))],
];

describe('what gatecast doctor prints of keys', () => {
  for (const [what, make] of KEYS)
    it(`is their beginning: ${what}, also behind a readable name`, () => {
      const bytes = bytesOf(1);
      for (let at = 0; at < 2_000; at += 1) {
        const key = make(bytes);
        for (const before of ['', 'main_', 'live-main-stage-', 'Studio 2 ']) {
          const shown = shownName(before + key);
          assert.ok(!shown.includes(key.slice(0, 10)), `key ${String(at)} behind "${before}"`);
          assert.ok(shown.startsWith((before + key).slice(0, 4)));
        }
      }
    });

  for (const key of [
    '550e8400-e29b-41d4-a716-446655440000',
    'FB-1234567890-0-AbCdEfGhIjKl',
    'abcd-efgh-ijkl-mnop',
    'u3sz-qd2j-0gj8-62w2-7wmt',
    'live_123456789_abcdefghijklmnop',
    're_1234567_abcdefghij',
    'sk_us-west-2_abcdefghijkl',
    '9f2c1d7be0a64ab1',
  ])
    it(`is the beginning of ${key} in each place`, () => {
      const hidden = key.slice(8);
      for (const name of [
        key,
        `main-stage-${key}`,
        `${key}_low`,
        `app/${key}`,
        `a-${key}-b-c-d-e-f-g-h-i-j-k`,
      ]) {
        assert.ok(!shownName(name).includes(hidden), shownName(name));
        const url = `https://i.example/whip/${encodeURIComponent(name)}`;
        for (const step of ['ingest', 'playlist'])
          for (const more of ['', '/x', '.m3u8', '.m3u8/x'])
            assert.ok(!shownAddress(step, url + more).includes(hidden), shownAddress(step, url + more));
      }
      assert.ok(!shownHost(`main-${key}.example:8443`).includes(hidden));
    });

  it('is the whole of readable names', () => {
    for (const name of [
      'main-stage-2024',
      'studio-berlin-low',
      'demo-high_1080p',
      'MainStageLowLatency',
      'Stage1Berlin2024Low',
      'conference-2024-day1-track2',
      'video_1080p_h264_aac128k',
      'stage-1-en-1080p50-6mbps',
      'p2p-h265-uhd-2160p60',
      'cam01-hd-2500k-2s',
      '2024-11-30T14-22-05Z-1080p',
      'segment-2024-11-30-00012',
      'media_w123456789_b2500000_1',
      'ZDFneo-HD-1080p50',
      '__Secure-session-id',
      'CloudFront-Key-Pair-Id',
    ]) {
      assert.equal(shownName(name), name);
      for (const step of ['ingest', 'playlist'])
        assert.equal(shownAddress(step, `https://a.example/${name}`), `https://a.example/${name}`);
    }
  });

  it('is the beginning before the extension of a file, in each step', () => {
    for (const step of [
      'playlist',
      'player',
      'segment',
      'first segment',
      'key',
      'init segment',
      'ingest',
      'page',
    ])
      for (const [path, shown] of [
        ['/hls/9f2c1d7be0a64ab1c3.m3u8', '/hls/9f2c….m3u8'],
        ['/9f2c1d7be0a64ab1c3.m3u8/x', '/9f2c….m3u8/x'],
        ['/hls/main-stage-550e8400-e29b-41d4-a716-446655440000.ts', '/hls/main-stage-550e….ts'],
        ['/hls/main-stage-2024.m3u8', '/hls/main-stage-2024.m3u8'],
        ['/hls/.m3u8', '/hls/.m3u8'],
      ] as const)
        assert.equal(shownAddress(step, `https://a.example${path}?key=1`), `https://a.example${shown}`);
  });

  it('takes linear time', () => {
    for (const text of ['a', 'A-', 'Ab1-', 'FB-1', 'abcd-', '0a', 'sk_aa-a', '550e8400-', 'live_11111'])
      assert.ok(shownName(text.repeat(20_000)).length < 100);
  });
});
