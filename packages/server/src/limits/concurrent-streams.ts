import type { JWTPayload } from 'jose';
import { withStore, type GuardedStore } from './store-policy.js';
import { Problem } from '../http/problem.js';
import type { UsageStore } from './usage-store.js';

export interface ConcurrentStreamsOptions {
  /** Stores which streams each user watches. */
  readonly store: UsageStore;
  /**
   * Largest number of streams that a user may watch at the same time. If `authorize` returns a `device`, devices are
   * counted instead of streams. Requests without `user` are not counted.
   *
   * @defaultValue no limit
   */
  readonly maxConcurrent?: number;
}

/** A user's request to watch streams until their tokens expire. */
export interface ClaimRequest {
  readonly user: string | undefined;
  readonly device: string | undefined;
  readonly streams: readonly string[];
  readonly nowMs: number;
  readonly untilMs: number;
}

/** @throws Problem `too-many-streams` if the user would watch more streams at once than allowed. */
export async function claimStreams(
  options: ConcurrentStreamsOptions,
  guard: GuardedStore,
  request: ClaimRequest,
): Promise<void> {
  const { store, maxConcurrent } = options;
  const { user, device, streams, nowMs, untilMs } = request;
  if (maxConcurrent === undefined || user === undefined) return;
  const watched = device === undefined ? streams : [device];
  const claim = () => store.claim({ user, watched, max: maxConcurrent, nowMs, untilMs });
  if (await withStore(guard, claim, true)) return;
  throw new Problem(
    'too-many-streams',
    `The user may watch at most ${String(maxConcurrent)} streams at the same time.`,
    { hint: 'Stop another stream. It counts until its last token has expired.' },
  );
}

/**
 * Creates the option `isRevoked` of a verifier, which looks up the token's `jti` in `store`. Tokens without `jti` cannot be
 * revoked.
 *
 * @param guard - policy and log for the time while the store is down.
 * @example
 * ```ts
 * const isRevoked = denyList(store, { policy: 'closed', logger });
 * const verifier = createTokenVerifier({ keys, isRevoked });
 * ```
 */
export function denyList(store: UsageStore, guard: GuardedStore): (claims: JWTPayload) => Promise<boolean> {
  return async ({ jti }) => jti !== undefined && withStore(guard, () => store.isRevoked(jti), false);
}
