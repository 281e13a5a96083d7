import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { takeOver } from '@gatecast/player/internal/engine/hls/take-over';

const media = { name: 'video' };
const handedOver = { name: 'media source of the first picture' };
const mediaUrl = 'https://media.example/7.m4s';

interface Fixture {
  /** What hls.js and the early buffer were told, in order. */
  readonly calls: string[];
  readonly level: (fragments: readonly { url: string; start: number }[]) => void;
  readonly done: Promise<void>;
}

/** Takes over a segment at 14 s. */
function setUp({
  data,
  isShown = true,
  isCurrent = true,
}: { data?: object | null; isShown?: boolean; isCurrent?: boolean } = {}): Fixture {
  const calls: string[] = [];
  let onLevel: (event: string, data: object) => void = () => undefined;
  const hls = {
    once: (_: string, listener: typeof onLevel) => (onLevel = listener),
    attachMedia: (each: object) => calls.push(each === media ? 'attach' : 'attach early'),
    detachMedia: () => calls.push('detach'),
    startLoad: (position: number) => calls.push(`load ${String(position)}`),
  };
  const early = {
    shown: isShown ? { media: { url: mediaUrl, range: null }, begin: { segmentS: 14 } } : null,
    handOver: () => Promise.resolve(data === undefined ? handedOver : data),
    close: () => calls.push('close'),
  };
  const options: object = {
    hls,
    library: { Events: { LEVEL_LOADED: 'hlsLevelLoaded' } },
    media,
    early,
    isCurrent: () => isCurrent,
  };
  const done = takeOver(options as Parameters<typeof takeOver>[0]);
  return {
    calls,
    level: (fragments) => {
      onLevel('hlsLevelLoaded', { details: { fragments } });
    },
    done,
  };
}

describe('the first picture, when hls.js has come', () => {
  const same = [
    { url: 'https://media.example/6.m4s', start: 12 },
    { url: mediaUrl, start: 14.001 },
  ];
  const moved = [{ url: mediaUrl, start: 12 }];
  const gone = [{ url: 'https://media.example/8.m4s', start: 14 }];

  it('is taken over with its media source', async () => {
    const { calls, level, done } = setUp();
    await done;
    level(same);
    assert.deepEqual(calls, ['attach early']);
  });

  for (const [what, fragments] of [
    ['has the segment elsewhere', moved],
    ['does not have the segment', gone],
  ] as const) {
    it(`is replaced when the playlist of hls.js ${what}`, async () => {
      const { calls, level, done } = setUp();
      await done;
      level(fragments);
      assert.deepEqual(calls, ['attach early', 'load -1', 'detach', 'attach']);
    });

    it(`is replaced also when the playlist that ${what} comes first`, async () => {
      const { calls, level, done } = setUp();
      level(fragments);
      await done;
      assert.deepEqual(calls, ['load -1', 'close', 'attach']);
    });
  }

  it('leaves hls.js a media source of its own when it has none to give', async () => {
    const { calls, done } = setUp({ data: null, isShown: false });
    await done;
    assert.deepEqual(calls, ['attach']);
  });

  it('is closed when the engine has another instance of hls.js', async () => {
    const { calls, done } = setUp({ isCurrent: false });
    await done;
    assert.deepEqual(calls, ['close']);
  });

  it('lets hls.js begin anywhere when no segment was shown', async () => {
    const { calls, level, done } = setUp({ isShown: false });
    await done;
    level(gone);
    assert.deepEqual(calls, ['attach early']);
  });
});
