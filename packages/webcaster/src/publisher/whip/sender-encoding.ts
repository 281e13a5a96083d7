import type { EncodingSettings } from '../broadcast-target.js';

/** The limits of an encoder at its start. */
export function firstEncoding(kind: string, encoding: EncodingSettings): RTCRtpEncodingParameters {
  return kind === 'video'
    ? { maxBitrate: encoding.videoBitrateKbps * 1000, maxFramerate: encoding.framerate }
    : { maxBitrate: encoding.audioBitrateKbps * 1000 };
}

/** Changes the limits of a running encoder. */
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
