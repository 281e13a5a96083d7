import * as v from 'valibot';
import { fromBase64, toBase64Url, utf8 } from '../bytes.js';
import { hmacKey } from '../hmac.js';
import { withoutFields } from '../request-fields.js';
import { importOnce } from '../secret.js';

const ms = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Members that OvenMediaEngine reads. It ignores others. */
const policySchema = v.object({
  url_activate: v.optional(ms),
  url_expire: ms,
  stream_expire: v.optional(ms),
  allow_ip: v.optional(v.string()),
  real_ip: v.optional(v.string()),
});

/** A policy of OvenMediaEngine. Times are milliseconds since 1970. */
export type SignedPolicy = v.InferOutput<typeof policySchema>;

/** Names of the query fields, as `Server.xml` configures them. */
export interface QueryKeyNames {
  /** `PolicyQueryKeyName` */
  readonly policy: string;
  /** `SignatureQueryKeyName` */
  readonly signature: string;
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

const importKey = importOnce((secretKey) => hmacKey(utf8(secretKey), 'SHA-1'));

/** A policy as it is sent: JSON in base64url without padding. */
export function encodePolicy(policy: SignedPolicy): string {
  return toBase64Url(utf8(JSON.stringify(policy)));
}

/** Reads a policy; `null` for another text. */
export function decodePolicy(encoded: string): SignedPolicy | null {
  const bytes = fromBase64(encoded);
  if (bytes === null) return null;
  try {
    const { success, output } = v.safeParse(policySchema, JSON.parse(new TextDecoder().decode(bytes)));
    return success ? output : null;
  } catch {
    return null;
  }
}

/** The end of a policy in seconds: after the first of its two ends, it opens nothing. */
export function endOfPolicy({ url_expire: url, stream_expire: stream = url }: SignedPolicy): number {
  return Math.floor(Math.min(url, stream) / 1000);
}

/** Signs an address that has the policy in its query: HMAC-SHA1, base64url. */
export async function signAddress(secretKey: string, address: string): Promise<string> {
  return toBase64Url(await (await importKey(secretKey)).sign(address));
}

/** Is the signature of an address right? Compares in constant time. */
export async function isSignatureOf(secretKey: string, address: string, signature: string): Promise<boolean> {
  const bytes = fromBase64(signature);
  if (bytes === null || toBase64Url(bytes) !== signature) return false;
  return (await importKey(secretKey)).verify(address, bytes);
}

/**
 * The address as OvenMediaEngine signs it: without the signature, and with the port, also the default one.
 *
 * @param origin - scheme, host and port that OvenMediaEngine sees, behind a proxy.
 */
export function signedAddress(address: string, { signature }: QueryKeyNames, origin?: string): string {
  const [, own = '', rest = ''] =
    /^([a-z]+:\/\/[^/?#]*)(.*)$/is.exec(withoutFields(address, [signature])) ?? [];
  return withPort(origin ?? own) + rest;
}

function withPort(origin: string): string {
  const port = DEFAULT_PORTS[origin.slice(0, origin.indexOf(':') + 1)];
  return port === undefined || /:\d+$/.test(origin) ? origin : `${origin}:${port}`;
}

/** The policy among the fields of a text, with the name of its field. */
export function findPolicy(pairs: readonly (readonly [string, string])[]): [string, SignedPolicy] | null {
  for (const [name, value] of pairs) {
    const policy = value.length < 16 ? null : decodePolicy(value);
    if (policy) return [name, policy];
  }
  return null;
}
