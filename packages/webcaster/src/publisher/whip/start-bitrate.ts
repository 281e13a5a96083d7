import { editFormat } from '@gatecast/webrtc';

/** Share of `video-bitrate` that an encoder starts with. */
const START_SHARE = 0.6;

/**
 * The ingest's SDP answer with a start bitrate for Chromium. Without it Chromium starts at 300 kbit/s and takes half a
 * minute to reach a few Mbit/s if the ingest sends no bandwidth feedback. Other engines ignore the parameter.
 */
export function withStartBitrate(answerSdp: string, videoBitrateKbps: number): string {
  return editFormat(answerSdp, { kind: 'video' }, (parameters) => {
    const name = 'x-google-start-bitrate';
    if (!parameters.has(name)) parameters.set(name, String(Math.round(videoBitrateKbps * START_SHARE)));
  });
}
