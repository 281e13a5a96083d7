import { editFormat } from '@gatecast/webrtc';

/**
 * The ingest's SDP answer with a start bitrate for Chromium. Without it Chromium starts at 300 kbit/s and takes half a
 * minute to reach a few Mbit/s if the ingest sends no bandwidth feedback. Other engines ignore the parameter. What the
 * ingest itself says stays.
 *
 * @param ownKbps - what this function has put into the answer before.
 */
export function withStartBitrate(answerSdp: string, kbps: number, ownKbps: number | null = null): string {
  return editFormat(answerSdp, { kind: 'video' }, (parameters) => {
    const name = 'x-google-start-bitrate';
    const isOwn = ownKbps !== null && parameters.get(name) === String(ownKbps);
    if (isOwn || !parameters.has(name)) parameters.set(name, String(kbps));
  });
}
