import type { TokenPurpose } from '@gatecast/contract';
import type { ProblemCode } from './problem.js';

/**
 * What became of the media of a first response: `sent` or, if they were requested for another viewer, `shared`; or why it has
 * none or not all of them.
 */
export type MediaResult =
  | 'sent'
  | 'shared'
  /** The client reads no responses in parts. */
  | 'not-accepted'
  /** The first playlist was not there in time, or the response is for several streams. */
  | 'no-playlist'
  /** No segment is certain to be used. */
  | 'no-segment'
  /** An address may not be requested with the token. */
  | 'not-allowed'
  /** The origin has failed a moment ago. */
  | 'paused'
  /** More than `maxBytes`. */
  | 'too-large'
  | 'memory-full'
  /** The origin is slow, unreachable or overloaded. */
  | 'origin-busy'
  /** The origin has sent something else than these media. */
  | 'origin-refused'
  /** The client closed the connection, or read too slowly. */
  | 'client-left';

/** Receives metrics. `createPrometheusMetrics` of `@gatecast/server/node` implements it for Prometheus. */
export interface Metrics {
  /** A handler sent a response. `seconds` is the time since the request. */
  answered(handler: string, status: number, seconds: number): void;
  /** A handler sent a problem. */
  refused(handler: string, code: ProblemCode): void;
  /** Tokens were issued. */
  minted(purpose: TokenPurpose, count: number): void;
  /** A first response that may have media has ended. `bytes` are those of its media. @defaultValue not recorded */
  mediaAnswered?(result: MediaResult, bytes: number): void;
  /** Access was revoked or allowed again by this process. @defaultValue not recorded */
  revocationChanged?(change: 'revoked' | 'allowed'): void;
  /** Number of revocations that this process knows. @defaultValue not recorded */
  revocationsHeld?(count: number): void;
  /** Number of pages that listen for events of the token endpoint. @defaultValue not recorded */
  listeners?(count: number): void;
  /** One request to a vendor's service failed. `service` is the name of the service. */
  vendorFailed(service: string, code: ProblemCode): void;
}

const drop = (): void => undefined;

/** Records nothing. */
export const silentMetrics: Metrics = { answered: drop, refused: drop, minted: drop, vendorFailed: drop };
