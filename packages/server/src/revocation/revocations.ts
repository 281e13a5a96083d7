import type { NumericDate } from '@gatecast/contract';
import type { JWTPayload } from 'jose';
import { Problem } from '../http/problem.js';
import { within } from '../http/timeouts.js';
import { GRANT_CLAIM, makeGrantId, readGrantId, type GrantIdParts } from './grant-id.js';
import {
  readRevocation,
  readTarget,
  type Revocation,
  type RevocationTarget,
  type RevokeRequest,
} from './revocation.js';
import { RevocationList, type RevocationChange } from './revocation-list.js';
import { MOST_SKEW_MS, type RevocationSubject } from './revocation-index.js';
import { causeOf } from './cause-of.js';
import { compareSecrets } from './compare-secrets.js';
import { makePseudonyms } from './pseudonyms.js';
import { withDefaults, type RevocationsOptions } from './revocations-options.js';

/** Ends access, and allows it again. */
export interface Revocations {
  /**
   * Ends the access of a user, to a stream, or of one token. From then on, all instances refuse it.
   *
   * @returns the revocation in force, with its end.
   * @throws Problem `request-invalid`, `revocation-list-full`, or `store-unavailable`: then it may be in force or not. Repeat it.
   */
  revoke(request: RevokeRequest): Promise<Revocation>;
  /**
   * Lifts the revocation of exactly this target. Resolves with whether it was in force.
   *
   * @throws Problem `request-invalid`, or `store-unavailable`: then it may be lifted or not. Repeat it.
   */
  allow(target: RevocationTarget): Promise<boolean>;
  /** Asks the pages of a user or stream that listen (`push`) to request their tokens now. Ends nothing. */
  check(target: RevocationTarget): Promise<void>;
  /** The revocations in force. */
  list(): Promise<readonly Revocation[]>;
  /**
   * Is the token with these claims revoked? The option `isRevoked` of a verifier and of your own handlers. Looks into memory only.
   *
   * @throws Problem `store-unavailable` if the list is old and `whenStoreDown` is `closed`.
   */
  readonly isRevoked: (claims: JWTPayload) => Promise<boolean> | boolean;
  /** The revocation of a grant, of which at least one member is known. @throws Problem as `isRevoked` */
  find(grant: RevocableGrant): Promise<Revocation | undefined>;
  /** A new id for a grant. A token that has it as `jti`, or as claim `gatecast_grant`, can be revoked by user. */
  newGrantId(user: string | undefined): Promise<string>;
  /** The option of this name. */
  readonly longestLifeSeconds: number;
  /** Calls `listener` with each change. @returns a function that ends it */
  watch(listener: (change: RevocationChange) => void): () => void;
  /** Resolves when the list has been read, or could not be read. */
  readonly ready: Promise<void>;
  /** Ends the connection for changes, the comparison with the store, and the event streams of pages. The list changes no more. */
  close(): void;
  /** Aborts with `close`. */
  readonly closed: AbortSignal;
}

/** A grant or a token, as far as it is known. */
export interface RevocableGrant extends RevocationTarget {
  /** Id of the grant, if `jti` is another one. */
  readonly grantId?: string;
  /** NumericDate seconds, or `now` for a grant that is being made. @defaultValue the time in the id of the grant */
  readonly grantedAt?: NumericDate | 'now';
}

/** Time for which a request that was admitted before may take to be signed, and for clocks that differ, in seconds. */
const MARGIN_SECONDS = 60;

/**
 * Creates the list of revocations. Pass the same one to the token handler, the playlist signer and, as `isRevoked`, to verifiers.
 *
 * @example
 * ```ts
 * const revocations = createRevocations({ longestLifeSeconds: 300 });
 * const tokens = createTokenHandler({ issuers, authorize, revocations, push: true });
 * const verifier = createTokenVerifier({ keys, isRevoked: revocations.isRevoked });
 * await revocations.revoke({ user: 'u-1', reason: 'Ticket 7' });
 * ```
 * @throws TypeError if an option is unknown or not a number in its range.
 */
