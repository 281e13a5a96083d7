import { RTCRtpCodecParameters, useH264 } from 'werift';
import { VIDEO_FORMATS } from './video-codec.js';
import type { VideoCodec } from './video-codec.js';

type Parameters = Partial<Pick<RTCRtpCodecParameters, 'payloadType' | 'rtcpFeedback'>>;

/** A codec as the peer connection needs it. */
export function videoParameters(codec: VideoCodec, parameters: Parameters): RTCRtpCodecParameters {
  if (codec === 'h264') return useH264(parameters);
  const mimeType = `video/${VIDEO_FORMATS[codec].sdpName}`;
  return new RTCRtpCodecParameters({ mimeType, clockRate: 90_000, ...parameters });
}
