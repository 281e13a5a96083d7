import type { ErrorCode, GatecastError } from '../errors.js';
import { isAccessEnd } from './access-end.js';

/** `passes`: another attempt can succeed without a change by the page. `final`: only the page or its operator can help. */
export type Outlook = 'passes' | 'final';

export interface FailureHistory {
  /**
   * Has the same service worked before: has the stream played, the broadcast been live, the backend sent a token?
   * Then the page is set up correctly, and what fails now will probably work again.
   */
  readonly hasWorked: boolean;
  /** Does the page expect that the stream starts later? @defaultValue false */
  readonly mayStartLater?: boolean | undefined;
}

/** Errors about the page, its settings, the browser or the person in front of it: no server changes them. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'option-invalid',
  'settings-invalid',
  'source-missing',
  'source-origin-not-allowed',
  'codec-unsupported',
  'codec-unavailable',
  'engine-unsupported',
  'publisher-unsupported',
  'webrtc-unsupported',
  'capture-unsupported',
  'insecure-page',
  'permission-denied',
  'vendor-script-not-allowed',
  'token-refused',
  'token-source-missing',
]);

/**
 * Decides whether a failure of a playlist, segment, key, licence, token or ingest can pass. This is the only place that
 * decides it: callers try again for as long as it passes, with the waits of `retryDelayMs`.
 *
 * | Failure | Nothing has worked yet | It has worked before |
 * |---|---|---|
 * | no response, time-out, HTTP 408, 425, 429, 5xx | passes | passes |
 * | the origin refuses each token | passes | passes |
 * | HTTP 404 or 410 of a stream | final, unless it may start later | passes |
 * | another status, a response of another form | final | passes |
 * | the token endpoint refuses the viewer (HTTP 401, 403) | final | final |
 * | the backend or the origin has ended the access | final | final |
 * | an option, the browser, the codec | final | final |
 */
export function outlook(
  { code, retryable }: Pick<GatecastError, 'code' | 'retryable'>,
  { hasWorked, mayStartLater = false }: FailureHistory,
): Outlook {
  if (FINAL.has(code) || isAccessEnd(code)) return 'final';
  if (hasWorked || retryable) return 'passes';
  return mayStartLater && code === 'source-not-found' ? 'passes' : 'final';
}
