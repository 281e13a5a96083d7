import { appendQuery } from '../stream-template.js';
import type { MediaCdnKey } from './media-cdn-key.js';
import { encodePrefix } from './media-cdn-token.js';

/** Who signs, and until when, NumericDate seconds. */
export interface Signing {
  readonly key: MediaCdnKey;
  readonly keyName: string;
  readonly expires: number;
}

/** The path segment of a signed address. */
export const PATH_COMPONENT = 'edge-cache-token=';
export const COOKIE_NAME = 'Edge-Cache-Cookie';

/** Signs one address, query included. */
export async function signAddress(address: string, { key, keyName, expires }: Signing): Promise<string> {
  const signed = appendQuery(address, { Expires: String(expires), KeyName: keyName });
  return `${signed}&Signature=${await key.sign(signed)}`;
}

/** Signs a prefix of addresses, for the query of each of them. */
export async function signPrefix(urlPrefix: string, signing: Signing): Promise<Record<string, string>> {
  const fields = prefixFields(urlPrefix, signing);
  const signed = joinFields(fields, '&');
  return { ...fields, Signature: await signing.key.sign(signed) };
}

/** Signs a prefix of addresses, as the value of the cookie `Edge-Cache-Cookie`. */
export async function signCookie(urlPrefix: string, signing: Signing): Promise<string> {
  const signed = joinFields(prefixFields(urlPrefix, signing), ':');
  return `${signed}:Signature=${await signing.key.sign(signed)}`;
}

/**
 * Signs a prefix of addresses, as a path segment after the prefix. Relative addresses in a playlist keep the segment.
 *
 * @param rest - what follows the prefix in the address of the first playlist.
 */
export async function signPath(
  urlPrefix: string,
  rest: string,
  { key, keyName, expires }: Signing,
): Promise<string> {
  const signed = `${urlPrefix}${PATH_COMPONENT}Expires=${String(expires)}&KeyName=${keyName}`;
  return `${signed}&Signature=${await key.sign(signed)}/${rest}`;
}

function prefixFields(urlPrefix: string, { keyName, expires }: Signing): Record<string, string> {
  return { URLPrefix: encodePrefix(urlPrefix), Expires: String(expires), KeyName: keyName };
}

/** Media CDN requires this order: `URLPrefix`, `Expires`, `KeyName`. */
export function joinFields(fields: Readonly<Record<string, string>>, delimiter: '&' | ':'): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(delimiter);
}
