import { redactUrl } from '@gatecast/token';
import type { RequestLane, RequestMark } from '@gatecast/qa/internal/record/timeline-record';

export interface WatchResourcesOptions {
  /** Absolute URL of the token endpoint. */
  readonly tokenUrl: () => string;
  readonly onRequests: (marks: readonly RequestMark[]) => void;
  /** How far this page's clock was moved ahead of the browser's, in milliseconds. */
  readonly driftMs: () => number;
  readonly signal: AbortSignal;
}

/**
 * Reads requests from the browser's resource timing, for a backend without a request log. A request to another origin
 * has no status unless that origin sends Timing-Allow-Origin.
 */
export function watchResources({ tokenUrl, onRequests, driftMs, signal }: WatchResourcesOptions): void {
  const observer = new PerformanceObserver((list) => {
    const entries = list.getEntries().filter((entry) => entry instanceof PerformanceResourceTiming);
    onRequests(
      entries.flatMap((entry) => toResourceMark(entry, tokenUrl(), performance.timeOrigin + driftMs())),
    );
  });
  observer.observe({ type: 'resource', buffered: true });
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
}

/** Fields of a resource timing entry that a mark needs. */
export type ResourceFacts = Pick<PerformanceResourceTiming, 'name' | 'startTime' | 'duration'> & {
  /** Not supported by all browsers. */
  readonly responseStatus?: number;
};

/** Converts a request to marks. Removes the query, which may contain a token. */
export function toResourceMark(
  { name, startTime, duration, responseStatus = 0 }: ResourceFacts,
  tokenUrl: string,
  timeOriginMs: number,
): RequestMark[] {
  const address = redactUrl(name);
  // The address as it is: a redacted one may have lost its file name.
  const lane = laneOf(withoutQuery(name), withoutQuery(tokenUrl));
  if (!lane) return [];
  const status = responseStatus === 0 ? 'status not available' : String(responseStatus);
  return [
    {
      key: `${address} ${startTime}`,
      lane,
      atMs: timeOriginMs + startTime,
      // A response with a hidden status is not a failure.
      status: responseStatus === 0 && duration > 0 ? 200 : responseStatus,
      text: `${address} · ${status} after ${Math.round(duration)} ms`,
    },
  ];
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '');
}

function laneOf(address: string, tokenAddress: string): RequestLane | undefined {
  if (tokenAddress !== '' && address === tokenAddress) return 'tokens';
  const path = URL.canParse(address) ? new URL(address).pathname : address;
  if (/\.m3u8$/i.test(path)) return 'playlists';
  if (/\.(ts|m4s|mp4|m4v|m4a|aac|vtt|key)$/i.test(path)) return 'media';
  return path.includes('/whip/') ? 'ingest' : undefined;
}
