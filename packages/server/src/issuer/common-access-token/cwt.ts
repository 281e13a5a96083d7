import { fromBase64, fromHex, toBase64Url } from '../bytes.js';
import { CborTag, decodeCbor, encodeCbor, type CborValue } from './cbor.js';

/** CBOR tags of a CWT (RFC 8392 section 6) and of COSE_Mac0 (RFC 9052 section 2). */
const CWT_TAG = 61;
const MAC0_TAG = 17;
/** COSE header parameters `alg` and `kid`, and the algorithm HMAC 256/256 (RFC 9053 section 3.1). */
const ALG = 1;
const KID = 4;
const HMAC_256 = 5;
const NO_BYTES = new Uint8Array();
/** Longer tokens are not read. */
const LONGEST = 16_384;

/** Claims by their number in the registry. */
export type CwtClaims = ReadonlyMap<CborValue, CborValue>;

/** A token as it was read, without its MAC being verified. */
export interface ReadCwt {
  readonly claims: CwtClaims;
  readonly keyId: string | undefined;
  readonly alg: CborValue | undefined;
  /** Bytes of the MAC, and those that it covers. */
  readonly mac: Uint8Array<ArrayBuffer>;
  readonly signed: Uint8Array<ArrayBuffer>;
}

/** Imports a shared key. */
export function cwtKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}

/** Writes a CWT in COSE_Mac0 with HMAC 256/256, with the tags 61 and 17, in base64url. */
export async function writeCwt(claims: CwtClaims, key: CryptoKey, keyId: string): Promise<string> {
  const headers = encodeCbor(new Map([[ALG, HMAC_256]]));
  const payload = encodeCbor(claims);
  const mac = await crypto.subtle.sign('HMAC', key, macStructure(headers, payload));
  const message = [headers, new Map([[KID, new TextEncoder().encode(keyId)]]), payload, new Uint8Array(mac)];
  return toBase64Url(encodeCbor(new CborTag(CWT_TAG, new CborTag(MAC0_TAG, message))));
}

/** Reads a CWT in COSE_Mac0, with one tag or both; `null` for another text. */
export function readCwt(token: string): ReadCwt | null {
  const bytes = token.length > LONGEST ? null : fromBase64(token);
  try {
    return bytes && readMac0(decodeCbor(bytes));
  } catch {
    return null;
  }
}

/** Verifies the MAC in constant time. */
export function hasValidMac({ alg, mac, signed }: ReadCwt, key: CryptoKey): Promise<boolean> {
  if (alg !== HMAC_256) return Promise.resolve(false);
  return crypto.subtle.verify('HMAC', key, mac, signed);
}

function readMac0(value: CborValue): ReadCwt | null {
  const inner = value instanceof CborTag && value.tag === CWT_TAG ? value.value : value;
  if (!(inner instanceof CborTag) || inner.tag !== MAC0_TAG || !Array.isArray(inner.value)) return null;
  const [headers, open, payload, mac, ...rest] = inner.value as readonly CborValue[];
  if (!(headers instanceof Uint8Array) || !(open instanceof Map) || !(mac instanceof Uint8Array)) return null;
  if (rest.length > 0 || (typeof payload !== 'string' && !(payload instanceof Uint8Array))) return null;
  // @eyevinn/cat writes the payload of a token without tag 61 as a text of hexadecimal digits.
  const encoded = typeof payload === 'string' ? fromHex(payload) : payload;
  const claims = encoded && decodeCbor(encoded);
  const protectedHeaders = decodeCbor(headers);
  if (!(claims instanceof Map) || !(protectedHeaders instanceof Map)) return null;
  const kid = (protectedHeaders.get(KID) ?? open.get(KID)) as CborValue | undefined;
  return {
    claims,
    keyId: kid instanceof Uint8Array ? new TextDecoder().decode(kid) : undefined,
    alg: protectedHeaders.get(ALG) as CborValue | undefined,
    mac: Uint8Array.from(mac),
    signed: macStructure(headers, payload),
  };
}

/** The bytes that the MAC covers: `MAC_structure` of RFC 9052 section 6.3. */
function macStructure(headers: Uint8Array, payload: CborValue): Uint8Array<ArrayBuffer> {
  return encodeCbor(['MAC0', headers, NO_BYTES, payload]);
}
