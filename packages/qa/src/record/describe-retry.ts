/** Describes when a failed token request is repeated. `null` is never. */
export function describeRetry(willRetryInMs: number | null): string {
  return willRetryInMs === null ? 'No more retries.' : `Retry in ${(willRetryInMs / 1000).toFixed(1)} s.`;
}
