import type { Rendition } from '../engine/engine.js';

/** Parts by which the same quality may differ from one engine to the other: a cropped picture, and a bitrate that is measured otherwise. */
const HEIGHT_TOLERANCE = 0.1;
const BITRATE_TOLERANCE = 0.25;

/** The rendition of a list that is what the viewer has chosen in another list of the same source; `null` if none is. */
export function fittingRendition(chosen: Rendition, list: readonly Rendition[]): Rendition | null {
  return (
    list.find((each) => isSame(each, chosen)) ??
    nearest(list, chosen, 'height', HEIGHT_TOLERANCE) ??
    nearest(list, chosen, 'bitrateKbps', BITRATE_TOLERANCE) ??
    list.find((each) => each.index === chosen.index && !isDescribed(each) && !isDescribed(chosen)) ??
    null
  );
}

function isSame(a: Rendition, b: Rendition): boolean {
  return (['index', 'label', 'stream', 'height', 'bitrateKbps'] as const).every(
    (name) => a[name] === b[name],
  );
}

function isDescribed({ height, bitrateKbps }: Rendition): boolean {
  return (height ?? bitrateKbps) !== null;
}

/** Of those with the same distance, the one with the nearest bitrate. A bitrate says nothing about another height. */
function nearest(
  list: readonly Rendition[],
  chosen: Rendition,
  by: 'height' | 'bitrateKbps',
  tolerance: number,
): Rendition | undefined {
  const wanted = chosen[by];
  if (
    wanted === null ||
    (by === 'bitrateKbps' && chosen.height !== null && list.some(({ height }) => height))
  )
    return undefined;
  const distance = (each: Rendition, name: typeof by): number =>
    Math.abs((each[name] ?? Infinity) - (chosen[name] ?? 0));
  return list
    .filter((each) => distance(each, by) <= wanted * tolerance)
    .sort((a, b) => distance(a, by) - distance(b, by) || byBitrate(a, b, chosen))[0];
}

function byBitrate(a: Rendition, b: Rendition, { bitrateKbps }: Rendition): number {
  if (bitrateKbps === null || a.bitrateKbps === null || b.bitrateKbps === null) return 0;
  return Math.abs(a.bitrateKbps - bitrateKbps) - Math.abs(b.bitrateKbps - bitrateKbps);
}
