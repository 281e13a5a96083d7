import { invalid } from './chunk-recorder.js';

/** VP8 first: it takes the least of the processor that also encodes the broadcast. */
const VIDEO_TYPES = ['video/webm;codecs=vp8,opus', 'video/webm', 'video/mp4'];
const AUDIO_TYPES = ['audio/webm;codecs=opus', 'audio/webm', 'audio/mp4', 'audio/ogg'];

/** The codecs of RFC 6381 that are of sound. */
const AUDIO_CODEC = /^(?:opus|vorbis|mp4a|flac|pcm|ac-3|ec-3)/i;

/**
 * The type of a recording; `null` if the browser supports none. Codecs of sound are left out where no sound is recorded:
 * Firefox 153 waits for that sound, gives nothing and never ends.
 *
 * @throws GatecastError `settings-invalid` if the wanted type is not supported.
 */
export function chooseType(
  wanted: string | undefined,
  { hasVideo, hasSound }: { readonly hasVideo: boolean; readonly hasSound: boolean },
  isSupported: (type: string) => boolean,
): string | null {
  const types = hasVideo ? VIDEO_TYPES : AUDIO_TYPES;
  const supported = types.map((type) => (hasSound ? type : withoutSound(type))).filter(isSupported);
  if (wanted === undefined) return supported[0] ?? null;
  const type = hasSound ? wanted : withoutSound(wanted);
  if (isSupported(type)) return type;
  throw invalid(
    'The option mimeType of the recording is not supported by this browser.',
    `Leave it out, or set it to one of: ${supported.join(', ')}.`,
  );
}

function withoutSound(type: string): string {
  const [container = '', ...parameters] = type.split(';');
  const kept = parameters.flatMap((parameter) => {
    const [name = '', list = ''] = parameter.split('=');
    if (name.trim().toLowerCase() !== 'codecs') return [parameter];
    const codecs = list.replaceAll('"', '').split(',');
    const others = codecs.map((codec) => codec.trim()).filter((codec) => !AUDIO_CODEC.test(codec));
    return others.length === 0 ? [] : [`codecs=${others.join(',')}`];
  });
  return [container, ...kept].join(';');
}
