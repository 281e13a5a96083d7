import { utf8 } from '../bytes.js';

/** A value with a tag (RFC 8949 section 3.4). */
export class CborTag {
  constructor(
    readonly tag: number,
    readonly value: CborValue,
  ) {}
}

/** The values that a CBOR Web Token contains. */
export type CborValue =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<CborValue, CborValue>
  | CborTag;

/** Deepest nesting of values. */
const MAX_DEPTH = 12;

/** Encodes a value in the deterministic form of RFC 8949 section 4.2.1, with the keys of a map in the order of the map. */
export function encodeCbor(value: CborValue): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  write(value);
  return Uint8Array.from(bytes);

  function head(major: number, argument: number): void {
    const size =
      argument < 24 ? 0 : argument < 0x100 ? 1 : argument < 0x10000 ? 2 : argument < 2 ** 32 ? 4 : 8;
    bytes.push((major << 5) | (size === 0 ? argument : 24 + Math.log2(size)));
    for (let at = size - 1; at >= 0; at -= 1) bytes.push(Math.floor(argument / 256 ** at) % 256);
  }

  function write(item: CborValue): void {
    if (typeof item === 'number') {
      if (!Number.isSafeInteger(item))
        throw new TypeError('A number in a CBOR Web Token must be an integer.');
      head(item < 0 ? 1 : 0, item < 0 ? -1 - item : item);
    } else if (typeof item === 'string') {
      const text = utf8(item);
      head(3, text.length);
      bytes.push(...text);
    } else if (item === null || typeof item === 'boolean') {
      bytes.push(item === null ? 0xf6 : item ? 0xf5 : 0xf4);
    } else if (item instanceof Uint8Array) {
      head(2, item.length);
      bytes.push(...item);
    } else if (item instanceof CborTag) {
      head(6, item.tag);
      write(item.value);
    } else if (item instanceof Map) {
      const map = item as ReadonlyMap<CborValue, CborValue>;
      head(5, map.size);
      for (const pair of map) pair.forEach(write);
    } else {
      const list = item as readonly CborValue[];
      head(4, list.length);
      list.forEach(write);
    }
  }
}

/**
 * Decodes one value of definite length that has all the bytes.
 *
 * @throws RangeError for other bytes, and for a map with the same key twice.
 */
export function decodeCbor(bytes: Uint8Array): CborValue {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const item = read(0);
  if (at < bytes.length) throw new RangeError('More bytes follow the value.');
  return item;

  function read(depth: number): CborValue {
    const first = view.getUint8(at++);
    const [major, info] = [first >> 5, first & 31];
    const size = info < 24 ? 0 : 2 ** (info - 24);
    if (size > 8 || depth > MAX_DEPTH)
      throw new RangeError('The value has no definite length, or is nested too deeply.');
    if (major === 7) return readSimple(info, size);
    let argument = size === 0 ? info : 0;
    for (let index = 0; index < size; index += 1) argument = argument * 256 + view.getUint8(at++);
    if (major === 0) return argument;
    if (major === 1) return -1 - argument;
    if (major === 6) return new CborTag(argument, read(depth + 1));
    if (argument > bytes.length - at) throw new RangeError('The value is longer than the bytes.');
    if (major === 2 || major === 3) {
      at += argument;
      const part = bytes.slice(at - argument, at);
      return major === 2 ? part : new TextDecoder('utf-8', { fatal: true }).decode(part);
    }
    if (major === 4) return Array.from({ length: argument }, () => read(depth + 1));
    const map = new Map<CborValue, CborValue>();
    for (let count = 0; count < argument; count += 1) {
      const key = read(depth + 1);
      if (map.has(key)) throw new RangeError('A map has the same key twice.');
      map.set(key, read(depth + 1));
    }
    return map;
  }

  function readSimple(info: number, size: number): CborValue {
    at += size;
    if (size === 4) return view.getFloat32(at - 4);
    if (size === 8) return view.getFloat64(at - 8);
    if (info === 20 || info === 21) return info === 21;
    if (info === 22 || info === 23) return null;
    throw new RangeError('The simple value is not known.');
  }
}
