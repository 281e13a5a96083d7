import type { Config } from './config-schema.js';
import { configuredIssuers, issuerTypeOf } from './issuer-config.js';

/** Default of issuers that sign, and of the playlist cookie. */
const DEFAULT_SECONDS = 300;
/** For a vendor’s service that chooses the life itself. */
const DAY_SECONDS = 86_400;

/** The longest life of a token that a configuration can issue, in seconds. */
export function longestLifeSeconds({ issuers, playlists }: Pick<Config, 'issuers' | 'playlists'>): number {
  const lives = (['playback', 'ingest'] as const)
    .flatMap((purpose) => configuredIssuers(issuers[purpose]))
    .map(({ config }) => {
      const ttlSeconds = 'ttlSeconds' in config ? config.ttlSeconds : undefined;
      if (typeof ttlSeconds === 'number') return ttlSeconds;
      return issuerTypeOf(config).signsFor !== undefined ? DEFAULT_SECONDS : DAY_SECONDS;
    });
  return Math.max(...lives, playlists ? (playlists.cookieTtlSeconds ?? DEFAULT_SECONDS) : 1);
}
