import type { TokenPurpose } from '@gatecast/contract';
import type { ProblemCode } from './problem.js';

/** Receives metrics. `createPrometheusMetrics` of `@gatecast/server/node` implements it for Prometheus. */
export interface Metrics {
  /** A handler sent a response. `seconds` is the time since the request. */
  answered(handler: string, status: number, seconds: number): void;
  /** A handler sent a problem. */
  refused(handler: string, code: ProblemCode): void;
  /** Tokens were issued. */
  minted(purpose: TokenPurpose, count: number): void;
  /** One request to a vendor's service failed. `service` is the name of the service. */
  vendorFailed(service: string, code: ProblemCode): void;
}

const drop = (): void => undefined;

/** Records nothing. */
export const silentMetrics: Metrics = { answered: drop, refused: drop, minted: drop, vendorFailed: drop };
