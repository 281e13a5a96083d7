import { RTCRtpCodecParameters, useFIR, useNACK, useOPUS, usePLI } from 'werift';
import type { VideoCodec } from '../codecs/video-codec.js';
import { videoParameters } from '../codecs/video-parameters.js';

/** Of the relay's own offer. A viewer's offer brings its own numbers. */
const PAYLOAD_TYPES = { video: 102, rtx: 103, opus: 111 } as const;

/** What a viewer's session can send: one codec for the video with its retransmissions, and Opus. */
export function viewerCodecs(codec: VideoCodec) {
  const { video, rtx, opus } = PAYLOAD_TYPES;
  return {
    video: [
      videoParameters(codec, { payloadType: video, rtcpFeedback: [useNACK(), usePLI(), useFIR()] }),
      new RTCRtpCodecParameters({
        mimeType: 'video/rtx',
        clockRate: 90_000,
        payloadType: rtx,
        parameters: `apt=${video}`,
      }),
    ],
    audio: [useOPUS({ payloadType: opus, parameters: 'minptime=10;useinbandfec=1' })],
  };
}
