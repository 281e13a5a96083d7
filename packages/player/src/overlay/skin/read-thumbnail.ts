/** A picture of the storyboard: an address, and the part of the image there. */
export interface Thumbnail {
  readonly url: string;
  /** Left, top, width and height in pixels; `null` for the whole image. */
  readonly area: readonly [number, number, number, number] | null;
}

/** Reads the text of a cue, such as `sprite.jpg#xywh=160,0,160,90` (media fragment); `null` if it names no image. */
export function readThumbnail(text: string, base: string): Thumbnail | null {
  const address = text.trim();
  if (address === '' || !URL.canParse(address, base)) return null;
  const url = new URL(address, base);
  if (!/^(?:https?|blob|data):$/.test(url.protocol)) return null;
  const [, numbers] = /[#&]xywh=(?:pixel:)?(\d{1,6}(?:,\d{1,6}){3})(?:&|$)/.exec(url.hash) ?? [];
  url.hash = '';
  const [x = 0, y = 0, width = 0, height = 0] = numbers?.split(',').map(Number) ?? [];
  return { url: url.href, area: width > 0 && height > 0 ? [x, y, width, height] : null };
}

/** The cue at a time: the last one that has begun, or the first one. Cues are in the order of their start. */
export function cueAt<Cue extends { readonly startTime: number }>(
  cues: ArrayLike<Cue>,
  timeS: number,
): Cue | undefined {
  let low = 0;
  let high = cues.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cues[middle]?.startTime ?? 0) <= timeS) low = middle + 1;
    else high = middle;
  }
  return cues[Math.max(0, low - 1)];
}
