import { isNumericDate, ownEnds } from '@gatecast/contract';
import { decodeJwt } from 'jose';
import { latestEnd, type StreamGrant } from '../grant/grant.js';
import { Problem } from '../http/problem.js';
import { setsEnd } from './granted-end.js';
import { readIssued } from './issued-members.js';
import { signedEnd } from './signed-ends.js';
import type { IssuedToken, IssueRequest, TokenIssuer } from './token-issuer.js';

/** Largest number of tokens for one stream, each for other origins: more than any stream has CDNs. */
export const MAX_TOKENS = 16;

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
 *   `internal` if the result has neither a token nor a security object, or both, or a member that clients do not accept; and
 *   those of the issuer.
 */
export async function issueWithinGrant(
  issuer: TokenIssuer,
  request: IssueRequest,
  now: () => number,
): Promise<IssuedToken> {
  const issued = await issuer.issue(request);
  if (issued.further === undefined) return checkIssued(issued, request.grant, now, signedEnd(issued));
  const { further, ...first } = issued;
  const all: readonly IssuedToken[] = [first, ...further];
  if (all.length > MAX_TOKENS || further.some((each) => each.further !== undefined)) {
    throw new Problem(
      'internal',
      'The issuer returned too many tokens for a stream, or further tokens of a further token.',
      {
        hint: `Return at most ${String(MAX_TOKENS)} tokens for a stream, all but the first in its "further".`,
      },
    );
  }
  const checked = all.map((each) => checkIssued(each, request.grant, now));
  if (checked.some(({ origins }) => origins === undefined)) {
    throw new Problem('internal', 'The issuer returned several tokens, and one of them has no origins.', {
      hint: 'Set origins of each token that issue() returns for a stream.',
    });
  }
  const [{ ...only }, ...others] = checked as [IssuedToken, ...IssuedToken[]];
  return { ...only, further: others };
}

function checkIssued(
  result: IssuedToken,
  grant: StreamGrant,
  now: () => number,
  knownEnd?: number,
): IssuedToken {
  const issued = readIssued(result);
  const { expiresAt: reported } = issued;
  if (reported === null) return withoutEnd(issued, grant);
  if (!isNumericDate(reported)) {
    throw new Problem('grant-exceeded', 'The issuer returned a token without a valid "expiresAt".', {
      hint: 'Return expiresAt in seconds since 1970 from issue().',
    });
  }
  const expiresAt = Math.max(reported, knownEnd ?? endOf(issued));
  if (!isNumericDate(expiresAt)) {
    throw new Problem('grant-exceeded', 'The issuer returned a token whose own end is not known.', {
      hint: 'Set the claim "exp" of a JWT, or "expires" of a security object, to the same time as expiresAt, in seconds.',
    });
  }
  if (expiresAt <= latestEnd(grant, now())) return expiresAt === reported ? issued : { ...issued, expiresAt };
  throw new Problem('grant-exceeded', 'The issuer returned a token that ends later than authorize allows.', {
    hint: 'Apply grant.expiresAt and grant.ttlSeconds in issue(), and compare the clocks of both servers.',
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

/** The end that the token itself has; `-Infinity` if it is not known. */
function endOf(issued: IssuedToken): number {
  const { token, security } = issued;
  const ends = [token, security?.jwtoken].flatMap((jwt) => (jwt === undefined ? [] : expOf(jwt)));
  const expires = security?.expires === undefined ? [] : [readExpires(security.expires)];
  return Math.max(...ends, ...expires, ...ownEnds(issued));
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
