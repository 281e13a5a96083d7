import { cwtExpiry } from './cwt-expiry.js';
import { isNumericDate, type NumericDate } from './numeric-date.js';
import type { TokenPart } from './token-endpoint.js';

/**
 * Fields with the end in seconds: `exp` (Akamai EdgeAuth), `Expires` (CloudFront, Google Media CDN), `expires` (Bunny, nginx),
 * `…endtime` (Wowza).
 */
const END_FIELD = /(?:^|[?&~;,/])(?:exp|expires|\w{1,40}endtime)=(\d{9,11})(?=$|[&~;,/#])/gi;
/** `<hash>-<salt>-<end>-<start>` (Flussonic). */
const END_IN_TOKEN = /^[\da-f]{32,64}-[^-]{1,64}-(\d{9,11})-\d{9,11}$/i;
const JWT = /^eyJ[\w-]+\.([\w-]+)\.[\w-]*$/;
/** In the policies of CloudFront (seconds) and OvenMediaEngine (milliseconds). */
const END_IN_POLICY =
  /"DateLessThan"\s*:\s*\{\s*"AWS:EpochTime"\s*:\s*(\d{1,11})\b|"(?:url|stream)_expire"\s*:\s*(\d{1,14})\b/g;
/** In the signature of Nimble Streamer: a date in UTC, and the minutes that are added to it. */
const NIMBLE = /^server_time=(\d+\/\d+\/\d{4} \d+:\d\d:\d\d [AP]M)&.*&?validminutes=(\d{1,7})\b/;
/** Longer texts are not read. */
const LONGEST = 16_384;

/**
 * The ends that a token itself has, in seconds since 1970, where its scheme is documented: JWT, CWT, Akamai EdgeAuth,
 * CloudFront, Google Media CDN, Bunny, OvenMediaEngine, nginx `secure_link`, Wowza, Flussonic and Nimble. Empty for others.
 * Never throws. The signature is not verified.
 */
export function ownEnds(part: TokenPart): NumericDate[] {
  const { token, query = {}, headers = {}, path, url } = part;
  const fields = Object.entries(query);
  const search = url === undefined ? '' : afterPath(url);
  const texts = [
    fields.map(([name, value]) => `&${name}=${value}`).join(''),
    ...(url === undefined ? [] : [url]),
    ...(path === undefined ? [] : [path, `/${path}`]),
    ...(token === undefined ? [] : [token]),
    ...Object.values(headers),
  ];
  const values = [
    ...fields.map(([, value]) => value),
    ...search.split(/[?&#]/).map((pair) => pair.slice(pair.indexOf('=') + 1)),
    ...(path ?? '').split('/').map((segment) => segment.slice(segment.indexOf('=') + 1)),
    ...(token === undefined ? [] : [token]),
    ...Object.values(headers).map((value) => value.replace(/^[\w-]+ /, '')),
  ];
  const ends = [...texts.flatMap(endsInText), ...values.flatMap(endsInValue)];
  return ends.filter(isNumericDate);
}

function endsInText(text: string): number[] {
  if (text.length > LONGEST) return [];
  return Array.from(text.matchAll(END_FIELD), ([, seconds]) => Number(seconds));
}

function endsInValue(value: string): number[] {
  if (value.length < 20 || value.length > LONGEST) return [];
  const jwt = JWT.exec(value)?.[1];
  if (jwt !== undefined) return numbersIn(decodeBase64(jwt), /"exp"\s*:\s*(\d{1,11})\b/g);
  const inToken = END_IN_TOKEN.exec(value)?.[1];
  if (inToken !== undefined) return [Number(inToken)];
  const bytes = decodeBase64(unescapePercent(value));
  if (bytes === null) return [];
  const [, atText, minutes] = NIMBLE.exec(bytes) ?? [];
  if (atText !== undefined) return [Date.parse(`${atText} UTC`) / 1000 + Number(minutes) * 60];
  if (bytes.startsWith('{')) {
    return Array.from(bytes.matchAll(END_IN_POLICY), ([, seconds, ms]) =>
      seconds === undefined ? Math.floor(Number(ms) / 1000) : Number(seconds),
    );
  }
  const exp = cwtExpiry(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
  return exp === null ? [] : [exp];
}

function numbersIn(text: string | null, pattern: RegExp): number[] {
  return text === null ? [] : Array.from(text.matchAll(pattern), ([, number]) => Number(number));
}

/** Bytes as characters; `null` for another text. Reads base64, base64url, and the form of CloudFront (`-_~` for `+=/`). */
function decodeBase64(text: string): string | null {
  const standard = text
    .replace(/[=_]{1,2}$/, '')
    .replaceAll('-', '+')
    .replace(/[_~]/g, '/');
  try {
    return atob(standard);
  } catch {
    return null;
  }
}

function unescapePercent(text: string): string {
  return text.replace(/%(?:2b|2f|3d)/gi, decodeURIComponent);
}

function afterPath(url: string): string {
  const at = url.search(/[?#]/);
  return at < 0 ? '' : url.slice(at);
}
