import { VIDEO_FORMATS } from './codecs/video-codec.js';
import type { PictureSize } from './codecs/picture-fields.js';
import type { VideoCodec } from './codecs/video-codec.js';

/** A sender pauses encodings for which its network is too slow. */
const ALIVE_MS = 1500;

interface Encoding {
  readonly rid: string;
  heardAtMs: number;
  size: PictureSize | undefined;
}

/** What is known of the encodings of one picture: which of them come, and how large each one is. */
export class EncodingChoice {
  #encodings = new Map<string, Encoding>();

  /** Sizes, largest first, of encodings that come. */
  alive(nowMs: number): readonly { readonly rid: string; readonly size: PictureSize | undefined }[] {
    return [...this.#encodings.values()]
      .filter(({ heardAtMs }) => nowMs - heardAtMs < ALIVE_MS)
      .sort((a, b) => area(b.size) - area(a.size));
  }

  /** The largest encoding that comes. `undefined` if there is none. */
  best(nowMs: number): string | undefined {
    return this.alive(nowMs)[0]?.rid;
  }

  /** Forgets all encodings. */
  reset(): void {
    this.#encodings = new Map();
  }

  /** Returns whether the packet brought another picture size. */
  onPacket(codec: VideoCodec, rid: string, payload: Uint8Array, nowMs: number): boolean {
    const encoding = this.#encodings.get(rid) ?? { rid, heardAtMs: nowMs, size: undefined };
    this.#encodings.set(rid, encoding);
    encoding.heardAtMs = nowMs;
    if (!VIDEO_FORMATS[codec].startsKeyframe(payload)) return false;
    const size = readSize(codec, payload);
    const { size: before } = encoding;
    if (!size || (before?.width === size.width && before.height === size.height)) return false;
    encoding.size = size;
    return true;
  }
}

function area(size: PictureSize | undefined): number {
  return size ? size.width * size.height : 0;
}

/** What a publisher sends may be invalid. Its size then is not known. */
function readSize(codec: VideoCodec, payload: Uint8Array): PictureSize | undefined {
  try {
    return VIDEO_FORMATS[codec].pictureSize(payload);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
