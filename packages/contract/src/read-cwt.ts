/** Deepest nesting of the values that are skipped. */
const MAX_DEPTH = 8;
/** Claim `exp` of RFC 8392 section 4. */
const EXP = 4;
/** Claim `catr` of CTA-5007-B, in the registry of CWT claims: the CDN renews the token. */
const CATR = 323;
/** Place of the payload in COSE_Mac0 and COSE_Sign1. */
const PAYLOAD_INDEX = 2;

/** First bytes of the tags COSE_Mac0 (17), COSE_Sign1 (18) and CWT (61). */
const TAGS = new Set([0xd1, 0xd2, 0xd8]);

/** A CBOR value (RFC 8949), as far as a CWT contains it: maps and arrays as lists. */
type Item = number | Uint8Array | readonly Item[] | null;

/** What a client needs to know of a CBOR Web Token. */
export interface CwtFacts {
  /** Claim `exp`, in seconds since 1970. */
  readonly exp: number | null;
  /** Has it the claim `catr`, so that the CDN renews it? */
  readonly isRenewed: boolean;
}

/**
 * Reads a CBOR Web Token (RFC 8392) in COSE_Mac0 or COSE_Sign1 (RFC 9052), as Common Access Tokens (CTA-5007-B) have it. `null` for
 * other bytes. The signature is not verified.
 */
export function readCwt(bytes: Uint8Array): CwtFacts | null {
  // Random bytes may be CBOR by chance, so the tag is required.
  if (!TAGS.has(bytes[0] ?? 0)) return null;
  const reader = new CborReader(bytes);
  const [outer] = reader.read() ?? [];
  if (!reader.isAtEnd) return null;
  const payload = Array.isArray(outer) && outer.length === 4 ? (outer as Item[])[PAYLOAD_INDEX] : null;
  if (!(payload instanceof Uint8Array)) return null;
  const [claims] = new CborReader(payload).read() ?? [];
  if (!Array.isArray(claims)) return null;
  const pairs = claims as Item[];
  const facts = { exp: null as number | null, isRenewed: false };
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const value = pairs[at + 1];
    if (pairs[at] === EXP && typeof value === 'number') facts.exp = value;
    facts.isRenewed ||= pairs[at] === CATR;
  }
  return facts;
}

/** Reads one CBOR value. Each byte is read at most once. */
class CborReader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The value in a list, because a value can be `null`; `null` if the bytes are not CBOR of definite length. */
  read(depth = 0): [Item] | null {
    const first = this.#bytes[this.#at++];
    if (first === undefined || depth > MAX_DEPTH) return null;
    const major = first >> 5;
    const info = first & 31;
    const size = info < 24 ? 0 : 2 ** (info - 24);
    if (size > 8 || this.#at + size > this.#bytes.length) return null;
    if (major === 7) {
      const number = this.#float(size);
      this.#at += size;
      return [number];
    }
    const argument = size === 0 ? info : this.#unsigned(size);
    this.#at += size;
    switch (major) {
      case 0:
        return [argument];
      case 1:
        return [-1 - argument];
      case 2:
      case 3: {
        if (argument > this.#bytes.length - this.#at) return null;
        this.#at += argument;
        return [this.#bytes.subarray(this.#at - argument, this.#at)];
      }
      case 6:
        return this.read(depth + 1);
      default:
        return this.#list(major === 5 ? argument * 2 : argument, depth);
    }
  }

  #list(count: number, depth: number): [Item] | null {
    const items: Item[] = [];
    for (let index = 0; index < count; index += 1) {
      const item = this.read(depth + 1);
      if (item === null) return null;
      items.push(item[0]);
    }
    return [items];
  }

  #unsigned(size: number): number {
    if (size === 8) return Number(this.#view.getBigUint64(this.#at));
    return size === 4
      ? this.#view.getUint32(this.#at)
      : size === 2
        ? this.#view.getUint16(this.#at)
        : this.#view.getUint8(this.#at);
  }

  #float(size: number): number | null {
    if (size === 8) return this.#view.getFloat64(this.#at);
    return size === 4 ? this.#view.getFloat32(this.#at) : null;
  }
}
