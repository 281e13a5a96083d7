import type { OptionNames } from '../http/require-known-options.js';
import type { JWTPayload } from 'jose';
import { withStore, type GuardedStore } from './store-policy.js';
import { Problem } from '../http/problem.js';
import {
  sessionCookieOptionNames,
  type PlaybackSession,
  type SessionCookieOptions,
} from './playback-session.js';
import type { UsageStore } from './usage-store.js';

export interface ConcurrentStreamsOptions {
  /** Stores which streams each user watches. */
  readonly store: UsageStore;
  /**
   * Largest number of streams that a user may watch at the same time. A stream counts once per playback session, which a
   * cookie identifies: the same stream on two devices counts twice. If `authorize` returns a `device`, devices are counted
   * instead, each once for all its streams. Requests without `user` are not counted.
   *
   * @defaultValue no limit
   */
  readonly maxConcurrent?: number;
  /** Cookie of the playback session. It is not used for requests with a `device`. */
  readonly sessionCookie?: SessionCookieOptions;
}

export const concurrentStreamsOptionNames: OptionNames<ConcurrentStreamsOptions> = {
  store: true,
  maxConcurrent: true,
  sessionCookie: sessionCookieOptionNames,
};

/** @throws TypeError unless `maxConcurrent` is a whole number above 0: with another value, nothing would be limited. */
export function requireConcurrentStreams({ maxConcurrent }: ConcurrentStreamsOptions): void {
  if (maxConcurrent === undefined || (Number.isSafeInteger(maxConcurrent) && maxConcurrent > 0)) return;
  throw new TypeError('concurrentStreams.maxConcurrent must be a whole number above 0.');
}

/** A user's request to watch streams until their tokens expire. */
export interface ClaimRequest {
  readonly user: string | undefined;
  /** The device, or else the playback session. */
  readonly viewer: { readonly device: string } | { readonly session: Pick<PlaybackSession, 'id' | 'isNew'> };
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
  const { user, viewer, streams, nowMs, untilMs } = request;
  if (maxConcurrent === undefined || user === undefined) return;
  const claim = () =>
    store.claim({ user, watched: watchedBy(viewer, streams), max: maxConcurrent, nowMs, untilMs });
  if (await withStore(guard, claim, true)) return;
  const isUnknownDevice = 'session' in viewer && viewer.session.isNew;
  throw new Problem(
    'too-many-streams',
    `The user may watch at most ${String(maxConcurrent)} streams at the same time.`,
    { hint: isUnknownDevice ? `${STOP_HINT} ${COOKIE_HINT}` : STOP_HINT },
  );
}

const STOP_HINT = 'Stop another stream. It counts until its last token has expired.';
const COOKIE_HINT =
  'A request without the session cookie counts as a new device: send cookies (token-credentials="include"), or return "device" from authorize.';

/** A stream name cannot contain a line break, so names of devices and of streams never collide. */
function watchedBy(viewer: ClaimRequest['viewer'], streams: readonly string[]): readonly string[] {
  if ('device' in viewer) return [`device\n${viewer.device}`];
  return streams.map((stream) => `${viewer.session.id}\n${stream}`);
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
