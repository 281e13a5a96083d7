import type { Fragment } from 'hls.js';

/** Has a segment brought media into the buffer? hls.js also reports a segment as buffered that it has skipped. */
export function hasMedia({ elementaryStreams }: Pick<Fragment, 'elementaryStreams'>): boolean {
  return Object.values(elementaryStreams).some((stream) => stream !== null);
}
