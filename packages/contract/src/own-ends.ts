import { bytesOf, decodeBase64, jwtClaims } from './jwt-claims.js';
import { isNumericDate, type NumericDate } from './numeric-date.js';
import { readCwt } from './read-cwt.js';
import type { TokenPart } from './token-endpoint.js';

/**
 * Fields with the end in seconds: `exp` (Akamai EdgeAuth), `Expires` (CloudFront, Google Media CDN), `expires` (Bunny, nginx),
 * `…endtime` (Wowza).
 */
const END_FIELD = /(?:^|[=?&~;,/])(?:exp|expires|\w{1,40}endtime)=(\d{9,11})(?=$|[&~;,/#])/gi;
/** `<hash>-<salt>-<end>-<start>` (Flussonic). */
const END_IN_TOKEN = /^[\da-f]{32,64}-[^-]{1,64}-(\d{9,11})-\d{9,11}$/i;
/** In the policy of CloudFront: seconds. */
const END_IN_POLICY = /"DateLessThan"\s*:\s*\{\s*"AWS:EpochTime"\s*:\s*(\d{1,11})\b/g;
/** In the policy of OvenMediaEngine: milliseconds. After the first of the two ends, it opens nothing. */
const END_IN_SIGNED_POLICY = /"(?:url|stream)_expire"\s*:\s*(\d{1,14})\b/g;
/** In the signature of Nimble Streamer: a date in UTC, and the minutes that are added to it. */
const NIMBLE = /^server_time=(\d+\/\d+\/\d{4} \d+:\d\d:\d\d [AP]M)&.*&?validminutes=(\d{1,7})\b/;
/** Longer texts are not read. */
const LONGEST = 16_384;

/** What a value says without its signature being verified. */
interface OwnFacts {
  readonly ends: readonly number[];
  readonly isRenewed: boolean;
}

const nothing: OwnFacts = { ends: [], isRenewed: false };

/**
 * The ends that a token itself has, in seconds since 1970, where its scheme is documented: JWT, CWT, Akamai EdgeAuth,
 * CloudFront, Google Media CDN, Bunny, OvenMediaEngine, nginx `secure_link`, Wowza, Flussonic and Nimble. Empty for others.
 * Never throws. The signature is not verified.
 */
export function ownEnds(part: TokenPart): NumericDate[] {
  const inTexts = textsOf(part).flatMap(endsInText);
  const inValues = valuesOf(part).flatMap((value) => factsOf(value).ends);
  return [...inTexts, ...inValues].filter(isNumericDate);
}

/**
 * Does the CDN renew the token itself, in a header, cookie or redirect? So do those that accept a Common Access Token with `catr`
 * (CTA-5007-B), or a signed token of RFC 9246 with `cdniets`.
 */
export function isRenewedByOrigin(part: TokenPart): boolean {
  return valuesOf(part).some((value) => factsOf(value).isRenewed);
}

/** Texts that may contain fields. */
function textsOf({ token, query = {}, headers = {}, path, url }: TokenPart): string[] {
  const fields = Object.entries(query).map(([name, value]) => `&${name}=${value}`);
  return [fields.join(''), url, path, token, ...Object.values(headers)].filter((text) => text !== undefined);
}

/** Values that may be encoded as a whole. */
function valuesOf({ token, query = {}, headers = {}, path = '', url = '' }: TokenPart): string[] {
  const afterName = (pair: string) => pair.slice(pair.indexOf('=') + 1);
  return [
    ...(token === undefined ? [] : [token]),
    ...Object.values(query),
    ...Object.values(headers).map((value) => value.replace(/^[\w-]+ /, '')),
    ...path.split('/').map(afterName),
    ...url.split(/[/?&#]/).map(afterName),
  ];
}

function endsInText(text: string): number[] {
  if (text.length > LONGEST) return [];
  return Array.from(text.matchAll(END_FIELD), ([, seconds]) => Number(seconds));
}

function factsOf(value: string): OwnFacts {
  if (value.length < 20 || value.length > LONGEST) return nothing;
  const claims = jwtClaims(value);
  if (claims) {
    const { cdniets } = claims;
    // Examples of Cloudflare Stream write it as a string.
    const exp = typeof claims['exp'] === 'string' ? Number(claims['exp']) : claims['exp'];
    return { ends: typeof exp === 'number' ? [exp] : [], isRenewed: cdniets !== undefined };
  }
  const inToken = END_IN_TOKEN.exec(value)?.[1];
  if (inToken !== undefined) return { ends: [Number(inToken)], isRenewed: false };
  const text = decodeBase64(value.replace(/%(?:2b|2f|3d)/gi, decodeURIComponent));
  if (text === null) return nothing;
  const [, atText, minutes] = NIMBLE.exec(text) ?? [];
  if (atText !== undefined)
    return { ends: [Date.parse(`${atText} UTC`) / 1000 + Number(minutes) * 60], isRenewed: false };
  if (text.startsWith('{')) return { ends: endsInPolicy(text), isRenewed: false };
  const cwt = readCwt(bytesOf(text));
  return cwt ? { ends: cwt.exp === null ? [] : [cwt.exp], isRenewed: cwt.isRenewed } : nothing;
}

function endsInPolicy(text: string): number[] {
  const ends = Array.from(text.matchAll(END_IN_POLICY), ([, seconds]) => Number(seconds));
  const endsMs = Array.from(text.matchAll(END_IN_SIGNED_POLICY), ([, ms]) => Number(ms));
  return endsMs.length === 0 ? ends : [...ends, Math.floor(Math.min(...endsMs) / 1000)];
}
