import { BitReader } from './bit-reader.js';
import type { PictureSize } from './picture-fields.js';

/** Bits of the aggregation header. */
const FLAG = { continues: 0x80, count: 0x30, newSequence: 0x08 };
const SEQUENCE_HEADER = 1;
const TEMPORAL_DELIMITER = 2;
/** A value of more bytes has more than 32 bits. */
const MAX_LEB128_BYTES = 5;

/**
 * Whether an AV1 RTP payload is the first one of a keyframe: of a new coded video sequence, or with a sequence header in front.
 * @see https://aomediacodec.github.io/av1-rtp-spec/#44-av1-aggregation-header
 */
export function startsAv1Keyframe(payload: Uint8Array): boolean {
  const header = payload[0] ?? 0;
  if ((header & FLAG.continues) !== 0) return false;
  return (header & FLAG.newSequence) !== 0 || findSequenceHeader(payload) !== undefined;
}

/** The largest picture size, if the payload has a whole sequence header. @throws RangeError if that is not valid. */
export function av1PictureSize(payload: Uint8Array): PictureSize | undefined {
  const header = findSequenceHeader(payload);
  return header && readSize(new BitReader(header));
}

/** The content of the sequence header, which is the first element, or follows a temporal delimiter. */
function findSequenceHeader(payload: Uint8Array): Uint8Array | undefined {
  const header = payload[0] ?? 0;
  if ((header & FLAG.continues) !== 0) return undefined;
  const count = (header & FLAG.count) >> 4;
  let at = 1;
  for (let index = 1; index <= 2 && at < payload.length; index += 1) {
    let length = payload.length - at;
    // The last element has no length if their number is known.
    if (index !== count) {
      const read = readLeb128(payload, at);
      if (!read) return undefined;
      length = read.value;
      at = read.end;
    }
    const element = payload.subarray(at, at + length);
    const first = element[0] ?? 0;
    const type = (first >> 3) & 0x0f;
    if (type === SEQUENCE_HEADER) return contentOf(element, first);
    if (type !== TEMPORAL_DELIMITER) return undefined;
    at += length;
  }
  return undefined;
}

/** What follows the header of an OBU, and its size if it has one. */
function contentOf(element: Uint8Array, first: number): Uint8Array | undefined {
  let at = (first & 0x04) !== 0 ? 2 : 1;
  if ((first & 0x02) !== 0) at = readLeb128(element, at)?.end ?? element.length;
  return at < element.length ? element.subarray(at) : undefined;
}

function readLeb128(bytes: Uint8Array, start: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let index = 0; index < MAX_LEB128_BYTES; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if ((byte & 0x80) === 0) return { value, end: start + index + 1 };
  }
  return undefined;
}

/** Reads the size of a sequence header (AV1 specification, section 5.5). Streams with timing information have none here. */
function readSize(bits: BitReader): PictureSize | undefined {
  bits.skip(3 + 1);
  if (bits.read(1) === 1) bits.skip(5);
  else if (bits.read(1) === 1) return undefined;
  else skipOperatingPoints(bits);
  const widthBits = bits.read(4) + 1;
  const heightBits = bits.read(4) + 1;
  return { width: bits.read(widthBits) + 1, height: bits.read(heightBits) + 1 };
}

function skipOperatingPoints(bits: BitReader): void {
  const hasDelay = bits.read(1) === 1;
  const count = bits.read(5) + 1;
  for (let index = 0; index < count; index += 1) {
    bits.skip(12);
    // The tier is only there for levels above 3.3.
    if (bits.read(5) > 7) bits.skip(1);
    if (hasDelay && bits.read(1) === 1) bits.skip(4);
  }
}
