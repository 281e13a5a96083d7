import type { HlsConfig, LoadPolicy, RetryConfig } from 'hls.js';

/** What the decision to repeat a request depends on, at the moment of its failure. */
export interface RetryFacts {
  /** HTTP status; 0 for a network error; `undefined` for a response that could not be used. */
  readonly status: number | undefined;
  /** How many requests of this kind have failed in a row before this one. */
  readonly retryCount: number;
  /** Can another rendition play at once? */
  readonly hasAlternative: boolean;
  /** Has this source played? */
  readonly hasPlayed: boolean;
  /** Seconds of media in the buffer ahead. */
  readonly bufferedS: number;
}

/** Further attempts while the buffer runs low; after them a live segment is skipped. None is skipped at the start. */
const QUICK_RETRIES = 2;
/** With so many seconds in the buffer, nothing is lost by more attempts. */
const PATIENT_BUFFER_S = 5;
/** Statuses that pass also before the source has played: the segment or playlist is not there yet. */
const PASSING: ReadonlySet<number> = new Set([0, 404, 408, 410, 425, 429]);

/**
 * Should a failed request be repeated although hls.js would not? It repeats none after a network error or a 4xx, and skips
 * a live segment at once. Pure.
 */
export function retriesInPlace(facts: RetryFacts): boolean {
  const { status, retryCount, hasAlternative, hasPlayed, bufferedS } = facts;
  if (status === undefined || hasAlternative) return false;
  if (!PASSING.has(status) && !hasPlayed) return false;
  return retryCount < QUICK_RETRIES || bufferedS > PATIENT_BUFFER_S || !hasPlayed;
}

/** Names that the older settings of hls.js begin with. A page that uses them gets what hls.js makes of them. */
const LEGACY_PREFIX = { fragLoadPolicy: 'fragLoading', playlistLoadPolicy: 'levelLoading' } as const;

/**
 * Load policies of hls.js with shorter waits, because a viewer waits: a second, which `RequestPace` makes longer in a long
 * fault. {@link retriesInPlace} adds what hls.js does not repeat. Other limits are those of hls.js 1.7.
 *
 * @param pageConfig - the page’s `hlsConfig`, whose own policies replace these.
 */
export function loadPolicies(
  pageConfig: Readonly<Record<string, unknown>>,
  facts: () => Omit<RetryFacts, 'status' | 'retryCount'>,
): Partial<HlsConfig> {
  const errorRetry = (maxNumRetry: number): RetryConfig => ({
    maxNumRetry,
    retryDelayMs: 1000,
    maxRetryDelayMs: 4000,
    backoff: 'linear',
    shouldRetry: (config, retryCount, _isTimeout, response, retry) =>
      retry ||
      (retryCount < (config?.maxNumRetry ?? 0) &&
        retriesInPlace({ ...facts(), status: response?.code, retryCount })),
  });
  const timeoutRetry = (maxNumRetry: number): RetryConfig => ({
    maxNumRetry,
    retryDelayMs: 0,
    maxRetryDelayMs: 0,
  });
  const policies: Record<'fragLoadPolicy' | 'keyLoadPolicy' | 'playlistLoadPolicy', LoadPolicy> = {
    fragLoadPolicy: {
      default: {
        maxTimeToFirstByteMs: 10_000,
        maxLoadTimeMs: 120_000,
        timeoutRetry: timeoutRetry(4),
        errorRetry: errorRetry(6),
      },
    },
    keyLoadPolicy: {
      default: {
        maxTimeToFirstByteMs: 8000,
        maxLoadTimeMs: 20_000,
        timeoutRetry: { ...timeoutRetry(1), retryDelayMs: 1000, maxRetryDelayMs: 4000 },
        errorRetry: errorRetry(8),
      },
    },
    playlistLoadPolicy: {
      default: {
        maxTimeToFirstByteMs: 10_000,
        maxLoadTimeMs: 20_000,
        timeoutRetry: timeoutRetry(2),
        errorRetry: errorRetry(2),
      },
    },
  };
  const isLegacy = (name: string): boolean =>
    name in LEGACY_PREFIX &&
    Object.keys(pageConfig).some((key) => key.startsWith(LEGACY_PREFIX[name as keyof typeof LEGACY_PREFIX]));
  return Object.fromEntries(Object.entries(policies).filter(([name]) => !isLegacy(name)));
}
