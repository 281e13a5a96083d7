import { BitReader } from './bit-reader.js';
import type { PictureIdField, PictureSize } from './picture-fields.js';

const FLAG = { pictureId: 0x80, predicted: 0x40, layers: 0x20, flexible: 0x10, start: 0x08, structure: 0x02 };
/** Limits the list of reference pictures: three is the most that RFC 9628 has. */
const MAX_REFERENCES = 3;

/** The position of each field in a VP9 payload descriptor, up to the scalability structure. */
interface Descriptor {
  readonly flags: number;
  readonly pictureId: { readonly offset: number; readonly isLong: boolean } | undefined;
  readonly spatialLayer: number;
  readonly levelIndexAt: number | undefined;
  readonly structureAt: number;
}

/** @see https://www.rfc-editor.org/rfc/rfc9628#section-4.2 */
function readDescriptor(payload: Uint8Array): Descriptor {
  const flags = payload[0] ?? 0;
  const isFlexible = (flags & FLAG.flexible) !== 0;
  let at = 1;
  let pictureId: Descriptor['pictureId'];
  if ((flags & FLAG.pictureId) !== 0) {
    pictureId = { offset: at, isLong: ((payload[at] ?? 0) & 0x80) !== 0 };
    at += pictureId.isLong ? 2 : 1;
  }
  let spatialLayer = 0;
  let levelIndexAt: number | undefined;
  if ((flags & FLAG.layers) !== 0) {
    spatialLayer = ((payload[at] ?? 0) >> 1) & 0x07;
    at += 1;
    if (!isFlexible) {
      levelIndexAt = at;
      at += 1;
    }
  }
  if (isFlexible && (flags & FLAG.predicted) !== 0) {
    for (let count = 1; count <= MAX_REFERENCES; count += 1) {
      const hasNext = ((payload[at] ?? 0) & 1) !== 0;
      at += 1;
      if (!hasNext) break;
    }
  }
  return { flags, pictureId, spatialLayer, levelIndexAt, structureAt: at };
}

/** Whether a VP9 RTP payload is the first one of a keyframe: of its lowest spatial layer. */
export function startsVp9Keyframe(payload: Uint8Array): boolean {
  if (payload.length < 2) return false;
  const { flags, spatialLayer } = readDescriptor(payload);
  return (flags & FLAG.predicted) === 0 && (flags & FLAG.start) !== 0 && spatialLayer === 0;
}

/** The picture size of the highest spatial layer, if the payload has a scalability structure. */
export function vp9PictureSize(payload: Uint8Array): PictureSize | undefined {
  const { flags, structureAt } = readDescriptor(payload);
  if ((flags & FLAG.structure) === 0) return undefined;
  const bits = new BitReader(payload.subarray(structureAt));
  const layersBelow = bits.read(3);
  const hasSizes = bits.read(1) === 1;
  bits.skip(4);
  if (!hasSizes) return undefined;
  for (let layer = 0; layer < layersBelow; layer += 1) bits.skip(32);
  return { width: bits.read(16), height: bits.read(16) };
}

/** Where the counters of a payload descriptor are. */
export function vp9PictureId(payload: Uint8Array): PictureIdField | undefined {
  const { pictureId, levelIndexAt, structureAt } = readDescriptor(payload);
  return pictureId && structureAt < payload.length ? { ...pictureId, levelIndexAt } : undefined;
}
