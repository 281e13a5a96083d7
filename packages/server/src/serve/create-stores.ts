import { redisReplayCache } from '../dpop/redis-replay-cache.js';
import { memoryReplayCache, type ReplayCache } from '../dpop/replay-cache.js';
import { memoryRateLimiter } from '../limits/memory-rate-limiter.js';
import type { LimitRate, RateLimiter } from '../limits/rate-limiter.js';
import { redisRateLimiter } from '../limits/redis-rate-limiter.js';
import { readSecret } from '../node/read-secret.js';
import type { Logger } from '../http/logger.js';
import { redisUsageStore } from '../limits/redis-usage-store.js';
import { memoryUsageStore, type UsageStore } from '../limits/usage-store.js';
import type { Config } from './config-schema.js';
import { connectRedis } from './connect-redis.js';

export interface Stores {
  /** Of the token endpoint. */
  readonly limits: { readonly user?: RateLimiter | undefined; readonly address?: RateLimiter | undefined };
  /** Of the playlist signer. */
  readonly playlistLimits: { readonly user: RateLimiter; readonly address: RateLimiter };
  readonly usage: UsageStore;
  /** Used proofs of possession. */
  readonly replays: ReplayCache;
  isUp(): Promise<boolean>;
  close(): void;
}

/** Creates rate limiters and the usage store in memory, or in Redis if the configuration has `store.redis`. */
export async function createStores(config: Config, logger: Logger): Promise<Stores> {
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
      isUp: () => Promise.resolve(true),
      close: () => undefined,
    };
  }
  const client = await connectRedis(await readSecret(config.store.redis), logger);
  const limiter = (name: string, rate: LimitRate | undefined) => rate && redisRateLimiter(client, name, rate);
  return {
    limits: { user: limiter('user', user), address: limiter('address', address) },
    playlistLimits: {
      user: redisRateLimiter(client, 'playlists-user', playlists.user),
      address: redisRateLimiter(client, 'playlists-address', playlists.address),
    },
    usage: redisUsageStore(client),
    replays: redisReplayCache(client),
    isUp: () =>
      client.ping().then(
        () => true,
        () => config.store.whenDown === 'open',
      ),
    close: () => client.disconnect(),
  };
}
