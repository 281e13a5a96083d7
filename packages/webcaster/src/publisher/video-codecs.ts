/** Names of video codecs in the attribute `codec`, as in their MIME types; `hevc` is another name of `h265`. */
export const CODEC_NAMES = ['h264', 'vp8', 'vp9', 'av1', 'h265', 'hevc'] as const;

/** The name of one video codec in the attribute `codec`. */
export type VideoCodecName = (typeof CODEC_NAMES)[number];

/** What `codec` may be instead of names. */
export const CODEC_MODES = ['auto', 'enhanced'] as const;

type CodecMode = (typeof CODEC_MODES)[number];

/**
 * `auto` prefers H.264 and offers the other codecs after it. `enhanced` offers AV1, HEVC and VP9 first, as far as this device
 * encodes them well, and H.264 after them. One name, or several by preference (`av1 vp9 h264`), offers only those.
 */
export type VideoCodec = CodecMode | VideoCodecName | `${VideoCodecName} ${string}`;

/** Repair formats, which are offered with every codec. */
export const REPAIR_FORMAT = /\/(rtx|red|ulpfec|flexfec-03)$/i;

/** The names in a list of codecs, by preference, each once. */
export function readCodecList(codec: string): readonly string[] {
  const names = codec.toLowerCase().split(/\s+/).filter(Boolean);
  return [...new Set(names.map((name) => (name === 'hevc' ? 'h265' : name)))];
}

/** A value of `codec` that has no meaning; `null` if all of it has one. A mode stands alone. */
export function wrongCodec(codec: unknown): unknown {
  if (typeof codec !== 'string') return codec;
  const [first, ...rest] = codec.split(/\s+/).filter(Boolean);
  const known: readonly string[] = rest.length > 0 ? CODEC_NAMES : [...CODEC_MODES, ...CODEC_NAMES];
  if (first === undefined) return codec;
  return [first, ...rest].find((name) => !known.includes(name)) ?? null;
}

/** Names of the video codecs that this browser can send, in its own order. */
export function sendableCodecs(): readonly string[] {
  if (typeof RTCRtpSender === 'undefined') return [];
  const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
  const types = codecs.map(({ mimeType }) => mimeType.toLowerCase());
  return [...new Set(types.filter((type) => !REPAIR_FORMAT.test(type)).map(codecName))];
}

/** `h264` of `video/H264`. */
export function codecName(mimeType: string): string {
  return mimeType.slice(mimeType.indexOf('/') + 1).toLowerCase();
}
