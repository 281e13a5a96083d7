import type { PlayerSource, SourceEntry } from './player-source.js';

/** The entries written as `<source>` children of an element; `null` when there are none. */
export function readSourceChildren(element: Element): PlayerSource | null {
  const sources = [...element.querySelectorAll<HTMLSourceElement>(':scope > source[src]')];
  if (sources.length === 0) return null;
  return { entries: sources.map(readEntry) };
}

function readEntry(element: HTMLSourceElement, position: number): SourceEntry {
  const { stream, bitrate, width, height, framerate, index, tag } = element.dataset;
  return {
    hls: element.getAttribute('src') ?? '',
    index: toNumber(index) ?? position,
    info: {
      bitrate: toNumber(bitrate),
      width: toNumber(width),
      height: toNumber(height),
      framerate: toNumber(framerate),
    },
    label: element.getAttribute('label') ?? element.dataset['label'],
    stream,
    tag,
  };
}

function toNumber(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || text === '' || Number.isNaN(value) ? undefined : value;
}
