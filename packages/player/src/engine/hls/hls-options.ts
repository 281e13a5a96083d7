import type { EarlyRequests } from '../../loading/early-requests.js';
import type { StartPlan } from '../../loading/start-plan.js';

/** Properties of the element that this engine reads. */
export interface HlsOptions {
  /** Options for hls.js. */
  readonly hlsConfig: Readonly<Record<string, unknown>>;
}

/** What has begun before hls.js was there. */
export interface HlsStart {
  readonly early: EarlyRequests;
  /** @throws GatecastError why the source cannot be played. */
  prepare(): Promise<StartPlan>;
}
