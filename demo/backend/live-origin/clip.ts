import { readFileSync } from 'node:fs';
import { clipTiming, renditions, type Rendition } from '../../clip/clip-timing.js';
import { type Timescales, retimeFragment, splitFragmentedFile } from './fragment.js';
import { type Track, readTracks } from './init-segment.js';

/** One rendition of the clip, split into init segment and media segments. */
export interface ClipRendition {
  readonly rendition: Rendition;
  readonly tracks: readonly Track[];
  readonly timescales: Timescales;
  readonly init: Uint8Array<ArrayBuffer>;
  readonly fragments: readonly Uint8Array[];
  /** Bit rate of the largest segment, and of all segments, for `BANDWIDTH` and `AVERAGE-BANDWIDTH`. */
  readonly peakBitsPerSecond: number;
  readonly averageBitsPerSecond: number;
}

export type Clip = ReadonlyMap<Rendition['label'], ClipRendition>;

let shared: Clip | undefined;

/** Loads the clip. All backends of a process share it. */
export function loadClip(): Clip {
  shared ??= new Map(renditions.map((rendition) => [rendition.label, loadRendition(rendition)]));
  return shared;
}

/** Returns the segment with a sequence number of the looped clip, with the timestamps of that loop. */
export function segmentAt(clip: ClipRendition, sequence: number): Uint8Array<ArrayBuffer> {
  const loop = Math.floor(sequence / clipTiming.segmentCount);
  const fragment = clip.fragments[sequence % clipTiming.segmentCount];
  if (!fragment) throw new RangeError(`Segment ${sequence} does not exist.`);
  const shiftMs = loop * clipTiming.segmentCount * clipTiming.segmentMs;
  return retimeFragment(fragment, { shiftMs, sequence, timescales: clip.timescales });
}

function loadRendition(rendition: Rendition): ClipRendition {
  const file = readFileSync(new URL(`../../clip/${rendition.label}.mp4`, import.meta.url));
  const { init, fragments } = splitFragmentedFile(file);
  if (fragments.length !== clipTiming.segmentCount) {
    throw new RangeError(
      `${rendition.label}.mp4 has ${fragments.length} segments, not ${clipTiming.segmentCount}.`,
    );
  }
  const tracks = readTracks(init);
  const sizes = fragments.map((fragment) => fragment.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const bitsPerSecond = (bytes: number): number => Math.ceil((bytes * 8000) / clipTiming.segmentMs);
  return {
    rendition,
    tracks,
    timescales: new Map(tracks.map((track) => [track.trackId, track.timescale])),
    init: new Uint8Array(init),
    fragments,
    peakBitsPerSecond: bitsPerSecond(Math.max(...sizes)),
    averageBitsPerSecond: bitsPerSecond(total / sizes.length),
  };
}
