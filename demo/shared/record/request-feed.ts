import { type LogEntry, readLog } from '../qa-client.js';
import { decodeSafely } from '../settings/player-settings.js';
import type { RequestLane, RequestMark } from '@gatecast/qa/internal/record/timeline-record';

export interface RequestFeedOptions {
  /** Streams of this page. Requests for other streams are ignored. */
  readonly streams: () => ReadonlySet<string>;
  readonly onRequests: (marks: readonly RequestMark[]) => void;
  readonly signal: AbortSignal;
  /** Interval in milliseconds. @defaultValue 1000 */
  readonly everyMs?: number;
}

const lanes: Readonly<Partial<Record<LogEntry['kind'], RequestLane>>> = {
  token: 'tokens',
  playlist: 'playlists',
  init: 'media',
  segment: 'media',
  key: 'media',
  sign: 'playlists',
  whip: 'ingest',
  vendor: 'tokens',
};

/** Entries this recent are read again, because the status of a request is added to its entry when it ends. */
const overlapMs = 5_000;

/** Polls the backend's request log while the page is visible. Reports requests since the page was opened. */
export function followRequests({ streams, onRequests, signal, everyMs = 1_000 }: RequestFeedOptions): void {
  let sinceMs: number | undefined;
  let isReading = false;

  async function read(): Promise<void> {
    if (isReading || document.hidden) return;
    isReading = true;
    try {
      const askedAtMs = Date.now();
      const { nowMs, entries } = await readLog(sinceMs ?? Date.now() - overlapMs, signal);
      const offsetMs = nowMs - (askedAtMs + Date.now()) / 2;
      sinceMs = nowMs - overlapMs;
      const wanted = streams();
      const marks = entries
        .filter((entry) => isFor(entry, wanted))
        .flatMap((entry) => toMark(entry, offsetMs));
      onRequests(marks.filter(({ atMs }) => atMs >= performance.timeOrigin));
    } catch {
      // The demo server may be restarting, or the page may have no backend: try again at the next interval.
    } finally {
      isReading = false;
    }
  }

  const timer = setInterval(() => void read(), everyMs);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  void read();
}

function isFor({ kind, path, stream, streams }: LogEntry, wanted: ReadonlySet<string>): boolean {
  if (kind === 'sign') return true;
  if (kind === 'whip' || kind === 'whep') return wanted.has(decodeSafely(path.split('/')[2] ?? ''));
  if (stream !== undefined) return wanted.has(stream);
  return streams?.some((name) => wanted.has(name)) ?? false;
}

/** Converts a log entry to marks. `offsetMs` is how far the server's clock is ahead of this page's. */
export function toMark(entry: LogEntry, offsetMs: number): RequestMark[] {
  const lane = lanes[entry.kind];
  if (!lane) return [];
  const { atMs, method, path, query, status, durationMs, stream, streams, reason } = entry;
  const about = stream ?? streams?.join(', ') ?? '';
  return [
    {
      key: `${atMs} ${method} ${path} ${query}`,
      lane,
      atMs: atMs - offsetMs,
      status,
      text: [
        `${method} ${path}`,
        status === 0 ? 'no response' : `${status} after ${durationMs} ms`,
        reason ? `${about}, ${reason}` : about,
      ].join(' · '),
    },
  ];
}
