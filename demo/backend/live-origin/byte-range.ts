/** Byte range of a body. `end` is exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Parses a `Range` header with one range. A header with several ranges, or in an unknown form, is ignored, as RFC 9110
 * allows.
 *
 * @returns `undefined` to send the whole body, `unsatisfiable` to respond with status 416.
 * @see RFC 9110, 14.2
 */
export function readByteRange(
  header: string | undefined,
  length: number,
): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match) return undefined;
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return undefined;
  if (from === '') {
    const suffix = Math.min(Number(to), length);
    return suffix === 0 ? 'unsatisfiable' : { start: length - suffix, end: length };
  }
  const start = Number(from);
  const end = to === '' ? length : Math.min(Number(to) + 1, length);
  if (to !== '' && Number(to) < start) return undefined;
  return start >= length ? 'unsatisfiable' : { start, end };
}
