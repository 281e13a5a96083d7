import { type Box, findBox, findBoxes, viewOf } from './mp4-boxes.js';

export interface Track {
  readonly trackId: number;
  readonly kind: 'video' | 'audio';
  /** Ticks per second. */
  readonly timescale: number;
  /** Codec string for `CODECS` in a playlist, for example `avc1.4d401f`. */
  readonly codec: string;
  /** SPS and PPS of a video track, without length prefixes or start codes. */
  readonly parameterSets: readonly Uint8Array[];
}

/** Size in bytes of the fields of a visual sample entry, before its child boxes (ISO/IEC 14496-12, 12.1.3). */
const visualEntryHeader = 78;

/** Reads the tracks of an init segment. */
export function readTracks(init: Uint8Array): Track[] {
  return findBoxes(init, 'moov/trak').map((trak) => {
    const view = viewOf(init);
    const tkhd = findBox(init, 'tkhd', trak);
    const mdhd = findBox(init, 'mdia/mdhd', trak);
    const common = {
      trackId: view.getUint32(tkhd.bodyStart + (view.getUint8(tkhd.bodyStart) === 1 ? 20 : 12)),
      timescale: view.getUint32(mdhd.bodyStart + (view.getUint8(mdhd.bodyStart) === 1 ? 20 : 12)),
    };
    const avcC = findAvcConfiguration(init, trak);
    if (!avcC) return { ...common, kind: 'audio', codec: 'mp4a.40.2', parameterSets: [] };
    const profile = Buffer.from(init.subarray(avcC.bodyStart + 1, avcC.bodyStart + 4)).toString('hex');
    return {
      ...common,
      kind: 'video',
      codec: `avc1.${profile}`,
      parameterSets: readParameterSets(init, avcC),
    };
  });
}

function findAvcConfiguration(init: Uint8Array, trak: Box): Box | undefined {
  const stsd = findBox(init, 'mdia/minf/stbl/stsd', trak);
  const [entry] = findBoxes(init, 'avc1', { ...stsd, bodyStart: stsd.bodyStart + 8 });
  return entry && findBox(init, 'avcC', { ...entry, bodyStart: entry.bodyStart + visualEntryHeader });
}

/** @see ISO/IEC 14496-15, 5.3.3.1.2 */
function readParameterSets(init: Uint8Array, avcC: Box): Uint8Array[] {
  const view = viewOf(init);
  const sets: Uint8Array[] = [];
  let at = avcC.bodyStart + 5;
  for (const countMask of [0x1f, 0xff]) {
    const count = view.getUint8(at) & countMask;
    at += 1;
    for (let index = 0; index < count; index++) {
      const length = view.getUint16(at);
      sets.push(init.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
  return sets;
}
