import { box, concat, fullBox, u32, u64 } from './mp4-box-writer.js';

/** One coded picture or audio packet on its track's clock. */
export interface Sample {
  /** Duration in ticks of the track's clock. */
  readonly ticks: number;
  readonly bytes: Uint8Array;
  readonly isKeyframe: boolean;
}

/** Samples of one track in a fragment, without gaps, from `startTicks`. */
export interface TrackRun {
  readonly trackId: number;
  readonly startTicks: number;
  readonly samples: readonly Sample[];
}

/** Sample flags of a keyframe, and of a sample that depends on others (ISO/IEC 14496-12, 8.8.3.1). */
const FLAGS_SYNC = 0x02000000;
const FLAGS_DEPENDENT = 0x01010000;
/** Flags of `trun`: data offset, sample duration, sample size and sample flags are present. */
const TRUN_FLAGS = 0x000701;
const DEFAULT_BASE_IS_MOOF = 0x020000;

/**
 * Builds one CMAF chunk (`moof` and `mdat`), which is one partial segment of HLS. Tracks without samples are omitted.
 * Decode time is presentation time, because WebRTC has no B-frames.
 */
export function buildMediaFragment(sequence: number, runs: readonly TrackRun[]): Uint8Array<ArrayBuffer> {
  const present = runs.filter((run) => run.samples.length > 0);
  // The data offsets need the size of `moof`, which does not depend on their values: build it with zeros first.
  const headerBytes =
    movieFragment(
      sequence,
      present,
      present.map(() => 0),
    ).length + 8;
  const offsets: number[] = [];
  let offset = headerBytes;
  for (const run of present) {
    offsets.push(offset);
    for (const sample of run.samples) offset += sample.bytes.length;
  }
  return concat([
    movieFragment(sequence, present, offsets),
    box('mdat', ...present.flatMap((run) => run.samples.map((sample) => sample.bytes))),
  ]);
}

function movieFragment(sequence: number, runs: readonly TrackRun[], offsets: readonly number[]): Uint8Array {
  return box(
    'moof',
    fullBox('mfhd', 0, 0, u32(sequence)),
    ...runs.map((run, index) => trackFragment(run, offsets[index] ?? 0)),
  );
}

function trackFragment(run: TrackRun, dataOffset: number): Uint8Array {
  const table = run.samples.flatMap((sample) => [
    sample.ticks,
    sample.bytes.length,
    sample.isKeyframe ? FLAGS_SYNC : FLAGS_DEPENDENT,
  ]);
  return box(
    'traf',
    fullBox('tfhd', 0, DEFAULT_BASE_IS_MOOF, u32(run.trackId)),
    fullBox('tfdt', 1, 0, u64(run.startTicks)),
    fullBox('trun', 0, TRUN_FLAGS, u32(run.samples.length, dataOffset, ...table)),
  );
}

/** Joins NAL units in MP4 format: each has a length prefix of four bytes. */
export function lengthPrefixed(nalUnits: readonly Uint8Array[]): Uint8Array {
  return concat(nalUnits.flatMap((nalUnit) => [u32(nalUnit.length), nalUnit]));
}