export function createRevocations(options: RevocationsOptions = {}): Revocations {
  const { store, longestLifeSeconds, maxEntries, maxStaleMs, now, elapsed, logger, metrics } =
    withDefaults(options);
  const closing = new AbortController();
  // An instance that does not have the newest list issues tokens until it notices.
  const lastTokenSeconds = longestLifeSeconds + MARGIN_SECONDS + Math.ceil(maxStaleMs / 1000);
  const { userClaim, streamClaim = 'sub' } = options;
  const { tagsOf, checks } = makePseudonyms(options.secret, store);
  const tagOf = (user: string) => tagsOf(user)[0];
  const listeners = new Set<(change: RevocationChange) => void>();
  const list = new RevocationList({
    store,
    policy: options.whenStoreDown ?? 'closed',
    maxStaleMs,
    logger,
    now,
    elapsed,
    tagsOf,
    onChange(change) {
      attempt(() => metrics.revocationsHeld?.(list.index.size));
      for (const listener of listeners) attempt(() => listener(change));
    },
  });

  const keepMs = lastTokenSeconds * 1000;
  void compareSecrets({ store, checks, keepMs, now, logger, signal: closing.signal });

  /** What a program does with a change must not undo it, or keep others from it. */
  function attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      logger.error({ handler: 'revocations', causedBy: causeOf(error) }, 'A listener of revocations failed');
    }
  }

  function found(subject: RevocationSubject): Revocation | undefined {
    list.requireCurrent();
    return list.index.find(subject, now());
  }

  function subjectOf(claims: JWTPayload): RevocationSubject {
    const { jti, iat, [GRANT_CLAIM]: grantId } = claims;
    const stream = claims[streamClaim];
    const user = userClaim === undefined ? undefined : claims[userClaim];
    const parts = readGrantId(grantId) ?? readGrantId(jti);
    return {
      jti: typeof jti === 'string' ? jti : undefined,
      stream: typeof stream === 'string' ? stream : undefined,
      userTag: typeof user === 'string' ? tagOf(user) : parts?.userTag,
      grantedAtMs: earliest(parts) ?? (typeof iat === 'number' ? iat * 1000 : undefined),
    };
  }

  /** The action fails if the store does. A command whose response is late may still be carried out. */
  async function inStore<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await within(maxStaleMs, action(), () => new Error('The store did not respond in time.'));
    } catch (cause) {
      logger.error({ handler: 'revocations', causedBy: causeOf(cause) }, 'The store of revocations failed');
      throw new Problem(
        'store-unavailable',
        'The store of revocations is down. The list may have changed or not.',
        { retryAfterSeconds: 2, hint: 'Send the same request again: it has the same effect.', cause },
      );
    }
  }

  return {
    longestLifeSeconds,
    ready: list.ready,
    closed: closing.signal,
    close() {
      list.close();
      closing.abort();
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    isRevoked: (claims) =>
      list.isReady
        ? found(subjectOf(claims)) !== undefined
        : list.ready.then(() => found(subjectOf(claims)) !== undefined),

    async revoke(request) {
      const checked = readRevocation(request, now(), lastTokenSeconds);
      await list.ready;
      list.sweep();
      const revocation = { ...checked, revokedAt: list.index.revocationTime(now()) / 1000 };
      const limits = { nowMs: now(), max: maxEntries, after: list.highestStamp };
      const change = await inStore(() => store.put(revocation, limits));
      if (change === 'full')
        throw new Problem('revocation-list-full', `${String(maxEntries)} revocations are in force.`, {
          hint: 'Set an earlier "until", revoke a user or a stream instead of many tokens, or raise maxEntries.',
        });
      list.take(change);
      const { user, stream, jti, code, until, newTokens, reason } = revocation;
      const fields = { user, stream, ofToken: jti !== undefined, code, until, newTokens, reason };
      logger.info({ handler: 'revocations', ...fields }, 'Access revoked');
      attempt(() => metrics.revocationChanged?.('revoked'));
      return revocation;
    },

    async allow(given) {
      const target = readTarget(given);
      await list.ready;
      const change = await inStore(() => store.remove(target, list.highestStamp));
      if (change === null) return false;
      list.take(change);
      // One that was shortened is kept after its end.
      if (change.revocation.until * 1000 <= now()) return false;
      const { user, stream, jti } = target;
      logger.info(
        { handler: 'revocations', user, stream, ofToken: jti !== undefined },
        'Access allowed again',
      );
      attempt(() => metrics.revocationChanged?.('allowed'));
      return true;
    },

    async check(given) {
      const target = readTarget(given);
      await inStore(() => store.tell({ kind: 'check', target }));
    },

    async list() {
      await list.ready;
      list.requireCurrent();
      list.sweep();
      return list.index.values();
    },

    async find({ user, jti, stream, grantId, grantedAt }) {
      await list.ready;
      const parts = readGrantId(grantId) ?? readGrantId(jti);
      const givenMs = grantedAt === 'now' ? Infinity : grantedAt === undefined ? undefined : grantedAt * 1000;
      return found({
        jti,
        stream,
        userTag: user === undefined ? parts?.userTag : tagOf(user),
        grantedAtMs: givenMs ?? earliest(parts),
      });
    },

    async newGrantId(user) {
      await list.ready;
      list.requireCurrent();
      return makeGrantId(list.index.grantTime(now()), user === undefined ? undefined : tagOf(user));
    },
  };
}

/** The clock of the instance that made the id may be ahead of the one that revokes. */
function earliest(parts: GrantIdParts | null): number | undefined {
  return parts ? parts.grantedAtMs - MOST_SKEW_MS : undefined;
}
