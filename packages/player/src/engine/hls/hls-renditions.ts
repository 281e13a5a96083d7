import type Hls from 'hls.js';
import { ENTRY_ATTRIBUTE } from '../../loading/plan-start.js';
import type { ResolvedEntry, ResolvedSource } from '../../source/player-source.js';
import type { Rendition } from '../engine.js';

/** Maps renditions, ordered by quality with 0 as the best, to the levels of hls.js, which have another order. */
export interface RenditionMap {
  readonly renditions: readonly Rendition[];
  levelOf(index: number): number;
  indexOf(level: number): number;
}

/** The entry of a level in a composed playlist. */
export function entryOfLevel(hls: Hls, source: ResolvedSource, level: number): ResolvedEntry | undefined {
  const entryIndex = Number(hls.levels[level]?.attrs[ENTRY_ATTRIBUTE] ?? NaN);
  return source.entries.find((entry) => entry.index === entryIndex);
}

/**
 * Maps levels to renditions: the entries of a source that has several, else the levels of hls.js by bitrate.
 *
 * @param leftOut - indices of entries that can no longer be chosen.
 */
export function mapRenditions(hls: Hls, source: ResolvedSource, leftOut: ReadonlySet<number>): RenditionMap {
  const levels = hls.levels.map((level, position) => {
    return { level, position, entry: entryOfLevel(hls, source, position) };
  });
  const isComposed = levels.some(({ entry }) => entry !== undefined);
  const ordered = isComposed
    ? levels
        .filter(({ entry }) => entry && !leftOut.has(entry.index))
        .sort((a, b) => (a.entry?.index ?? 0) - (b.entry?.index ?? 0))
    : [...levels].sort((a, b) => b.level.bitrate - a.level.bitrate);
  const stream = source.entries[0]?.stream ?? '';
  const renditions = ordered.map(({ level, entry }, position): Rendition => {
    if (entry) return entry;
    return {
      index: position,
      label: level.name || (level.height ? `${String(level.height)}p` : `#${String(position)}`),
      bitrateKbps: level.bitrate ? Math.round(level.bitrate / 1000) : null,
      width: level.width || null,
      height: level.height || null,
      framerate: level.frameRate || null,
      stream,
    };
  });
  return {
    renditions,
    levelOf: (index) =>
      ordered[renditions.findIndex((rendition) => rendition.index === index)]?.position ?? -1,
    indexOf: (level) => renditions[ordered.findIndex(({ position }) => position === level)]?.index ?? -1,
  };
}
