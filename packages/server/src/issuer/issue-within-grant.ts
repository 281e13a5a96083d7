import { isNumericDate } from '@gatecast/contract';
import { decodeJwt } from 'jose';
import { latestEnd, type StreamGrant } from '../grant/grant.js';
import { Problem } from '../http/problem.js';
import { setsEnd } from './granted-end.js';
import type { IssuedToken, IssueRequest, TokenIssuer } from './token-issuer.js';

/**
 * Issues a token and refuses one that ends later than the grant. All tokens that leave this package pass here, so that an
 * issuer, also one that you or a vendor wrote, cannot give more than `authorize` allowed.
 *
 * @param now - milliseconds since the epoch. A lifetime of the grant is counted from the end of the call, because the
 *   issuer may take its time before it signs.
 * @returns the documented members of the issuer's result only. If the token ends later than the issuer reports, `expiresAt`
 *   is the end of the token, so that places and cookies count until then. It is `null` for a security object without an end,
 *   which a grant without an end permits.
 * @throws Problem `grant-exceeded` if the token ends later, or `expiresAt` or the token's own end is not a NumericDate;
 *   `internal` if the result has neither a token nor a security object, or both; and those of the issuer.
 */
export async function issueWithinGrant(
  issuer: TokenIssuer,
  request: IssueRequest,
  now: () => number,
): Promise<IssuedToken> {
  const issued = readIssued(await issuer.issue(request));
  const { expiresAt: reported } = issued;
  if (reported === null) return withoutEnd(issued, request.grant);
  if (!isNumericDate(reported)) {
    throw new Problem('grant-exceeded', 'The issuer returned a token without a valid "expiresAt".', {
      hint: 'Return expiresAt in seconds since 1970 from issue().',
    });
  }
  const expiresAt = endOf(issued, reported);
  if (!isNumericDate(expiresAt)) {
    throw new Problem('grant-exceeded', 'The issuer returned a token whose own end is not known.', {
      hint: 'Set the claim "exp" of a JWT, or "expires" of a security object, to the same time as expiresAt, in seconds.',
    });
  }
  if (expiresAt <= latestEnd(request.grant, now())) return { ...issued, expiresAt };
  throw new Problem('grant-exceeded', 'The issuer returned a token that ends later than authorize allows.', {
    hint: 'Apply grant.expiresAt and grant.ttlSeconds in issue(), and compare the clocks of both servers.',
  });
}

/** An issuer in plain JavaScript may return anything. What it does not document must not reach the client. */
function readIssued(result: IssuedToken): IssuedToken {
  const { token, security, expiresAt, tokenId } = result;
  const rest = { expiresAt, ...(tokenId !== undefined && { tokenId }) };
  const hasSecurity = typeof security === 'object' && (security as unknown) !== null;
  if (typeof token === 'string' && token !== '' && !hasSecurity) return { token, ...rest };
  if (token === undefined && hasSecurity) return { security, ...rest };
  throw new Problem('internal', 'The issuer returned neither a token nor a security object, or both.', {
    hint: 'Return either token, a string that is not empty, or security from issue().',
  });
}

/** Only a security object of STS may be without an end, and only if the grant sets none. */
function withoutEnd(issued: IssuedToken, grant: StreamGrant): IssuedToken {
  const { security } = issued;
  if (security?.token && !security.jwtoken && !security.expires && !setsEnd(grant)) return issued;
  throw new Problem('grant-exceeded', 'The issuer returned a token without an end.', {
    hint: 'Set ttlSeconds of the issuer to a number of seconds. Only a security object may have no end, and only if authorize sets none.',
  });
}

/** The end that the token itself has, if it is later than the one that the issuer reports. */
function endOf({ token, security }: IssuedToken, reported: number): number {
  const ends = [token, security?.jwtoken].flatMap((jwt) => (jwt === undefined ? [] : expOf(jwt)));
  const expires = security?.expires === undefined ? [] : [readExpires(security.expires)];
  return Math.max(reported, ...ends, ...expires);
}

/** An end that is empty or not a number is not known to be early enough. */
function readExpires(expires: string): number {
  const end = Number(expires);
  return expires === '' || Number.isNaN(end) ? Infinity : end;
}

/** The claim `exp` of a JWT, `Infinity` without one; nothing for an opaque token, whose end only its origin knows. */
function expOf(token: string): number[] {
  try {
    const { exp } = decodeJwt<{ exp?: unknown }>(token);
    return [typeof exp === 'number' && !Number.isNaN(exp) ? exp : Infinity];
  } catch {
    return [];
  }
}
