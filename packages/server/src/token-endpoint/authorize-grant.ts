import type { TokenRequest } from '@gatecast/contract';
import type { JWTPayload } from 'jose';
import { createGrant } from '../grant/authorization.js';
import { revocationClaims, type Grant, type GrantedStream } from '../grant/grant.js';
import type { Logger } from '../http/logger.js';
import { Problem } from '../http/problem.js';
import type { PlaylistCookieChange } from '../playlist/playlist-cookie.js';
import { GRANT_CLAIM } from '../revocation/grant-id.js';
import { isRevocableId } from '../revocation/revocation.js';
import { revocationProblem } from '../revocation/revocation-problem.js';
import type { Revocations } from '../revocation/revocations.js';
import type { Authorize } from './authorize.js';
import { withBoundedLife } from './bounded-life.js';

/** Checks whether a grant or token is revoked, by its claims. */
export type IsRevoked = (claims: JWTPayload) => Promise<boolean> | boolean;

export interface AuthorizeGrantOptions {
  readonly authorize: Authorize;
  readonly isRevoked: IsRevoked | undefined;
  readonly revocations: Revocations | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly logger: Logger;
}

/**
 * Calls `authorize` and makes the grant of its result, without streams that are revoked.
 *
 * @throws Problem `forbidden` if the result does not have the documented shape; `token-revoked`, `revoked` or `moved` if all streams
 *   are revoked; and what `authorize` throws.
 */
export async function authorizeGrant(
  { authorize, isRevoked, revocations, logger, now }: AuthorizeGrantOptions,
  request: Request,
  question: TokenRequest,
  requestId: string,
): Promise<Grant> {
  const grant = readAnswer(await authorize(request, question), question, logger, requestId);
  if (revocations) requireRevocable(grant, logger, requestId);
  const named = revocations ? await withoutEnded(grant, revocations, now()) : grant;
  if (!isRevoked) return named;
  const checked = await Promise.all(
    named.streams.map(async (stream) => ((await isRevoked(revocationClaims(stream))) ? [] : [stream])),
  );
  const streams = checked.flat();
  if (streams.length === 0 && named.streams.length > 0)
    throw new Problem('token-revoked', 'The access to these streams has been revoked.');
  return { ...named, streams };
}

/** The streams that are not revoked, with ids by which they can be. A `jti` of `authorize` stays. */
async function withoutEnded(grant: Grant, revocations: Revocations, nowMs: number): Promise<Grant> {
  const { user } = grant;
  const streams: GrantedStream[] = [];
  let refusal: Problem | undefined;
  for (const granted of grant.streams) {
    const identified = await withGrantId(granted, user, revocations);
    const { stream, id: jti } = identified;
    const target = { ...(user !== undefined && { user }), stream, jti };
    const revocation = await revocations.find({ ...target, grantedAt: 'now' });
    if (revocation) refusal ??= revocationProblem(revocation);
    else streams.push(withBoundedLife(identified, revocations, nowMs));
  }
  if (refusal && streams.length === 0) throw refusal;
  return { ...grant, streams };
}

/** Verifiers find the user and the time of a token with a `jti` of `authorize` in another claim. */
async function withGrantId(
  granted: GrantedStream,
  user: string | undefined,
  revocations: Revocations,
): Promise<GrantedStream> {
  const grantId = await revocations.newGrantId(user);
  const { claims } = granted;
  const id = typeof claims['jti'] === 'string' ? granted.id : grantId;
  const isInClaim = id !== grantId || GRANT_CLAIM in claims;
  return { ...granted, id, ...(isInClaim && { claims: { ...claims, [GRANT_CLAIM]: grantId } }) };
}

/** A user that nobody could revoke gets no token. */
function requireRevocable({ user, streams }: Grant, logger: Logger, requestId: string): void {
  const fault =
    user !== undefined && !isRevocableId(user)
      ? 'user'
      : streams.some(({ id }) => !isRevocableId(id))
        ? 'claims.jti'
        : undefined;
  if (fault === undefined) return;
  logger.error(
    {
      handler: 'token',
      requestId,
      fault: `"${fault}" is longer than 256 characters or has control characters.`,
    },
    'The result of authorize cannot be revoked',
  );
  throw new Problem('forbidden', 'The result of authorize does not have the documented shape.');
}

function readAnswer(answer: unknown, question: TokenRequest, logger: Logger, requestId: string): Grant {
  try {
    return createGrant(answer, question);
  } catch (error) {
    const fault = error instanceof Problem && error.cause instanceof Error ? error.cause.message : undefined;
    const fields = { handler: 'token', requestId, fault };
    logger.error(fields, 'The result of authorize does not have the documented shape');
    throw error;
  }
}

/** The change of the playlist cookie after `authorize` refused the caller. */
export const refusedCaller: PlaylistCookieChange = { user: null, refused: 'all' };

/**
 * What a request changes in the playlist cookie, besides the streams that it gets: refused streams, and all streams of
 * another user, leave it at once. If `authorize` refuses a caller without naming a user, all streams leave: it may be another
 * user, or nobody. A user that is allowed to publish need not be named.
 */
export function cookieChange(
  { purpose, user, streams }: Grant,
  question: TokenRequest,
): PlaylistCookieChange {
  const granted = new Set(streams.map(({ stream }) => stream));
  const isPlayback = purpose === 'playback';
  if (granted.size === 0 && user === undefined) return refusedCaller;
  return {
    user: user ?? (isPlayback ? undefined : null),
    refused: isPlayback ? question.streams.filter((stream) => !granted.has(stream)) : [],
  };
}
