import type { EncodingSettings } from '../../broadcast/broadcast-settings.js';

/** The limits that an encoder starts with. */
export function firstEncoding(kind: string, encoding: EncodingSettings): RTCRtpEncodingParameters {
  return kind === 'video'
    ? { maxBitrate: encoding.videoBitrateKbps * 1000, maxFramerate: encoding.framerate }
    : { maxBitrate: encoding.audioBitrateKbps * 1000 };
}

/** Gives a running encoder other limits. */
export async function applyEncoding(sender: RTCRtpSender, encoding: EncodingSettings): Promise<void> {
  const kind = sender.track?.kind;
  if (!kind) return;
  const parameters = sender.getParameters();
  // Empty before the first negotiation and in engines without simulcast.
  const [first] = parameters.encodings;
  if (!first) return;
  Object.assign(first, firstEncoding(kind, encoding));
  await sender.setParameters(parameters);
}
