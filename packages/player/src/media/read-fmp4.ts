/** A track of an init segment. */
export interface Fmp4Track {
  readonly id: number;
  /** Units per second. */
  readonly timescale: number;
  /** ISO/IEC 14496-12 section 8.4.3: `vide`, `soun`, … */
  readonly handler: string;
  /** Type of the first sample entry, with which its RFC 6381 codecs begin: `avc1`, `mp4a`, …; `encv` if it is encrypted. */
  readonly entry: string;
}

interface Box {
  readonly type: string;
  readonly body: DataView;
}

/** Boxes of an ISO base media file (ISO/IEC 14496-12 section 4.2). Ends at the first one that is cut. */
function* boxesOf(view: DataView): Generator<Box> {
  for (let at = 0; at + 8 <= view.byteLength;) {
    const size = view.getUint32(at);
    // 1: a 64-bit size follows, which no box needs that is read here; 0: until the end.
    const isLarge = size === 1 && at + 16 <= view.byteLength;
    const length = isLarge ? Number(view.getBigUint64(at + 8)) : size === 0 ? view.byteLength - at : size;
    const head = isLarge ? 16 : 8;
    if (length < head || at + length > view.byteLength) return;
    yield { type: textAt(view, at + 4), body: partOf(view, at + head, length - head) };
    at += length;
  }
}

/** All boxes at a path, in their order. */
function find(view: DataView, [type, ...inner]: readonly string[]): DataView[] {
  if (type === undefined) return [view];
  return [...boxesOf(view)].filter((box) => box.type === type).flatMap(({ body }) => find(body, inner));
}

/**
 * Reads the tracks of an init segment. Pure; takes a time that grows no faster than the bytes.
 *
 * @returns the tracks in their order; none for bytes that are not an init segment.
 */
export function readTracks(bytes: ArrayBuffer): Fmp4Track[] {
  return find(new DataView(bytes), ['moov', 'trak']).flatMap((trak) => {
    const [tkhd] = find(trak, ['tkhd']);
    const [mdhd] = find(trak, ['mdia', 'mdhd']);
    const [hdlr] = find(trak, ['mdia', 'hdlr']);
    const [stsd] = find(trak, ['mdia', 'minf', 'stbl', 'stsd']);
    if (!tkhd || !mdhd || !hdlr || !stsd) return [];
    try {
      // After version, flags and two times, which are 64-bit in version 1.
      const id = tkhd.getUint32(tkhd.getUint8(0) === 1 ? 20 : 12);
      const timescale = mdhd.getUint32(mdhd.getUint8(0) === 1 ? 20 : 12);
      return timescale > 0 ? [{ id, timescale, handler: textAt(hdlr, 8), entry: textAt(stsd, 12) }] : [];
    } catch {
      // It is shorter than its fields.
      return [];
    }
  });
}

/**
 * Reads where the media of a segment begin on their own timeline. Pure; takes a time that grows no faster than the bytes.
 *
 * @returns seconds: the earliest decode time of all tracks, from which hls.js counts too; `null` if there is none.
 */
export function readDecodeTime(bytes: ArrayBuffer, tracks: readonly Fmp4Track[]): number | null {
  const times = find(new DataView(bytes), ['moof', 'traf']).flatMap((traf) => {
    const [tfhd] = find(traf, ['tfhd']);
    const [tfdt] = find(traf, ['tfdt']);
    if (!tfhd || !tfdt) return [];
    try {
      const id = tfhd.getUint32(4);
      const track = tracks.find((each) => each.id === id);
      const time = tfdt.getUint8(0) === 1 ? Number(tfdt.getBigUint64(4)) : tfdt.getUint32(4);
      return track ? [time / track.timescale] : [];
    } catch {
      return [];
    }
  });
  return times.length > 0 ? times.reduce((least, time) => Math.min(least, time)) : null;
}

function textAt(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(at + index)));
}

function partOf(view: DataView, at: number, length: number): DataView {
  return new DataView(view.buffer, view.byteOffset + at, length);
}
