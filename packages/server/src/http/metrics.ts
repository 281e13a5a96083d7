import type { TokenPurpose } from '@gatecast/contract';
import type { ProblemCode } from './problem.js';

/** Where measurements go; `./node` has one for Prometheus. */
export interface Metrics {
  /** A handler answered. */
  answered(handler: string, status: number, seconds: number): void;
  /** A handler refused or failed. */
  refused(handler: string, code: ProblemCode): void;
  /** Tokens went out. */
  minted(purpose: TokenPurpose, count: number): void;
  /** One attempt at a vendor's service failed. */
  vendorFailed(service: string, code: ProblemCode): void;
}

const drop = (): void => undefined;

/** Measures nothing. */
export const silentMetrics: Metrics = { answered: drop, refused: drop, minted: drop, vendorFailed: drop };
