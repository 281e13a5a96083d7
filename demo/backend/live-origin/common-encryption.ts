import { createCipheriv, randomBytes } from 'node:crypto';
import { type Box, findBox, findBoxes, viewOf } from './mp4-boxes.js';

/** The key of an encrypted stream, and its ID, 16 bytes each. */
export interface ContentKey {
  readonly id: Uint8Array;
  readonly key: Uint8Array;
}

export function createContentKey(): ContentKey {
  return { id: new Uint8Array(randomBytes(16)), key: new Uint8Array(randomBytes(16)) };
}

/** Boxes that an init segment is nested in, down to the sample entry. */
const SAMPLE_TABLE = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'];
/** Fields of `stsd` before its first entry, and of a visual sample entry before its boxes (ISO/IEC 14496-12, 8.5.2 and 12.1.3). */
const STSD_FIELDS = 8;
const VISUAL_FIELDS = 78;
/** The system ID of a `pssh` box that each key system reads (W3C cenc initialization data). */
const COMMON_SYSTEM = Buffer.from('1077efecc0b24d02ace33c1e52e2fb4b', 'hex');
const IV_BYTES = 8;
const BLOCK_BYTES = 16;
/** The start of a slice stays readable: decoders parse its header before it is decrypted. */
const CLEAR_BYTES = 64;

/**
 * The init segment of a clip whose video is encrypted with the scheme `cenc` (ISO/IEC 23001-7). Sound stays as it is. It has a
 * `pssh` box with the ID of the key.
 */
export function protectInit(init: Uint8Array, { id }: ContentKey): Uint8Array<ArrayBuffer> {
  const path = videoEntryPath(init);
  const entry = path.at(-1);
  if (!entry) throw new RangeError('The init segment has no avc1 entry.');
  const format = init.subarray(entry.start + 4, entry.start + 8);
  const tenc = box('tenc', [0, 0, 0, 0, 0, 0, 1, IV_BYTES], id);
  const sinf = box(
    'sinf',
    box('frma', format),
    box('schm', [0, 0, 0, 0], Buffer.from('cenc'), [0, 1, 0, 0]),
    box('schi', tenc),
  );
  const pssh = box('pssh', [1, 0, 0, 0], COMMON_SYSTEM, [0, 0, 0, 1], id, [0, 0, 0, 0]);
  const [moov] = path;
  const moovEnd = moov?.end ?? init.length;
  const parts = [
    init.subarray(0, entry.end),
    sinf,
    init.subarray(entry.end, moovEnd),
    pssh,
    init.subarray(moovEnd),
  ];
  const result = new Uint8Array(Buffer.concat(parts));
  for (const each of path) addToSize(result, each.start, sinf.length + (each === moov ? pssh.length : 0));
  result.set(Buffer.from('encv'), entry.start + 4);
  return result;
}

/** A segment with its video encrypted, for the init segment of {@link protectInit}. */
export function protectSegment(
  segment: Uint8Array,
  videoTrackId: number,
  { key }: ContentKey,
): Uint8Array<ArrayBuffer> {
  const source = new Uint8Array(segment);
  const moof = findBox(source, 'moof');
  const traf = findBoxes(source, 'traf', moof).find((each) => trackIdOf(source, each) === videoTrackId);
  if (!traf) return source;
  const samples = readSamples(source, moof, traf);
  const entries = samples.map((sample) => encryptSample(sample, key));
  const senc = box('senc', [0, 0, 0, 2], uint32(samples.length), ...entries);
  const saiz = box(
    'saiz',
    [0, 0, 0, 0, 0],
    uint32(samples.length),
    entries.map(({ length }) => length),
  );
  const saioLength = 20;
  const added = saiz.length + saioLength + senc.length;
  // Of the first entry in `senc`, from the start of `moof`.
  const offset = traf.end - moof.start + saiz.length + saioLength + BLOCK_BYTES;
  const saio = box('saio', [0, 0, 0, 0], uint32(1), uint32(offset));
  const result = new Uint8Array(
    Buffer.concat([source.subarray(0, traf.end), saiz, saio, senc, source.subarray(traf.end)]),
  );
  addToSize(result, traf.start, added);
  addToSize(result, moof.start, added);
  for (const each of findBoxes(result, 'moof/traf/trun')) addToSize(result, each.bodyStart + 8, added);
  return result;
}

