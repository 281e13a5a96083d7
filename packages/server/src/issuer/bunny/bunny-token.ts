import ipaddr from 'ipaddr.js';
import { equalTexts, fromBase64, toBase64Url, utf8 } from '../bytes.js';
import { hmacKey } from '../hmac.js';
import { importOnce } from '../secret.js';

/** `HS256` is the documented form. `SHA256` is the one of before, which Bunny still accepts. */
export type BunnyAlgorithm = 'HS256' | 'SHA256';

/** Parameters that are signed and sent, by name, with their values as they are before percent-encoding. */
export type BunnyParameters = Readonly<Partial<Record<string, string>>>;

/** What a signature is made of. */
export interface BunnyContent {
  /** `token_path`, or else the decoded path of the file. */
  readonly path: string;
  /** The field `expires` as it is sent. */
  readonly expires: string;
  readonly parameters: BunnyParameters;
  /** Address of the viewer. It is signed, but not sent. */
  readonly ip?: string | undefined;
}

const HMAC_TOKEN = /^HS256-(1-)?([\w-]{43})$/;
const HASH_TOKEN = /^[\w-]{43}$/;

const importKey = importOnce((securityKey) => hmacKey(utf8(securityKey), 'SHA-256'));

/** What the text of a token says; `null` for another text. */
export function readBunnyToken(
  token: string,
): { algorithm: BunnyAlgorithm; isBoundToIp: boolean; signature: string } | null {
  const [, flag, signature] = HMAC_TOKEN.exec(token) ?? [];
  if (signature !== undefined) return { algorithm: 'HS256', isBoundToIp: flag !== undefined, signature };
  return HASH_TOKEN.test(token) ? { algorithm: 'SHA256', isBoundToIp: false, signature: token } : null;
}

/** Signs with the token authentication key of a pull zone. */
export async function writeBunnyToken(
  securityKey: string,
  algorithm: BunnyAlgorithm,
  content: BunnyContent,
): Promise<string> {
  if (algorithm === 'SHA256') return toBase64Url(await hashOf(securityKey, content));
  const key = await importKey(securityKey);
  const flag = content.ip === undefined ? '' : '1-';
  return `HS256-${flag}${toBase64Url(await key.sign(messageOf(content)))}`;
}

/** Was the signature made with the key, for this content? Compares in constant time. */
export async function isBunnySignature(
  securityKey: string,
  algorithm: BunnyAlgorithm,
  content: BunnyContent,
  signature: string,
): Promise<boolean> {
  const bytes = fromBase64(signature);
  // A second spelling of the same bytes would pass a list of refused tokens.
  if (bytes === null || toBase64Url(bytes) !== signature) return false;
  return algorithm === 'HS256'
    ? (await importKey(securityKey)).verify(messageOf(content), bytes)
    : equalTexts(toBase64Url(await hashOf(securityKey, content)), signature);
}

/** The parameters, sorted by the characters of their names. */
export function sortedParameters(parameters: BunnyParameters): [string, string][] {
  return Object.entries(parameters)
    .map(([name, value = '']): [string, string] => [name, value])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Path, end, the bytes of the address, parameters: the order of Bunny's libraries since 2.1. */
function messageOf({ path, expires, parameters, ip }: BunnyContent): Uint8Array<ArrayBuffer> {
  const address = ip === undefined ? [] : addressBytes(ip);
  return Uint8Array.from([...utf8(path + expires), ...address, ...utf8(dataOf(parameters))]);
}

async function hashOf(
  securityKey: string,
  { path, expires, parameters, ip = '' }: BunnyContent,
): Promise<Uint8Array<ArrayBuffer>> {
  const text = `${securityKey}${path}${expires}${ip}${dataOf(parameters)}`;
  return new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text)));
}

function dataOf(parameters: BunnyParameters): string {
  return sortedParameters(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** Four bytes of IPv4; of IPv6, the network of 64 bits and as many zeros. */
function addressBytes(ip: string): number[] {
  const parsed = ipaddr.process(ip);
  const bytes = parsed.toByteArray();
  return parsed.kind() === 'ipv4' ? bytes : [...bytes.slice(0, 8), ...new Array<number>(8).fill(0)];
}
