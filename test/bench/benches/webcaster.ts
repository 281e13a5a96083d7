import type { Bench, Cell } from '../report/bench-report.js';
import { measureWebcaster as measure, type Spread } from '../webcaster.js';

/** How soon a broadcast is on air, and on air again, and what the tag costs to load. */
export const measureWebcaster: Bench = async ({ isQuick, tell }) => {
  const runs = isQuick ? 2 : 10;
  tell(`${runs} broadcasts and as many recoveries`);
  const figures = await measure({ runs });
  const row = (name: string, { medianMs, worstMs }: Spread): Cell[] => [name, medianMs, worstMs];
  return {
    tables: [
      {
        title: `Webcaster, ${runs} runs (ms)`,
        columns: ['', 'median', 'worst'],
        rows: [
          row('click to first packet', figures.toFirstPacket),
          row('click to live', figures.toLive),
          row('killed ingest to live', figures.recovery),
        ],
      },
      {
        title: 'What the tag loads (brotli bytes)',
        columns: ['', 'bytes'],
        rows: [
          ...Object.entries(figures.payload.files).map(([file, bytes]): Cell[] => [file, bytes]),
          ['total', figures.payload.totalBytes],
        ],
      },
    ],
    aims: [],
    figures,
  };
};
