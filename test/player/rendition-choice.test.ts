import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Rendition } from '@gatecast/player/internal/engine/engine';
import { RenditionChoice } from '@gatecast/player/internal/overlay/rendition-choice';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';

type Quality = readonly [height: number | null, bitrateKbps: number | null];

function listOf(...qualities: readonly Quality[]): Rendition[] {
  return qualities.map(([height, bitrateKbps], index) => {
    const label = height === null ? `#${String(index)}` : `${String(height)}p`;
    return { index, label, bitrateKbps, width: null, height, framerate: null, stream: 'a' };
  });
}

const sourceOf = (whep: string) => resolveSource({ hls: '/a.m3u8', whep }, 'https://page.example/');
const HLS: readonly Quality[] = [
  [1080, 5000],
  [720, 2500],
  [480, 1000],
];
/** What an engine has whose server offers no choice. */
const NO_CHOICE: readonly Quality[] = [[null, null]];

/** A player whose engines have the lists that a test says. */
class Player {
  entries: readonly Rendition[];
  activeEntry: Rendition | null = null;
  chosen: number | 'auto' = 'auto';
  source = sourceOf('/whep/a');
  readonly switches: (number | 'auto')[] = [];
  hasOtherList = false;
  readonly #choice = new RenditionChoice({ player: this, state: () => this });

  constructor(...qualities: readonly Quality[]) {
    this.entries = listOf(...qualities);
    this.#choice.update();
  }

  switchEntry(index: number | 'auto'): void {
    this.switches.push(index);
    if (this.hasOtherList) throw new RangeError('no such entry');
    this.chosen = index;
  }

  /** The viewer chooses in a menu. */
  choose(index: number | 'auto'): void {
    this.switchEntry(index);
    this.#choice.update();
    this.switches.length = 0;
  }

  /** An engine has another list. */
  list(...qualities: readonly Quality[]): number | 'auto' {
    this.entries = listOf(...qualities);
    this.#choice.update();
    return this.chosen;
  }

  update(): void {
    this.#choice.update();
  }
}

describe('the rendition that the viewer has chosen, when another engine plays the source', () => {
  for (const [what, list, expected] of [
    [
      'the same height, at another place',
      [
        [720, 2000],
        [360, 600],
      ],
      0,
    ],
    [
      'almost the same height',
      [
        [1088, 4000],
        [718, 2400],
        [360, 600],
      ],
      1,
    ],
    [
      'the nearest bitrate of that height',
      [
        [720, 6000],
        [720, 3000],
        [720, 1000],
      ],
      1,
    ],
    [
      'the nearest bitrate where it has no heights',
      [
        [null, 6000],
        [null, 2900],
        [null, 2200],
      ],
      2,
    ],
    [
      'nothing of that quality',
      [
        [1080, 5000],
        [540, 1500],
      ],
      'auto',
    ],
    [
      'the bitrate of another height',
      [
        [1080, 2500],
        [540, 900],
      ],
      'auto',
    ],
    ['no choice', NO_CHOICE, 'auto'],
  ] as const)
    it(`is what fits it: ${what}`, () => {
      const player = new Player(...HLS);
      player.choose(1);
      assert.equal(player.list(...list), expected);
      assert.deepEqual(player.switches, [expected]);
    });

  it('is chosen again as soon as an engine has it: with layers that come later, and back on the first one', () => {
    const player = new Player(...HLS);
    player.choose(1);
    assert.equal(player.list(...NO_CHOICE), 'auto');
    assert.equal(player.list([1080, 4000], [720, 2000]), 1);
    assert.equal(player.list(...NO_CHOICE), 'auto');
    assert.equal(player.list(...HLS), 1);
    assert.deepEqual(player.switches, ['auto', 1, 'auto', 1]);
  });

  it('is what the viewer has chosen last, on any engine', () => {
    const player = new Player(...HLS);
    player.choose(1);
    player.list([1080, 4000], [480, 900]);
    player.choose(1);
    assert.equal(player.list(...HLS), 2);
    player.choose('auto');
    player.list(...NO_CHOICE);
    player.list(...HLS);
    assert.deepEqual([player.chosen, player.switches], ['auto', []]);
  });

  it('is the one of that place where nothing is known of them', () => {
    const player = new Player([null, null], [null, null]);
    player.choose(1);
    assert.equal(player.list([null, null], [null, null]), 1);
  });

  it('is not repeated for a list without what has been removed from it, which would empty a buffer', () => {
    const player = new Player(...HLS);
    player.choose(1);
    player.entries = player.entries.slice(0, 2);
    player.update();
    assert.deepEqual(player.switches, []);
  });

  it('is automatic in a list from which it has been removed', () => {
    const player = new Player(...HLS);
    player.choose(1);
    player.entries = player.entries.filter(({ index }) => index !== 1);
    player.update();
    assert.deepEqual(player.switches, ['auto']);
  });

  it('is not repeated for another source, and is again for its own, after a change that has failed', () => {
    const player = new Player(...HLS);
    const { source } = player;
    player.choose(1);
    player.source = sourceOf('/whep/b');
    player.list(...HLS);
    assert.deepEqual(player.switches, []);
    player.source = source;
    player.list(...HLS);
    assert.deepEqual(player.switches, [1]);
  });

  it('is tried again with the next list if the engine has another one already', () => {
    const player = new Player(...HLS);
    player.choose(1);
    player.hasOtherList = true;
    player.list([720, 2000], [360, 600]);
    player.hasOtherList = false;
    assert.equal(player.list([1080, 4000], [720, 2000]), 1);
  });
});
