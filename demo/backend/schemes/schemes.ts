import type { KeySet } from '@gatecast/server';
import type { Hono } from 'hono';
import { answerError } from '../http/answer-error.js';
import type { BackendEnv } from '../http/backend-env.js';
import type { Faults } from '../qa/faults.js';
import { createSchemeContext } from './scheme-context.js';
import { SchemeCounts } from './scheme-counts.js';
import { ownCheck } from './scheme-issuers.js';
import { createSchemeMedia } from './scheme-media.js';
import { createSchemeOrigin } from './scheme-origin.js';
import { createSchemeRoutes } from './scheme-routes.js';
import type { SchemeCheck } from './scheme-row.js';
import { TokenEnds } from './token-ends.js';

export interface SchemesOptions {
  readonly keys: KeySet;
  readonly faults: Faults;
  /** Lifetime of tokens in seconds. */
  readonly ttlSeconds: () => number;
  readonly now: () => number;
  /** Checks the tokens at the media origins. @defaultValue the check of each issuer */
  readonly check?: SchemeCheck | undefined;
}

/** Media origins and token endpoints of all schemes, with keys that are made at start. */
export function createSchemes(options: SchemesOptions): {
  routes: Hono<BackendEnv>;
  origin: Hono<BackendEnv>;
} {
  const { keys, faults, now, ttlSeconds, check = ownCheck } = options;
  const context = createSchemeContext(keys, now);
  const counts = new SchemeCounts();
  const ends = new TokenEnds({ faults, ttlSeconds, now });
  const shared = { context, counts, faults, ends, now };
  const origin = createSchemeOrigin({ ...shared, media: createSchemeMedia(now), check });
  origin.onError(answerError);
  // The backend calls its own media origins without the network. They still check the token.
  const fetchMedia: typeof globalThis.fetch = async (input, init) =>
    origin.fetch(new Request(input, init), {});
  return { routes: createSchemeRoutes({ ...shared, ttlSeconds, fetch: fetchMedia }), origin };
}
