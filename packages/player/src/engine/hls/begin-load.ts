import type Hls from 'hls.js';
import type { StartPlan } from '../../loading/plan-start.js';
import type { Resumption } from './build-choice.js';

/** Where a source begins that does not continue another one. */
export interface LoadBegin {
  /** Part of the address of the rendition to begin with. */
  readonly startUrl: StartPlan['startUrl'] | undefined;
  /** Does that rendition stay? */
  readonly isFixed: boolean;
  /** Position in seconds; -1 for the default of hls.js. @defaultValue what the page has configured */
  readonly positionS: number | undefined;
}

/** Lets hls.js load segments from where playback begins or continues. */
export function beginLoad(
  hls: Hls,
  resumption: Resumption | null,
  { startUrl, isFixed, positionS }: LoadBegin,
): void {
  const isStart = resumption?.isSameLevel ?? (({ url }) => startUrl && url.includes(startUrl));
  const start = hls.levels.findIndex(isStart);
  if (start >= 0 && (resumption || hls.config.startLevel === undefined)) hls.startLevel = start;
  if (resumption?.isFixed ?? isFixed) hls.loadLevel = Math.max(0, start);
  hls.startLoad(resumption?.startPosition ?? positionS ?? hls.config.startPosition);
}
