import type { PlayerSource, SourceEntry } from './player-source.js';

/**
 * The entries written as `<source>` children of an element; `null` when there are none.
 *
 * @param addressOf - the `src` of a child without `data-whep`, as a member of an entry.
 */
export function readSourceChildren(
  element: Element,
  addressOf: (src: string) => SourceEntry,
): PlayerSource | null {
  const sources = findChildren(element);
  if (sources.length === 0) return null;
  return { entries: sources.map((source, position) => readEntry(source, position, addressOf)) };
}

export function hasSourceChildren(element: Element): boolean {
  return findChildren(element).length > 0;
}

function findChildren(element: Element): HTMLSourceElement[] {
  return [...element.querySelectorAll<HTMLSourceElement>(':scope>source:is([src],[data-whep])')];
}

function readEntry(
  element: HTMLSourceElement,
  position: number,
  addressOf: (src: string) => SourceEntry,
): SourceEntry {
  const { whep, stream, bitrate, width, height, framerate, index, tag } = element.dataset;
  const src = element.getAttribute('src') ?? '';
  return {
    ...(whep ? { hls: src, whep } : addressOf(src)),
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
