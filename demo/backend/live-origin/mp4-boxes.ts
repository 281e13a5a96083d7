/** A box of an ISO base media file. Offsets are in bytes; `end` is exclusive. */
export interface Box {
  readonly type: string;
  readonly start: number;
  /** Offset of the first byte after size and type. */
  readonly bodyStart: number;
  readonly end: number;
}

/**
 * Lists the boxes between two offsets, without their child boxes.
 *
 * @throws RangeError if a box is smaller than its header or ends after `end`.
 * @see ISO/IEC 14496-12, 4.2
 */
export function listBoxes(bytes: Uint8Array, start = 0, end = bytes.length): Box[] {
  const view = viewOf(bytes);
  const boxes: Box[] = [];
  for (let at = start; at < end;) {
    const size = view.getUint32(at);
    // Size 0 (to the end of the file) and size 1 (64-bit size) do not occur in short segments.
    if (size < 8 || at + size > end)
      throw new RangeError(`The box at offset ${at} has an invalid size: ${size}.`);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    boxes.push({ type, start: at, bodyStart: at + 8, end: at + size });
    at += size;
  }
  return boxes;
}

/** Finds all boxes at a path such as `moof/traf`, in all matching parents. */
export function findBoxes(bytes: Uint8Array, path: string, within?: Box): Box[] {
  const [type, ...rest] = path.split('/');
  const found = listBoxes(bytes, within?.bodyStart ?? 0, within?.end ?? bytes.length).filter(
    (box) => box.type === type,
  );
  return rest.length === 0 ? found : found.flatMap((box) => findBoxes(bytes, rest.join('/'), box));
}

/**
 * Finds the first box at a path such as `moof/traf`.
 *
 * @throws RangeError if there is no such box.
 */
export function findBox(bytes: Uint8Array, path: string, within?: Box): Box {
  const [box] = findBoxes(bytes, path, within);
  if (!box) throw new RangeError(`Box ${path} not found.`);
  return box;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
