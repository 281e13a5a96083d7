import { type Box, findBox, findBoxes, listBoxes, viewOf } from './mp4-boxes.js';

/** Ticks per second by track id. */
export type Timescales = ReadonlyMap<number, number>;

/** One video or audio frame in a fragment. Times are in ticks of its track. */
export interface Sample {
  readonly decodeTime: number;
  readonly duration: number;
  readonly isSync: boolean;
  readonly bytes: Uint8Array;
}

/** Samples of one track in a fragment. */
export interface TrackRun {
  readonly trackId: number;
  readonly samples: readonly Sample[];
}

/** Flag of a sample that depends on other samples (ISO/IEC 14496-12, 8.8.3.1). */
const sampleIsNonSync = 0x0001_0000;

/**
 * Copies a fragment with later timestamps: adds `shiftMs` to the base decode time of each track and sets the sequence
 * number. Nothing else is parsed or written, so a segment of the loop costs one copy.
 *
 * @throws RangeError if `shiftMs` is not a whole number of ticks of a track: rounding would make the loop drift.
 */
export function retimeFragment(
  fragment: Uint8Array,
  { shiftMs, sequence, timescales }: { shiftMs: number; sequence: number; timescales: Timescales },
): Uint8Array<ArrayBuffer> {
  const moved = new Uint8Array(fragment);
  const view = viewOf(moved);
  view.setUint32(findBox(moved, 'moof/mfhd').bodyStart + 4, (sequence + 1) % 2 ** 32);
  for (const traf of findBoxes(moved, 'moof/traf')) {
    const shift = (shiftMs * timescaleOf(timescales, readTrackId(moved, traf))) / 1000;
    if (!Number.isSafeInteger(shift)) throw new RangeError(`${shiftMs} ms is not a whole number of ticks.`);
    const { offset, baseDecodeTime } = readBaseDecodeTime(moved, traf);
    view.setBigUint64(offset, BigInt(baseDecodeTime + shift));
  }
  return moved;
}

/** Returns the samples of a fragment, grouped by track. */
export function readFragment(fragment: Uint8Array): TrackRun[] {
  const moof = findBox(fragment, 'moof');
  return findBoxes(fragment, 'traf', moof).map((traf) => ({
    trackId: readTrackId(fragment, traf),
    samples: readSamples(fragment, moof, traf),
  }));
}

function readSamples(fragment: Uint8Array, moof: Box, traf: Box): Sample[] {
  const view = viewOf(fragment);
  const defaults = readDefaults(view, findBox(fragment, 'tfhd', traf));
  const samples: Sample[] = [];
  let decodeTime = readBaseDecodeTime(fragment, traf).baseDecodeTime;
  for (const trun of findBoxes(fragment, 'trun', traf)) {
    const flags = view.getUint32(trun.bodyStart) & 0xff_ffff;
    const count = view.getUint32(trun.bodyStart + 4);
    let at = trun.bodyStart + 8;
    const next = (): number => view.getUint32((at += 4) - 4);
    let dataAt = moof.start + (flags & 0x001 ? next() : 0);
    const firstFlags = flags & 0x004 ? next() : undefined;
    for (let index = 0; index < count; index++) {
      const duration = flags & 0x100 ? next() : defaults.duration;
      const size = flags & 0x200 ? next() : defaults.size;
      const ownFlags = flags & 0x400 ? next() : defaults.flags;
      if (flags & 0x800) at += 4;
      const sampleFlags = index === 0 ? (firstFlags ?? ownFlags) : ownFlags;
      const bytes = fragment.subarray(dataAt, dataAt + size);
      samples.push({ decodeTime, duration, isSync: (sampleFlags & sampleIsNonSync) === 0, bytes });
      decodeTime += duration;
      dataAt += size;
    }
  }
  return samples;
}

/** Optional fields of `tfhd` have a fixed order. A field is present if its flag is set (ISO/IEC 14496-12, 8.8.7). */
function readDefaults(view: DataView, tfhd: Box): { duration: number; size: number; flags: number } {
  const flags = view.getUint32(tfhd.bodyStart) & 0xff_ffff;
  let at = tfhd.bodyStart + 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0);
  const take = (flag: number): number => (flags & flag ? view.getUint32((at += 4) - 4) : 0);
  return { duration: take(0x8), size: take(0x10), flags: take(0x20) };
}

function readTrackId(fragment: Uint8Array, traf: Box): number {
  return viewOf(fragment).getUint32(findBox(fragment, 'tfhd', traf).bodyStart + 4);
}

function readBaseDecodeTime(fragment: Uint8Array, traf: Box): { offset: number; baseDecodeTime: number } {
  const tfdt = findBox(fragment, 'tfdt', traf);
  const view = viewOf(fragment);
  // The time since `timelineStartMs` does not fit into 32 bits.
  if (view.getUint8(tfdt.bodyStart) !== 1) throw new RangeError('The clip needs 64-bit decode times.');
  const offset = tfdt.bodyStart + 4;
  return { offset, baseDecodeTime: Number(view.getBigUint64(offset)) };
}

function timescaleOf(timescales: Timescales, trackId: number): number {
  const timescale = timescales.get(trackId);
  if (timescale === undefined) throw new RangeError(`Track ${trackId} is not in the init segment.`);
  return timescale;
}

/** Splits a fragmented MP4 file into its init segment and its fragments (`moof` with the following `mdat`). */
export function splitFragmentedFile(file: Uint8Array): { init: Uint8Array; fragments: Uint8Array[] } {
  const boxes = listBoxes(file);
  const starts = boxes.filter((box) => box.type === 'moof').map((box) => box.start);
  const ends = boxes.filter((box) => box.type === 'mdat').map((box) => box.end);
  const fragments = starts.map((start, index) => file.subarray(start, ends[index]));
  return { init: file.subarray(0, starts[0]), fragments };
}
