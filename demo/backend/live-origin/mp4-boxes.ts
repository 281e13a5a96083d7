/** A box of an ISO base media file: where it lies in the bytes it was found in. */
export interface Box {
  readonly type: string;
  readonly start: number;
  /** First byte after size and type. */
  readonly bodyStart: number;
  readonly end: number;
}

/**
 * The boxes that lie side by side between two offsets.
 *
 * @throws RangeError when a size does not fit its surroundings.
 * @see ISO/IEC 14496-12, 4.2
 */
export function listBoxes(bytes: Uint8Array, start = 0, end = bytes.length): Box[] {
  const view = viewOf(bytes);
  const boxes: Box[] = [];
  for (let at = start; at < end;) {
    const size = view.getUint32(at);
    // Sizes 0 (to the end of the file) and 1 (64 bits) do not occur in segments of seconds.
    if (size < 8 || at + size > end)
      throw new RangeError(`The box at offset ${at} has an invalid size: ${size}.`);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    boxes.push({ type, start: at, bodyStart: at + 8, end: at + size });
    at += size;
  }
  return boxes;
}

/** The boxes of one type at a path such as `moof/traf`, looked for in every parent that fits. */
export function findBoxes(bytes: Uint8Array, path: string, within?: Box): Box[] {
  const [type, ...rest] = path.split('/');
  const found = listBoxes(bytes, within?.bodyStart ?? 0, within?.end ?? bytes.length).filter(
    (box) => box.type === type,
  );
  return rest.length === 0 ? found : found.flatMap((box) => findBoxes(bytes, rest.join('/'), box));
}

/**
 * The first box at a path.
 *
 * @throws RangeError when there is none.
 */
export function findBox(bytes: Uint8Array, path: string, within?: Box): Box {
  const [box] = findBoxes(bytes, path, within);
  if (!box) throw new RangeError(`Box ${path} not found.`);
  return box;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
