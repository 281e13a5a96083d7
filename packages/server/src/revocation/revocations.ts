import type { NumericDate } from '@gatecast/contract';
import type { JWTPayload } from 'jose';
import { silentLogger, type Logger } from '../http/logger.js';
import { silentMetrics, type Metrics } from '../http/metrics.js';
import { Problem } from '../http/problem.js';
import { requireKnownOptions, type OptionNames } from '../http/require-known-options.js';
import type { StoreDownPolicy } from '../limits/store-policy.js';
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
import { memoryRevocationStore, type RevocationStore } from './revocation-store.js';

export interface RevocationsOptions {
  /** Where all instances keep the revocations; `redisRevocationStore` for several. @defaultValue the memory of this process */
  readonly store?: RevocationStore;
  /**
   * Longest life of a token or playlist cookie that your issuers make, in seconds. A revocation without `until` ends a minute after
   * the last token that exists now has ended. The token endpoint shortens a longer life that `authorize` sets. Add what
   * `clockToleranceSeconds` of your verifiers has above 30. @defaultValue 86,400
   */
  readonly longestLifeSeconds?: number;
  /**
   * While the store is down for longer than `maxStaleMs`, refuse (`closed`) requests, or decide by the last known list (`open`).
   *
   * @defaultValue `closed`
   */
  readonly whenStoreDown?: StoreDownPolicy;
  /** Time for which the last known list is enough while the store is down, in milliseconds, at least 2,000. @defaultValue 5,000 */
  readonly maxStaleMs?: number;
  /** Largest number of revocations. More are refused with `revocation-list-full`. @defaultValue 100,000 */
  readonly maxEntries?: number;
  /** Claim of your tokens that has the user, if they have one. Tokens of this package name the user in `jti`, as a pseudonym. */
  readonly userClaim?: string;
  /** Claim with the stream. @defaultValue `sub` */
  readonly streamClaim?: string;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** @defaultValue logs nothing */
  readonly logger?: Logger;
  /** @defaultValue no metrics */
  readonly metrics?: Metrics;
}

/** Ends access, and allows it again. */
export interface Revocations {
  /**
   * Ends the access of a user, to a stream, or of one token. From then on, all instances refuse it.
   *
   * @returns the revocation in force, with its end.
   * @throws Problem `request-invalid`, `revocation-list-full`, or `store-unavailable`: then nothing is revoked.
   */
  revoke(request: RevokeRequest): Promise<Revocation>;
  /**
   * Lifts the revocation of exactly this target. Resolves with whether there was one.
   *
   * @throws Problem `request-invalid`, `store-unavailable`
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
  const { store, longestLifeSeconds, maxStaleMs, maxEntries, now, logger, metrics } = withDefaults(options);
  const closing = new AbortController();
  // An instance that does not have the newest list issues tokens until it notices.
  const lastTokenSeconds = longestLifeSeconds + MARGIN_SECONDS + Math.ceil(maxStaleMs / 1000);
  const { userClaim, streamClaim = 'sub' } = options;
  const listeners = new Set<(change: RevocationChange) => void>();
  const list = new RevocationList({
    store,
    policy: options.whenStoreDown ?? 'closed',
    maxStaleMs,
    maxEntries,
    logger,
    now,
    onChange(change) {
      metrics.revocationsHeld?.(list.index.size);
      for (const listener of listeners) listener(change);
    },
  });

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
      userTag: typeof user === 'string' ? list.tagOf(user) : parts?.userTag,
      grantedAtMs: earliest(parts) ?? (typeof iat === 'number' ? iat * 1000 : undefined),
    };
  }

  /** The action fails if the store does. A revocation must not seem to be in force. */
  async function inStore<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (cause) {
      throw new Problem('store-unavailable', 'The store of revocations is down. Nothing has changed.', {
        retryAfterSeconds: 2,
        cause,
      });
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
      const version = await inStore(() => store.put(revocation, { nowMs: now(), max: maxEntries }));
      if (version === 'full')
        throw new Problem('revocation-list-full', `${String(maxEntries)} revocations are in force.`, {
          hint: 'Set an earlier "until", revoke a user or a stream instead of many tokens, or raise maxEntries.',
        });
      list.applyOwn({ kind: 'revoked', version, revocation });
      const { user, stream, jti, code, until, newTokens, reason } = revocation;
      const fields = { user, stream, ofToken: jti !== undefined, code, until, newTokens, reason };
      logger.info({ handler: 'revocations', ...fields }, 'Access revoked');
      metrics.revocationChanged?.('revoked');
      return revocation;
    },

    async allow(given) {
      const target = readTarget(given);
      await list.ready;
      const version = await inStore(() => store.remove(target));
      if (version === null) return false;
      list.applyOwn({ kind: 'allowed', version, target });
      const { user, stream, jti } = target;
      logger.info(
        { handler: 'revocations', user, stream, ofToken: jti !== undefined },
        'Access allowed again',
      );
      metrics.revocationChanged?.('allowed');
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
        userTag: user === undefined ? parts?.userTag : list.tagOf(user),
        grantedAtMs: givenMs ?? earliest(parts),
      });
    },

    async newGrantId(user) {
      await list.ready;
      list.requireCurrent();
      return makeGrantId(list.index.grantTime(now()), user === undefined ? undefined : list.tagOf(user));
    },
  };
}

/** The clock of the instance that made the id may be ahead of the one that revokes. */
function earliest(parts: GrantIdParts | null): number | undefined {
  return parts ? parts.grantedAtMs - MOST_SKEW_MS : undefined;
}

function withDefaults(options: RevocationsOptions) {
  requireKnownOptions('createRevocations', options, optionNames);
  const { longestLifeSeconds = 86_400, maxEntries = 100_000, maxStaleMs = 5000 } = options;
  requireWhole('longestLifeSeconds', longestLifeSeconds, 1);
  requireWhole('maxEntries', maxEntries, 1);
  requireWhole('maxStaleMs', maxStaleMs, 2000);
  return {
    longestLifeSeconds,
    maxEntries,
    maxStaleMs,
    store: options.store ?? memoryRevocationStore(),
    now: options.now ?? Date.now,
    logger: options.logger ?? silentLogger,
    metrics: options.metrics ?? silentMetrics,
  };
}

function requireWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new TypeError(`${name} of createRevocations must be a whole number of at least ${String(least)}.`);
}

const optionNames: OptionNames<RevocationsOptions> = {
  store: true,
  longestLifeSeconds: true,
  whenStoreDown: true,
  maxStaleMs: true,
  maxEntries: true,
  userClaim: true,
  streamClaim: true,
  now: true,
  logger: true,
  metrics: true,
};
