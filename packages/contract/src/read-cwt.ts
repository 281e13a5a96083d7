/** Claims `exp` (RFC 8392 section 4) and `catr` (CTA-5007-B, registry of CWT claims: the CDN renews the token). */
const EXP = 4;
const CATR = 323;
/** Place of the payload in COSE_Mac0 and COSE_Sign1. */
const PAYLOAD_INDEX = 2;
/** Deepest nesting of values. */
const MAX_DEPTH = 8;

/** A CBOR value (RFC 8949), as far as a CWT contains it: texts as bytes, maps as lists of keys and values. */
type Item = number | Uint8Array | Item[];

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
  // Random bytes may be CBOR by chance, so the tag is required: COSE_Mac0 (17), COSE_Sign1 (18) or CWT (61).
  if (![0xd1, 0xd2, 0xd8].includes(bytes[0] ?? 0)) return null;
  try {
    const outer = readCbor(bytes);
    const payload = Array.isArray(outer) && outer.length === 4 && outer[PAYLOAD_INDEX];
    const claims = payload instanceof Uint8Array ? readCbor(fromHexDigits(payload)) : null;
    if (!Array.isArray(claims)) return null;
    const valueOf = (claim: number) =>
      claims.find((_, index) => index % 2 === 1 && claims[index - 1] === claim);
    const exp = valueOf(EXP);
    return { exp: typeof exp === 'number' ? exp : null, isRenewed: valueOf(CATR) !== undefined };
  } catch {
    return null;
  }
}

/** `@eyevinn/cat` writes the payload of a token without the tag 61 as a text of hexadecimal digits. Other bytes stay as they are. */
function fromHexDigits(bytes: Uint8Array): Uint8Array {
  const pairs = /^(?:[\da-f]{2})+$/.test(String.fromCharCode(...bytes)) ? bytes.length / 2 : 0;
  if (pairs === 0) return bytes;
  return Uint8Array.from({ length: pairs }, (_, at) =>
    parseInt(String.fromCharCode(...bytes.subarray(at * 2, at * 2 + 2)), 16),
  );
}

/** Reads one value of definite length that has all the bytes. @throws RangeError for others */
function readCbor(bytes: Uint8Array): Item {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  /** @throws RangeError after the last byte */
  function read(depth: number): Item {
    const first = view.getUint8(at++);
    const [major, info] = [first >> 5, first & 31];
    const size = info < 24 ? 0 : 2 ** (info - 24);
    if (size > 8 || depth > MAX_DEPTH) throw new RangeError();
    let argument = size === 0 ? info : 0;
    if (major === 7 && size > 2) argument = size === 4 ? view.getFloat32(at) : view.getFloat64(at);
    else for (let index = 0; index < size; index += 1) argument = argument * 256 + view.getUint8(at + index);
    at += size;
    if (major === 2 || major === 3) {
      if (argument > bytes.length - at) throw new RangeError();
      at += argument;
      return bytes.subarray(at - argument, at);
    }
    if (major === 6) return read(depth + 1);
    if (major === 1) return -1 - argument;
    if (major === 0 || major === 7) return argument;
    const items: Item[] = [];
    for (let count = argument * (major - 3); count > 0; count -= 1) items.push(read(depth + 1));
    return items;
  }

  const item = read(0);
  if (at < bytes.length) throw new RangeError();
  return item;
}
