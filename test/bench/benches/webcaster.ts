import type { Bench, Cell } from '../report/bench-report.js';
import { measureWebcaster as measure, type Spread } from '../webcaster.js';

const PAYLOAD_LIMIT_BYTES = 20_000;
const RECOVERY_LIMIT_MS = 10_000;

/** Time to go live, time to reconnect, and the bytes that the tag loads. */
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
        title: 'What going live by WHIP with controls loads (brotli bytes)',
        columns: ['', 'bytes'],
        rows: [
          ...Object.entries(figures.payload.own).map(([file, bytes]): Cell[] => [file, bytes]),
          ['beyond a page that only plays', figures.payload.ownBytes],
          ...Object.entries(figures.payload.shared).map(([file, bytes]): Cell[] => [
            `shared: ${file}`,
            bytes,
          ]),
        ],
      },
    ],
    aims: [
      {
        aim: 'At most 20 kB beyond what the player loads',
        measured: `${figures.payload.ownBytes} B`,
        isMet: figures.payload.ownBytes <= PAYLOAD_LIMIT_BYTES,
      },
      {
        aim: 'Live again within 10 s of a killed ingest',
        measured: `${figures.recovery.worstMs} ms at worst`,
        isMet: figures.recovery.worstMs <= RECOVERY_LIMIT_MS,
      },
    ],
    figures,
  };
};
