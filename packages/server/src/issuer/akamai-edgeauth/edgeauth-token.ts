import { fromHex, toHex } from '../bytes.js';
import { hmacKey, type HmacHash, type HmacKey } from '../hmac.js';
import { importOnce } from '../secret.js';

/** Hash of the HMAC, as Akamai calls it. */
export type EdgeAuthAlgorithm = 'sha256' | 'sha1' | 'md5';

const HASHES = { sha256: 'SHA-256', sha1: 'SHA-1', md5: 'MD5' } as const;

/** Separates the fields of a token. */
export const FIELD_DELIMITER = '~';
/** Separates the paths of an access control list. */
export const ACL_DELIMITER = '!';

/** What a token says. Times are NumericDate seconds. */
export interface EdgeAuthFields {
  readonly ip?: string | undefined;
  readonly startTime?: number | undefined;
  readonly endTime: number;
  /** Access control list: the paths that the token opens, already joined. */
  readonly acl?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly payload?: string | undefined;
}

/** What is signed, but is not in the token. */
export interface UnsentFields {
  /** Path of the only address, for a token without `acl`. */
  readonly url?: string | undefined;
  readonly salt?: string | undefined;
  /** Are values percent-encoded before they are signed? */
  readonly escapeEarly: boolean;
}

/**
 * The key of an Akamai property.
 *
 * @param hex - an even number of hexadecimal digits.
 * @throws TypeError for another text.
 */
export function edgeAuthKey(hex: string, algorithm: EdgeAuthAlgorithm): Promise<HmacKey> {
  return importKey(`${HASHES[algorithm]} ${hex.trim()}`);
}

const importKey = importOnce(async (hashAndHex) => {
  const [hash, hex = ''] = hashAndHex.split(' ');
  const bytes = fromHex(hex);
  if (bytes === null)
    throw new TypeError('The key of an Akamai property must be an even number of hexadecimal digits.');
  return hmacKey(bytes, hash as HmacHash);
});

/** Writes a token: `exp=…~acl=…~hmac=…`. */
export async function writeEdgeAuthToken(
  key: HmacKey,
  { ip, startTime, endTime, acl, sessionId, payload }: EdgeAuthFields,
  unsent: UnsentFields,
): Promise<string> {
  const written: [string, string | undefined][] = [
    ['ip', ip && escapeValue(ip, unsent)],
    ['st', startTime === undefined ? undefined : String(startTime)],
    ['exp', String(endTime)],
    ['acl', acl],
    ['id', sessionId && escapeValue(sessionId, unsent)],
    ['data', payload && escapeValue(payload, unsent)],
  ];
  const sent = written.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  const text = sent.join(FIELD_DELIMITER);
  return `${text}${FIELD_DELIMITER}hmac=${toHex(await key.sign(signedText(text, unsent)))}`;
}

/** The text that is signed: the fields of the token, then those that are not sent. */
export function signedText(sent: string, unsent: UnsentFields): string {
  return [
    sent,
    ...(unsent.url === undefined ? [] : [`url=${escapeValue(unsent.url, unsent)}`]),
    ...(unsent.salt === undefined ? [] : [`salt=${unsent.salt}`]),
  ].join(FIELD_DELIMITER);
}

/** Percent-encodes as Akamai does it with “Escape token input”: lower-case digits, and also `~`, `'` and `*`. */
function escapeValue(value: string, { escapeEarly }: UnsentFields): string {
  if (!escapeEarly) return value;
  return encodeURIComponent(value)
    .replace(/[~'*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
    .replace(/%../g, (escape) => escape.toLowerCase());
}
