import type { JWTPayload } from 'jose';
import { withStore, type GuardedStore } from './store-policy.js';
import { Problem } from '../http/problem.js';
import type { UsageStore } from './usage-store.js';

export interface ConcurrentStreamsOptions {
  /** Remembers what each user watches. */
  readonly store: UsageStore;
  /**
   * Streams that a user may watch at once; a device that `authorize` names as `device` counts once, whatever it
   * watches. Users without a name are not counted. @defaultValue no cap
   */
  readonly maxConcurrent?: number;
}

/** A user's request to watch streams until the end of the tokens. */
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
    `More than ${String(maxConcurrent)} streams at once are not allowed.`,
    {
      hint: 'Stop one of the others; it counts until its last token has ended.',
    },
  );
}

/** For `isRevoked` of a verifier: looks the token's `jti` up in the deny-list. A token without one cannot be withdrawn. */
export function denyList(store: UsageStore, guard: GuardedStore): (claims: JWTPayload) => Promise<boolean> {
  return async ({ jti }) => jti !== undefined && withStore(guard, () => store.isRevoked(jti), false);
}
