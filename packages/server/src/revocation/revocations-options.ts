import { silentLogger, type Logger } from '../http/logger.js';
import { silentMetrics, type Metrics } from '../http/metrics.js';
import { requireKnownOptions, type OptionNames } from '../http/require-known-options.js';
import type { StoreDownPolicy } from '../limits/store-policy.js';
import type { RevocationSecret } from './pseudonyms.js';
import { memoryRevocationStore, type RevocationStore } from './revocation-store.js';

export interface RevocationsOptions {
  /** Where all instances keep the revocations; `redisRevocationStore` for several. @defaultValue the memory of this process */
  readonly store?: RevocationStore;
  /**
   * Secrets from which the pseudonyms of users in tokens are made, each of at least 32 characters or bytes. The first one makes new
   * ones. Tokens that were made with the others are found as well, so that you can change it: add the new one at the end everywhere,
   * then move it to the front, and remove the old one when its tokens have ended. All processes with one store need the same. A
   * store that is shared needs it. @defaultValue a random secret of this process: after a restart, tokens of before are not found by user
   */
  readonly secret?: RevocationSecret | readonly RevocationSecret[];
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
  /** Largest number of revocations. More are refused with `revocation-list-full`. @defaultValue 10,000 */
  readonly maxEntries?: number;
  /** Claim of your tokens that has the user, if they have one. Tokens of this package name the user in `jti`, as a pseudonym. */
  readonly userClaim?: string;
  /** Claim with the stream. @defaultValue `sub` */
  readonly streamClaim?: string;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** Milliseconds of a clock that is never set, for `maxStaleMs`. @defaultValue `performance.now` */
  readonly elapsed?: () => number;
  /** @defaultValue logs nothing */
  readonly logger?: Logger;
  /** @defaultValue no metrics */
  readonly metrics?: Metrics;
}

/** @throws TypeError if an option is unknown or not a number in its range. */
export function withDefaults(options: RevocationsOptions) {
  requireKnownOptions('createRevocations', options, optionNames);
  const { longestLifeSeconds = 86_400, maxEntries = 10_000, maxStaleMs = 5000 } = options;
  requireWhole('longestLifeSeconds', longestLifeSeconds, 1);
  requireWhole('maxEntries', maxEntries, 1);
  requireWhole('maxStaleMs', maxStaleMs, 2000);
  return {
    longestLifeSeconds,
    maxEntries,
    maxStaleMs,
    store: options.store ?? memoryRevocationStore(),
    now: options.now ?? Date.now,
    elapsed: options.elapsed ?? (() => performance.now()),
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
  secret: true,
  longestLifeSeconds: true,
  whenStoreDown: true,
  maxStaleMs: true,
  maxEntries: true,
  userClaim: true,
  streamClaim: true,
  now: true,
  elapsed: true,
  logger: true,
  metrics: true,
};
