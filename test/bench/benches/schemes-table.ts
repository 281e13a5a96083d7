import type { SchemeLines } from '../lines/scheme-lines.js';
import type { Cell, Table } from '../report/bench-report.js';

export type SchemePage = 'Gatecast' | 'by hand';
export type SchemeStreamKind = 'live' | 'VOD';

/** Playback of one stream with one scheme in one page. */
export interface SchemeRowFigures {
  readonly page: SchemePage;
  readonly scheme: string;
  readonly label: string;
  readonly way: string;
  readonly stream: SchemeStreamKind;
  /** Total time in which the media clock stood still, and the longest, in milliseconds. */
  readonly stalledMs: number;
  readonly controlStalledMs: number;
  readonly longestMs: number;
  readonly controlLongestMs: number;
  readonly reloads: number;
  /** Errors of hls.js with a status 401 or 403, and all others. */
  readonly refusedInEngine: number;
  readonly otherErrors: readonly string[];
  readonly failures: readonly string[];
  readonly refusedAtOrigin: Readonly<Record<string, number>>;
  readonly tokenRequests: number;
  readonly renewedByOrigin: number;
  /** Tokens at the origin that do not belong there, and at the other origin. */
  readonly foreignTokens: number;
}

/** One row for each playback, beside the lines that a team writes for the scheme. */
export function schemesTable(
  title: string,
  figures: readonly SchemeRowFigures[],
  lines: readonly SchemeLines[],
): Table {
  return {
    title,
    columns: [
      ...[
        'scheme',
        'page',
        'way',
        'live/VOD',
        'stalled ms / control',
        'longest stall ms / control',
        'reloads',
      ],
      ...['refusals at engine', 'refusals at origin', 'stray tokens', 'token requests', 'renewed by CDN'],
      ...['lines Gatecast', 'lines by hand', 'failures'],
    ],
    rows: figures.map((row): Cell[] => {
      const own = lines.find(({ scheme }) => scheme === row.scheme);
      return [
        ...[row.label, row.page, row.way, row.stream],
        `${row.stalledMs} / ${row.controlStalledMs}`,
        `${row.longestMs} / ${row.controlLongestMs}`,
        ...[row.reloads, row.refusedInEngine],
        Object.entries(row.refusedAtOrigin)
          .map(([code, count]) => `${count} ${code}`)
          .join(', ') || 0,
        ...[row.foreignTokens, row.tokenRequests, row.renewedByOrigin],
        ...[own ? own.page + own.server : '–', own?.byHand ?? '–'],
        row.failures.join(', ') || 0,
      ];
    }),
  };
}
