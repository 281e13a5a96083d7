import { isNumericDate, looksLikeMilliseconds, ownEnds } from '@gatecast/contract';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { due, isRecord, type Answer, type Exchange, type Finding } from './finding.js';
import { checkPlace, hasPlace, readablePart } from './place-checks.js';

const WEEK_SECONDS = 604_800;

/**
 * Checks an item of a token response.
 *
 * @param answer - the response, for the cookies that it sets.
 */
export function checkItem(item: Record<string, unknown>, { now }: Exchange, answer: Answer): Finding[] {
  const { token, security, expiresAt } = item as { token?: unknown; security?: unknown; expiresAt?: unknown };
  const hasToken = typeof token === 'string' && token !== '';
  const hasSecurity =
    isRecord(security) && Object.values(security).every((value) => typeof value === 'string');
  const nowSeconds = now() / 1000;
  const findings = [
    due(
      hasToken || hasSecurity || hasPlace(item),
      'each item has a token, a security object of strings, or fields with a place',
      'Send "token" as a string, "security" with string values only (the vendor’s player ignores numbers), or query, headers, path, cookie or url.',
    ),
    ...checkPlace(item),
    ...(item['cookie'] === true ? [checkCookie(answer)] : []),
    hasSecurity && expiresAt === undefined && !security['expires'] && !security['jwtoken']
      ? due(
          false,
          'the security object has an end',
          'Without "expires", a copied token stays valid.',
          'advice',
        )
      : checkEnd(item, nowSeconds),
  ];
  return hasToken ? [...findings, ...checkJwt(token, expiresAt, nowSeconds)] : findings;
}

/** The end may be in the token itself. A cookie that the CDN renews has none. */
function checkEnd(item: Record<string, unknown>, nowSeconds: number): Finding {
  const { expiresAt } = item;
  const ends = ownEnds(readablePart(item));
  if (ends.some((end) => end <= nowSeconds))
    return due(
      false,
      'the end in the token is in the future',
      'The token has expired. Check the backend’s clock and cache.',
    );
  if (expiresAt === undefined && item['cookie'] === true)
    return due(
      false,
      'an item with a cookie has expiresAt',
      'Players use the cookie until the origin refuses it. This is right only if the CDN renews the cookie.',
      'advice',
    );
  if (expiresAt !== undefined || ends.length === 0) return checkExpiresAt(expiresAt, nowSeconds);
  return due(
    false,
    'each item has expiresAt',
    'Players read the end from the token. Send it, so that they do not depend on its form.',
    'advice',
  );
}

function checkCookie({ headers }: Answer): Finding {
  return due(
    headers.has('Set-Cookie'),
    'the response sets the cookie of an item with "cookie"',
    'There is no Set-Cookie. This is right only if the media origin sets the cookie.',
    'advice',
  );
}

function checkExpiresAt(expiresAt: unknown, nowSeconds: number): Finding {
  return due(
    isNumericDate(expiresAt) && expiresAt > nowSeconds,
    'expiresAt is in seconds and in the future',
    looksLikeMilliseconds(expiresAt)
      ? 'The value looks like milliseconds. Divide it by 1000.'
      : 'Send the token’s expiry as NumericDate (seconds since 1970).',
  );
}

function checkJwt(token: string, expiresAt: unknown, nowSeconds: number): Finding[] {
  let claims: Record<string, unknown>;
  let header: Record<string, unknown>;
  try {
    claims = decodeJwt(token);
    header = { ...decodeProtectedHeader(token) };
  } catch {
    return [due(false, 'the token is a JWT', 'The token is opaque, so players rely on expiresAt.', 'advice')];
  }
  const { alg, kid } = header as { alg?: unknown; kid?: unknown };
  const exp = claims['exp'];
  return [
    due(alg !== 'none', 'the token is signed', 'The alg is "none": anyone can create such a token.'),
    due(
      typeof kid === 'string',
      'the token has a kid',
      'Without kid you cannot rotate keys while tokens are in use.',
      'advice',
    ),
    due(
      exp === expiresAt,
      'expiresAt equals the token’s exp',
      'The two differ. Players use the earlier one.',
      'advice',
    ),
    due(
      typeof exp !== 'number' || exp - nowSeconds <= WEEK_SECONDS,
      'the token lifetime is at most a week',
      'A leaked token gives access until it expires.',
      'advice',
    ),
  ];
}
