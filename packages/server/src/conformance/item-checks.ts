import { jwtClaims, ownEnds } from '@gatecast/contract';
import { decodeProtectedHeader } from 'jose';
import { advice, required, type Answer, type Exchange, type Finding } from './finding.js';
import { checkPlace, hasPlace, readablePart } from './place-checks.js';
import { isSecurity, isToken, plainItem } from './read-item.js';
import { readTime, timeHint } from './read-time.js';

const WEEK_SECONDS = 604_800;

/**
 * Checks an item of a token response.
 *
 * @param answer - the response, for the cookies that it sets.
 */
export function checkItem(
  given: Readonly<Record<string, unknown>>,
  { now }: Exchange,
  answer: Answer,
): Finding[] {
  const item = plainItem(given);
  const { token, security, expiresAt } = item;
  const nowSeconds = now() / 1000;
  return [
    required(
      isToken(token) || isSecurity(security) || hasPlace(item),
      'each item has a token, a security object, or fields with a place',
      'Send "token" as a string without spaces, "security" with "token" or "jwtoken", or query, headers, path, cookie or url.',
    ),
    ...checkPlace(item),
    ...(item['cookie'] === true ? [checkCookie(answer)] : []),
    ...(isSecurity(security) ? checkSecurity(security, expiresAt) : []),
    ...checkEnd(item, nowSeconds),
    ...(isToken(token) ? checkJwt(token.trim(), readTime(expiresAt), nowSeconds) : []),
  ];
}

function checkSecurity(security: Readonly<Record<string, unknown>>, expiresAt: unknown): Finding[] {
  const { expires, jwtoken } = security;
  const time = readTime(expires);
  return [
    required(typeof time !== 'string', 'security.expires is in seconds', timeHint(time)),
    advice(
      Object.values(security).every((value) => typeof value === 'string'),
      'the security object has only strings',
      'The vendor’s player ignores numbers.',
    ),
    advice(
      Boolean(expires) || Boolean(jwtoken) || expiresAt !== undefined,
      'the security object has an end',
      'Without "expires", a copied token stays valid.',
    ),
  ];
}

/** The end may be in the token itself. A cookie that the CDN renews has none. */
function checkEnd(item: Readonly<Record<string, unknown>>, nowSeconds: number): Finding[] {
  const ends = ownEndsOf(item);
  const time = readTime(item['expiresAt']);
  const future = 'expiresAt is in seconds and in the future';
  const given =
    time === undefined
      ? advice(false, 'each item has expiresAt', whatWithoutEnd(item, ends))
      : required(
          typeof time === 'number' && time > nowSeconds,
          future,
          typeof time === 'number'
            ? 'The token has expired. Check the backend’s clock and cache.'
            : timeHint(time),
        );
  return ends.length === 0
    ? [given]
    : [
        given,
        required(
          ends.every((end) => end > nowSeconds),
          'the end in the token is in the future',
          'The token has expired. Check the backend’s clock and cache.',
        ),
      ];
}

function ownEndsOf(item: Readonly<Record<string, unknown>>): number[] {
  const { security } = item;
  if (!isSecurity(security)) return ownEnds(readablePart(item));
  const { jwtoken, expires } = security;
  const end = readTime(expires);
  return [
    ...(isToken(jwtoken) ? ownEnds({ token: jwtoken }) : []),
    ...(typeof end === 'number' ? [end] : []),
  ];
}

function whatWithoutEnd(item: Readonly<Record<string, unknown>>, ends: readonly number[]): string {
  if (item['cookie'] === true)
    return 'Players use the cookie until the origin refuses it. This is right only if the CDN renews the cookie.';
  return ends.length > 0
    ? 'Players read the end from the token. Send it, so that they do not depend on its form.'
    : 'The token has no end that players can read. They renew it only after an origin has refused it.';
}

function checkCookie({ headers }: Answer): Finding {
  return advice(
    headers.has('Set-Cookie'),
    'the response sets the cookie of an item with "cookie"',
    'The response has no Set-Cookie. This is right only if the media origin sets the cookie.',
  );
}

function checkJwt(token: string, expiresAt: unknown, nowSeconds: number): Finding[] {
  const isJwt = token.startsWith('eyJ') && token.split('.').length === 3;
  const claims = isJwt ? jwtClaims(token) : null;
  const header = headerOf(token);
  // Players do not read the header.
  if (!isJwt)
    return [advice(false, 'the token is a JWT', 'The token is opaque, so players rely on expiresAt.')];
  if (!claims)
    return [required(false, 'the JWT can be decoded', 'Send the complete compact JWT, unchanged.')];
  const { exp } = claims;
  const wrong = [exp, claims['nbf'], claims['iat']].map(readTime).find((time) => typeof time === 'string');
  return [
    required(
      header['alg'] !== 'none',
      'the token is signed',
      'The alg is "none": anyone can create such a token.',
    ),
    required(wrong === undefined, 'the times in the token are in seconds', timeHint(wrong)),
    advice(
      typeof header['kid'] === 'string',
      'the token has a kid',
      'Without kid you cannot rotate keys while tokens are in use.',
    ),
    ...(expiresAt === undefined
      ? []
      : [
          advice(
            exp === expiresAt,
            'expiresAt equals the token’s exp',
            'The two differ. Players use the earlier one.',
          ),
        ]),
    advice(
      typeof exp !== 'number' || exp - nowSeconds <= WEEK_SECONDS,
      'the token lifetime is at most a week',
      'A leaked token gives access until it expires.',
    ),
  ];
}

function headerOf(token: string): Record<string, unknown> {
  try {
    return { ...decodeProtectedHeader(token) };
  } catch {
    return {};
  }
}
