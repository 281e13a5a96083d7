import { sameSiteOf } from '../http/cookie.js';
import type { OptionNames } from '../http/require-known-options.js';
import type { JWTPayload } from 'jose';
import { withStore, type GuardedStore } from './store-policy.js';
import { Problem } from '../http/problem.js';
import {
  sessionCookieOptionNames,
  type PlaybackSession,
  type SessionCookieOptions,
} from './playback-session.js';
import type { PlaceResult } from './stream-claim.js';
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
  /**
   * Who plays when there are more than `maxConcurrent`. `oldest`: a further one is refused until a place is free. `newest`: a viewer who
   * starts takes the place of the one who started first, whose next token request is refused with `moved`; with `push`, at once.
   * Who gets no place is refused with `concurrent-limit`. A device that is gone gives its place back when its last token ends.
   *
   * @defaultValue `oldest`
   */
  readonly mode?: 'oldest' | 'newest';
  /** Cookie of the playback session. It is not used for requests with a `device`. */
  readonly sessionCookie?: SessionCookieOptions;
}

export const concurrentStreamsOptionNames: OptionNames<ConcurrentStreamsOptions> = {
  store: true,
  maxConcurrent: true,
  mode: true,
  sessionCookie: sessionCookieOptionNames,
};

/** Plain JavaScript may name any mode. */
const MODES: ReadonlySet<unknown> = new Set([undefined, 'oldest', 'newest']);

/** @throws TypeError unless `maxConcurrent` is a whole number above 0: with another value, nothing would be limited; for a wrong `mode`. */
export function requireConcurrentStreams(options: ConcurrentStreamsOptions): void {
  const { maxConcurrent, mode, store, sessionCookie = {} } = options;
  sameSiteOf(sessionCookie);
  if (!MODES.has(mode)) throw new TypeError('concurrentStreams.mode must be "oldest" or "newest".');
  if (mode === 'newest' && !store.take)
    throw new TypeError('concurrentStreams.mode "newest" needs a store with the method "take".');
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
  /** Does the viewer start now, so that the tokens are not renewed for one who plays? */
  readonly isStart: boolean;
}

/**
 * Counts the streams of a user.
 *
 * @returns whether other streams of the user have lost their place to them.
 * @throws Problem `concurrent-limit` if the user would watch more streams at once than allowed; `moved` if the viewer has lost the place.
 */
export async function claimStreams(
  options: ConcurrentStreamsOptions,
  guard: GuardedStore,
  request: ClaimRequest,
): Promise<boolean> {
  const { store, maxConcurrent, mode } = options;
  const { user, viewer, streams, nowMs, untilMs, isStart } = request;
  if (maxConcurrent === undefined || user === undefined) return false;
  const claim = { user, watched: watchedBy(viewer, streams), max: maxConcurrent, nowMs, untilMs };
  const take = async (): Promise<PlaceResult> =>
    mode === 'newest' && store.take
      ? store.take({ ...claim, isStart })
      : { isAllowed: await store.claim(claim), lost: [] };
  const { isAllowed, lost, hasMoved } = await withStore(guard, take, { isAllowed: true, lost: [] });
  if (isAllowed) return lost.length > 0;
  if (hasMoved) throw new Problem('moved', 'The user has started another stream since.', { hint: LOST_HINT });
  const hint = mode === 'newest' && !isStart ? LOST_HINT : STOP_HINT;
  const isUnknownDevice = 'session' in viewer && viewer.session.isNew;
  throw new Problem(
    'concurrent-limit',
    `The user may watch at most ${String(maxConcurrent)} streams at the same time.`,
    { hint: isUnknownDevice ? `${hint} ${COOKIE_HINT}` : hint },
  );
}

const STOP_HINT = 'Stop another stream. It counts until its last token has expired.';
const LOST_HINT = 'Start again (reason "manual" or "initial") to take the place of the other stream.';
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
