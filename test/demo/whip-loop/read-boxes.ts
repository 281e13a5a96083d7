/** A sample in a fragment, read from the bytes alone, so that it can verify the writer. */
export interface ReadSample {
  readonly ticks: number;
  readonly bytes: Uint8Array;
  readonly isKeyframe: boolean;
}

export interface ReadTrackRun {
  readonly trackId: number;
  readonly startTicks: number;
  readonly samples: readonly ReadSample[];
}

interface ReadBox {
  readonly type: string;
  readonly start: number;
  readonly body: Uint8Array;
}

/** Bytes before the child boxes, for box types with fields and children. */
const CHILDREN_AT: Record<string, number> = {
  moov: 0,
  trak: 0,
  mdia: 0,
  minf: 0,
  stbl: 0,
  dinf: 0,
  mvex: 0,
  moof: 0,
  traf: 0,
  stsd: 8,
  dref: 8,
  avc1: 78,
  Opus: 28,
};

function listBoxes(bytes: Uint8Array): ReadBox[] {
  const boxes: ReadBox[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start < bytes.length;) {
    const size = view.getUint32(start);
    if (size < 8 || start + size > bytes.length) throw new RangeError(`Box of ${size} bytes at ${start}`);
    const type = Buffer.from(bytes.subarray(start + 4, start + 8)).toString('latin1');
    boxes.push({ type, start, body: bytes.subarray(start + 8, start + size) });
    start += size;
  }
  return boxes;
}

/** Types of all boxes, depth first. Throws when box sizes are inconsistent. */
export function boxNames(bytes: Uint8Array): string[] {
  return listBoxes(bytes).flatMap(({ type, body }) => {
    const offset = CHILDREN_AT[type];
    return offset === undefined ? [type] : [type, ...boxNames(body.subarray(offset))];
  });
}

/** Every track run of a segment. */
export function trackRuns(segment: Uint8Array): ReadTrackRun[] {
  return listBoxes(segment)
    .filter(({ type }) => type === 'moof')
    .flatMap((moof) =>
      listBoxes(moof.body)
        .filter(({ type }) => type === 'traf')
        .map((traf) => readRun(segment, moof.start, traf)),
    );
}

function readRun(segment: Uint8Array, moofStart: number, traf: ReadBox): ReadTrackRun {
  const fields = (type: string) => {
    const box = listBoxes(traf.body).find((child) => child.type === type);
    if (!box) throw new RangeError(`A track fragment without ${type}`);
    return new DataView(box.body.buffer, box.body.byteOffset, box.body.byteLength);
  };
  const run = fields('trun');
  let dataAt = moofStart + run.getInt32(8);
  const samples = Array.from({ length: run.getUint32(4) }, (_, index) => {
    const at = 12 + index * 12;
    const size = run.getUint32(at + 4);
    const bytes = segment.subarray(dataAt, dataAt + size);
    dataAt += size;
    return { ticks: run.getUint32(at), bytes, isKeyframe: (run.getUint32(at + 8) & 0x10000) === 0 };
  });
  return {
    trackId: fields('tfhd').getUint32(4),
    startTicks: Number(fields('tfdt').getBigUint64(4)),
    samples,
  };
}
