import { type ClipRendition, segmentAt } from './clip.js';
import { findBox, findBoxes, viewOf } from './mp4-boxes.js';

/** Kind of the only track that is left in a file. */
export type TrackKind = 'audio' | 'video';

/** The init segment of a rendition with one of its tracks only, as packagers with separate audio write it. */
export function initOfTrack(rendition: ClipRendition, kind: TrackKind): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(rendition.init);
  const view = viewOf(bytes);
  const keptId = trackIdOf(rendition, kind);
  for (const trak of findBoxes(bytes, 'moov/trak')) {
    const tkhd = findBox(bytes, 'tkhd', trak);
    const at = tkhd.bodyStart + (view.getUint8(tkhd.bodyStart) === 1 ? 20 : 12);
    if (view.getUint32(at) !== keptId) hide(bytes, trak.start);
  }
  for (const trex of findBoxes(bytes, 'moov/mvex/trex'))
    if (view.getUint32(trex.bodyStart + 4) !== keptId) hide(bytes, trex.start);
  return bytes;
}

/** A segment of the looped clip with one of its tracks only. */
export function segmentOfTrack(
  rendition: ClipRendition,
  sequence: number,
  kind: TrackKind,
): Uint8Array<ArrayBuffer> {
  const segment = segmentAt(rendition, sequence);
  const view = viewOf(segment);
  const keptId = trackIdOf(rendition, kind);
  for (const traf of findBoxes(segment, 'moof/traf')) {
    const tfhd = findBox(segment, 'tfhd', traf);
    if (view.getUint32(tfhd.bodyStart + 4) !== keptId) hide(segment, traf.start);
  }
  return segment;
}

/** Readers skip a `free` box, and no offset changes. */
function hide(bytes: Uint8Array, boxStart: number): void {
  bytes.set(new TextEncoder().encode('free'), boxStart + 4);
}

function trackIdOf({ tracks }: ClipRendition, kind: TrackKind): number {
  return tracks.find((track) => track.kind === kind)?.trackId ?? -1;
}
