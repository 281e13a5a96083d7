import { measureIngestDelay } from '../ingest-delay.js';
import type { Bench } from '../report/bench-report.js';

/** Delay of a picture from a camera through WHIP and HLS to a player. */
export const measureIngest: Bench = async ({ isQuick, tell }) => {
  const seconds = isQuick ? 8 : 30;
  tell(`camera to picture, ${seconds} s`);
  const figures = await measureIngestDelay({ seconds });
  return {
    tables: [
      {
        title: `Camera to picture by WHIP and HLS, ${seconds} s`,
        columns: [
          '',
          'median ms',
          '95 % ms',
          'worst ms',
          '201 after ms',
          'picture after ms',
          'dropped',
          'stalls',
        ],
        rows: [
          [
            `${figures.pictures} pictures`,
            figures.medianMs,
            figures.p95Ms,
            figures.worstMs,
            figures.acceptedMs,
            figures.firstPictureMs,
            figures.droppedFrames,
            figures.stalls,
          ],
        ],
      },
    ],
    aims: [],
    figures,
  };
};
