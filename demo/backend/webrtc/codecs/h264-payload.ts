import { parseSequenceParameters } from './h264-parameter-sets.js';
import type { PictureSize } from './picture-fields.js';

/** NAL unit types (H.264, table 7-1) and RTP packet types (RFC 6184). */
const NAL = { idr: 5, sps: 7, stapA: 24, fuA: 28 } as const;
const TYPE_MASK = 0x1f;
const FU_START = 0x80;

/**
 * Whether an H.264 RTP payload has the start of a keyframe: its parameter sets, or its first slice. Decoding can begin with
 * this packet, if the sender repeats the parameter sets with each keyframe.
 * @see https://www.rfc-editor.org/rfc/rfc6184#section-5.2
 */
export function startsH264Keyframe(payload: Uint8Array): boolean {
  const type = typeAt(payload, 0);
  if (type === NAL.fuA) return isKeyType(typeAt(payload, 1)) && ((payload[1] ?? 0) & FU_START) !== 0;
  if (type !== NAL.stapA) return isKeyType(type);
  for (let offset = 1; offset + 2 < payload.length;) {
    if (isKeyType(typeAt(payload, offset + 2))) return true;
    offset += 2 + (((payload[offset] ?? 0) << 8) | (payload[offset + 1] ?? 0));
  }
  return false;
}

/** The picture size, if the payload has a sequence parameter set. @throws RangeError if that is not valid. */
export function h264PictureSize(payload: Uint8Array): PictureSize | undefined {
  const sps = findSequenceParameters(payload);
  return sps && parseSequenceParameters(sps);
}

/** Returns the sequence parameter set in an H.264 RTP payload, if it is there as a whole. */
function findSequenceParameters(payload: Uint8Array): Uint8Array | undefined {
  const type = typeAt(payload, 0);
  if (type === NAL.sps) return payload;
  if (type !== NAL.stapA) return undefined;
  for (let offset = 1; offset + 2 < payload.length;) {
    const size = ((payload[offset] ?? 0) << 8) | (payload[offset + 1] ?? 0);
    if (typeAt(payload, offset + 2) === NAL.sps) return payload.subarray(offset + 2, offset + 2 + size);
    offset += 2 + size;
  }
  return undefined;
}

function typeAt(payload: Uint8Array, offset: number): number {
  return (payload[offset] ?? 0) & TYPE_MASK;
}

function isKeyType(type: number): boolean {
  return type === NAL.idr || type === NAL.sps;
}
