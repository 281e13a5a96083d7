import type { JWTPayload } from 'jose';
import { withStore, type GuardedStore } from './store-policy.js';
import { Problem } from '../http/problem.js';
import type { SessionStore } from './seat-store.js';

export interface SessionOptions {
  readonly store: SessionStore;
  /**
   * Streams that a user may watch at once; a device that `authorize` names as `session` counts once, whatever it
   * watches. Users without a name are not counted. @defaultValue no cap
   */
  readonly maxConcurrent?: number;
}

/** A user's request for seats until the end of the tokens. */
export interface SeatRequest {
  readonly user: string | undefined;
  readonly session: string | undefined;
  readonly streams: readonly string[];
  readonly nowMs: number;
  readonly untilMs: number;
}

/** @throws Problem `too-many-streams` when the user's seats are taken. */
export async function claimSeats(
  options: SessionOptions,
  guard: GuardedStore,
  request: SeatRequest,
): Promise<void> {
  const { store, maxConcurrent } = options;
  const { user, session, streams, nowMs, untilMs } = request;
  if (maxConcurrent === undefined || user === undefined) return;
  const seats = session === undefined ? streams : [session];
  const claim = () => store.claim({ user, seats, max: maxConcurrent, nowMs, untilMs });
  if (await withStore(guard, claim, true)) return;
  throw new Problem(
    'too-many-streams',
    `More than ${String(maxConcurrent)} streams at once are not allowed.`,
    {
      hint: 'Stop one of the others; its place is free once its last token has ended.',
    },
  );
}

/** For `isRevoked` of a verifier: looks the token's `jti` up in the deny-list. A token without one cannot be withdrawn. */
export function denyList(store: SessionStore, guard: GuardedStore): (claims: JWTPayload) => Promise<boolean> {
  return async ({ jti }) => jti !== undefined && withStore(guard, () => store.isRevoked(jti), false);
}
