import type { Redis } from 'ioredis';
import { redisReplayCache } from '../dpop/redis-replay-cache.js';
import { memoryReplayCache, type ReplayCache } from '../dpop/replay-cache.js';
import { memoryRateLimiter } from '../limits/memory-rate-limiter.js';
import type { LimitRate, RateLimiter } from '../limits/rate-limiter.js';
import { redisRateLimiter } from '../limits/redis-rate-limiter.js';
import { readSecret } from '../node/read-secret.js';
import type { Logger } from '../http/logger.js';
import { redisUsageStore } from '../limits/redis-usage-store.js';
import { memoryUsageStore, type UsageStore } from '../limits/usage-store.js';
import { sleep } from '../http/timeouts.js';
import type { Metrics } from '../http/metrics.js';
import { makeRandom } from '../revocation/grant-id.js';
import { redisRevocationStore } from '../revocation/redis-revocation-store.js';
import type { RevocationStore } from '../revocation/revocation-store.js';
import { createRevocations, type Revocations } from '../revocation/revocations.js';
import type { Config } from './config-schema.js';
import { connectRedis } from './connect-redis.js';
import { longestLifeSeconds } from './longest-life.js';

export interface Stores {
  /** Of the token endpoint. */
  readonly limits: { readonly user?: RateLimiter | undefined; readonly address?: RateLimiter | undefined };
  /** Of the playlist signer. */
  readonly playlistLimits: { readonly user: RateLimiter; readonly address: RateLimiter };
  readonly usage: UsageStore;
  /** Used proofs of possession. */
  readonly replays: ReplayCache;
  /** What access has ended; with `admin` or `push` only. */
  readonly revocations: Revocations | undefined;
  isUp(): Promise<boolean>;
  close(): void;
}

/** Time that a server waits for the first list of revocations at its start. Then the policy for a store that is down applies. */
const FIRST_LIST_MS = 2000;

/** Creates rate limiters and the stores in memory, or in Redis if the configuration has `store.redis`. */
export async function createStores(config: Config, logger: Logger, metrics: Metrics): Promise<Stores> {
  const { user, address, playlists } = config.limits;
  if (!config.store.redis) {
    return {
      limits: { user: user && memoryRateLimiter(user), address: address && memoryRateLimiter(address) },
      playlistLimits: {
        user: memoryRateLimiter(playlists.user),
        address: memoryRateLimiter(playlists.address),
      },
      usage: memoryUsageStore(),
      replays: memoryReplayCache(),
      revocations: await revocationsOf(config, logger, metrics),
      isUp: () => Promise.resolve(true),
      close: () => undefined,
    };
  }
  const client = await connectRedis(await readSecret(config.store.redis), logger);
  const revocations = await sharedRevocations(config, logger, metrics, client);
  const limiter = (name: string, rate: LimitRate | undefined) => rate && redisRateLimiter(client, name, rate);
  return {
    limits: { user: limiter('user', user), address: limiter('address', address) },
    playlistLimits: {
      user: redisRateLimiter(client, 'playlists-user', playlists.user),
      address: redisRateLimiter(client, 'playlists-address', playlists.address),
    },
    usage: redisUsageStore(client),
    replays: redisReplayCache(client),
    revocations,
    isUp: () =>
      client.ping().then(
        () => true,
        () => config.store.whenDown === 'open',
      ),
    close() {
      revocations?.close();
      client.disconnect();
    },
  };
}

/** Waits for the first list, so that the first requests are not refused. */
async function sharedRevocations(config: Config, logger: Logger, metrics: Metrics, client: Redis) {
  if (!isRevoking(config)) return undefined;
  const waiting = new AbortController();
  const late = sleep(FIRST_LIST_MS, waiting.signal).catch(() => undefined);
  const isConnected =
    client.status === 'ready' || new Promise<void>((resolve) => client.once('ready', () => resolve()));
  await Promise.race([isConnected, late]);
  const revocations = await revocationsOf(config, logger, metrics, redisRevocationStore(client));
  await Promise.race([revocations?.ready, late]);
  waiting.abort();
  return revocations;
}

function isRevoking({ admin, push = false }: Config): boolean {
  return admin !== undefined || push !== false;
}

async function revocationsOf(
  config: Config,
  logger: Logger,
  metrics: Metrics,
  store?: RevocationStore,
): Promise<Revocations | undefined> {
  if (!isRevoking(config)) return undefined;
  const { whenDown } = config.store;
  const from = config.revocations?.secret ?? config.admin?.key;
  return createRevocations({
    longestLifeSeconds: longestLifeSeconds(config),
    ...(store && { store }),
    // Without a secret, no origin can know the pseudonyms: the names of users are enough for what this server checks.
    secret: from ? await readSecret(from) : makeRandom() + makeRandom(),
    ...(whenDown && { whenStoreDown: whenDown }),
    logger,
    metrics,
  });
}
