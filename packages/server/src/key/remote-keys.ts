import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { Problem } from '../http/problem.js';
import { readBoundedText } from '../http/read-bounded-text.js';
import { createLookupBudget, type LookupDecision } from './lookup-budget.js';

export interface RemoteKeysOptions {
  /** Time after which a fetched JWKS is fetched again, in milliseconds. @defaultValue 600,000 */
  readonly cacheMaxAgeMs?: number | undefined;
  /**
   * Shortest time between two fetches for unknown keys, in milliseconds.
   *
   * @defaultValue up to 5 fetches at once, then one every 5,000
   */
  readonly cooldownMs?: number | undefined;
  /** Time limit of a fetch in milliseconds. @defaultValue 5,000 */
  readonly timeoutMs?: number | undefined;
  /** @defaultValue `globalThis.fetch` */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const LARGEST_JWKS_BYTES = 262_144;
const LONGEST_KID = 256;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

interface FetchedKeys {
  readonly resolve: ReturnType<typeof createLocalJWKSet>;
  readonly fetchedAtMs: number;
}

/**
 * Finds public keys of a remote JWKS by `kid`. One request is in flight at a time.
 *
 * A key that is not in the cached set is looked up at once, so that a newly published key works immediately. The `kid`
 * of a token is not trusted: a budget limits the fetches for unknown keys, and each unknown `kid` is remembered.
 * Tokens of cached keys never wait for such a fetch. After a failed fetch the next one waits 1 s, then twice as long
 * each time, up to 30 s.
 *
 * The function rejects with a jose error for a key that the set does not have, and with a Problem `keys-unavailable`
 * (503) when the set cannot be fetched.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
 */
export function createRemoteKeys(url: URL, options: RemoteKeysOptions = {}): JWTVerifyGetKey {
  const { cacheMaxAgeMs = 600_000, timeoutMs = 5000 } = options;
  const now = (): number => Date.now();
  const budget = createLookupBudget(options.cooldownMs, now);
  let cached: FetchedKeys | undefined;
  let inFlight: Promise<FetchedKeys> | undefined;
  let failures = 0;
  let retryAtMs = -Infinity;

  async function load(): Promise<FetchedKeys> {
    const startedAtMs = now();
    try {
      const jwks = await fetchJwks(url, options.fetch ?? globalThis.fetch, timeoutMs);
      cached = { resolve: createLocalJWKSet(jwks), fetchedAtMs: startedAtMs };
      failures = 0;
      budget.loaded();
      return cached;
    } catch (cause) {
      const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
      failures += 1;
      retryAtMs = now() + waitMs;
      throw unavailable(waitMs, cause);
    } finally {
      inFlight = undefined;
    }
  }

  function refresh(): Promise<FetchedKeys> {
    if (inFlight) return inFlight;
    const waitMs = failures > 0 ? retryAtMs - now() : 0;
    if (waitMs > 0) return Promise.reject(unavailable(waitMs));
    return (inFlight = load());
  }

  return async (header, token) => {
    const fresh = cached && now() - cached.fetchedAtMs < cacheMaxAgeMs ? cached : await refresh();
    try {
      return await fresh.resolve(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const kid = header.kid ?? '';
      if (kid.length > LONGEST_KID) throw error;
      const key = `${header.alg} ${kid}`;
      // The set may have been replaced while this token waited.
      if (cached === fresh) {
        const decision: LookupDecision = inFlight ? { kind: 'fetch' } : budget.take(key);
        if (decision.kind === 'known-missing') throw error;
        if (decision.kind === 'wait') throw unavailable(decision.waitMs);
        await refresh();
      }
      try {
        return await (cached ?? fresh).resolve(header, token);
      } catch (again) {
        if (again instanceof errors.JWKSNoMatchingKey) budget.missed(key);
        throw again;
      }
    }
  };
}

async function fetchJwks(
  url: URL,
  fetch: typeof globalThis.fetch,
  timeoutMs: number,
): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    headers: { Accept: 'application/jwk-set+json, application/json' },
    // A redirect could lead to a server that nobody trusts with the keys.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`The JWKS address returned HTTP ${String(response.status)}.`);
  }
  const text = await readBoundedText(response, LARGEST_JWKS_BYTES);
  if (text === null) throw new Error(`The JWKS is larger than ${String(LARGEST_JWKS_BYTES)} bytes.`);
  return JSON.parse(text) as JSONWebKeySet;
}

function unavailable(waitMs: number, cause?: unknown): Problem {
  return new Problem('keys-unavailable', 'The public keys are not available.', {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
    cause,
  });
}
