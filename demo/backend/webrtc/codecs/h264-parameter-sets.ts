import { BitReader } from './bit-reader.js';

/** Values of an H.264 sequence parameter set that an MP4 track header needs. */
export interface SequenceParameters {
  readonly width: number;
  readonly height: number;
}

/** Profiles whose SPS has chroma and scaling fields (H.264, 7.3.2.1.1). */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/**
 * Reads the picture size, after cropping, from an SPS.
 * @throws RangeError if the SPS is truncated or invalid, or the picture size is invalid.
 * @see ITU-T H.264 section 7.3.2.1.1
 */
export function parseSequenceParameters(sps: Uint8Array): SequenceParameters {
  const bits = new BitReader(unescapeNalUnit(sps));
  bits.skip(8);
  const profile = bits.read(8);
  bits.skip(16);
  bits.golomb();
  let chromaFormat = 1;
  if (HIGH_PROFILES.has(profile)) {
    chromaFormat = bits.golomb();
    if (chromaFormat === 3) bits.skip(1);
    bits.golomb();
    bits.golomb();
    bits.skip(1);
    if (bits.read(1) === 1) skipScalingMatrix(bits, chromaFormat === 3 ? 12 : 8);
  }
  bits.golomb();
  skipPictureOrderCount(bits);
  bits.golomb();
  bits.skip(1);
  const widthInBlocks = bits.golomb() + 1;
  const heightInMapUnits = bits.golomb() + 1;
  const isFrameOnly = bits.read(1) === 1;
  if (!isFrameOnly) bits.skip(1);
  bits.skip(1);
  const hasCrop = bits.read(1) === 1;
  const [left, right, top, bottom] = hasCrop
    ? [bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()]
    : [0, 0, 0, 0];
  const fieldFactor = isFrameOnly ? 1 : 2;
  const cropX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1;
  const cropY = (chromaFormat === 1 ? 2 : 1) * fieldFactor;
  const width = widthInBlocks * 16 - (left + right) * cropX;
  const height = heightInMapUnits * 16 * fieldFactor - (top + bottom) * cropY;
  if (width <= 0 || height <= 0 || width > 16384 || height > 16384) {
    throw new RangeError(`Invalid picture size ${width}x${height}.`);
  }
  return { width, height };
}

function skipPictureOrderCount(bits: BitReader): void {
  const type = bits.golomb();
  if (type === 0) {
    bits.golomb();
  } else if (type === 1) {
    bits.skip(1);
    bits.golomb();
    bits.golomb();
    const cycle = bits.golomb();
    for (let i = 0; i < cycle; i += 1) bits.golomb();
  }
}

function skipScalingMatrix(bits: BitReader, lists: number): void {
  for (let list = 0; list < lists; list += 1) {
    if (bits.read(1) === 0) continue;
    const size = list < 6 ? 16 : 64;
    let last = 8;
    let next = 8;
    for (let i = 0; i < size; i += 1) {
      if (next !== 0) next = (last + bits.signedGolomb() + 256) % 256;
      if (next !== 0) last = next;
    }
  }
}

/** Removes the emulation prevention bytes: replaces 00 00 03 with 00 00 (H.264, 7.4.1). */
function unescapeNalUnit(nalUnit: Uint8Array): Uint8Array {
  const bytes: number[] = [];
  let zeros = 0;
  for (const byte of nalUnit) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