/** The boxes from `moov` to the sample entry of the video. */
function videoEntryPath(init: Uint8Array): Box[] {
  const moov = findBox(init, 'moov');
  for (const trak of findBoxes(init, 'trak', moov)) {
    const path = [moov, trak];
    for (const type of SAMPLE_TABLE.slice(2)) path.push(findBox(init, type, path.at(-1)));
    const stsd = path.at(-1);
    const [entry] = stsd ? findBoxes(init, 'avc1', { ...stsd, bodyStart: stsd.bodyStart + STSD_FIELDS }) : [];
    if (entry && entry.end - entry.bodyStart > VISUAL_FIELDS) return [...path, entry];
  }
  return [];
}

/** The bytes of each sample, in place. */
function readSamples(bytes: Uint8Array, moof: Box, traf: Box): Uint8Array[] {
  const view = viewOf(bytes);
  const tfhd = findBox(bytes, 'tfhd', traf);
  const tfhdFlags = view.getUint32(tfhd.bodyStart) & 0xff_ffff;
  const sizeAt =
    tfhd.bodyStart + 8 + (tfhdFlags & 0x1 ? 8 : 0) + (tfhdFlags & 0x2 ? 4 : 0) + (tfhdFlags & 0x8 ? 4 : 0);
  const defaultSize = tfhdFlags & 0x10 ? view.getUint32(sizeAt) : 0;
  const samples: Uint8Array[] = [];
  for (const trun of findBoxes(bytes, 'trun', traf)) {
    const flags = view.getUint32(trun.bodyStart) & 0xff_ffff;
    const count = view.getUint32(trun.bodyStart + 4);
    let dataAt = moof.start + view.getUint32(trun.bodyStart + 8);
    let at = trun.bodyStart + 12 + (flags & 0x4 ? 4 : 0);
    for (let index = 0; index < count; index++) {
      if (flags & 0x100) at += 4;
      const size = flags & 0x200 ? view.getUint32(at) : defaultSize;
      for (const flag of [0x200, 0x400, 0x800]) if (flags & flag) at += 4;
      samples.push(bytes.subarray(dataAt, dataAt + size));
      dataAt += size;
    }
  }
  return samples;
}

/**
 * Encrypts the slices of a sample in place (AES-128-CTR): whole blocks, so that the counter fits each NAL unit.
 *
 * @returns its entry in `senc`: the initialization vector, and pairs of clear and encrypted bytes.
 */
function encryptSample(sample: Uint8Array, key: Uint8Array): Uint8Array {
  const vector = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-128-ctr', key, Buffer.concat([vector, Buffer.alloc(IV_BYTES)]));
  const view = viewOf(sample);
  const pairs: Uint8Array[] = [];
  for (let at = 0; at < sample.length;) {
    const length = 4 + view.getUint32(at);
    const isSlice = [1, 5].includes((sample[at + 4] ?? 0) & 0x1f);
    const hidden = isSlice ? Math.max(0, Math.floor((length - CLEAR_BYTES) / BLOCK_BYTES)) * BLOCK_BYTES : 0;
    const clear = length - hidden;
    sample.set(cipher.update(sample.subarray(at + clear, at + length)), at + clear);
    pairs.push(Buffer.concat([uint16(clear), uint32(hidden)]));
    at += length;
  }
  return Buffer.concat([vector, uint16(pairs.length), ...pairs]);
}

function trackIdOf(bytes: Uint8Array, traf: Box): number {
  return viewOf(bytes).getUint32(findBox(bytes, 'tfhd', traf).bodyStart + 4);
}

/** Adds to a 32-bit number in a file: the size of a box, or an offset. */
function addToSize(bytes: Uint8Array, at: number, added: number): void {
  const view = viewOf(bytes);
  view.setUint32(at, view.getUint32(at) + added);
}

function box(type: string, ...parts: readonly (Uint8Array | readonly number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([uint32(body.length + 8), Buffer.from(type), body]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
