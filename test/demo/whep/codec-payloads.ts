import type { VideoCodec } from '../../../demo/backend/webrtc/codecs/video-codec.js';

/** First packets of keyframes of 640x480. */
export const VP8_KEY = Buffer.from('1050020' + '09d012a8002e001', 'hex');
export const VP9_KEY = Buffer.from('8a8505' + '10' + '028001e0' + '00', 'hex');

const CODECS: Readonly<Record<VideoCodec, readonly [name: string, parameters: string]>> = {
  h264: ['H264', 'packetization-mode=1;profile-level-id=42e01f'],
  vp8: ['VP8', ''],
  vp9: ['VP9', 'profile-id=0'],
  av1: ['AV1', 'level-idx=5;profile=0;tier=0'],
};

/** An offer of video only, with these codecs in this order. */
export function codecOffer(direction: 'sendonly' | 'recvonly', order: readonly VideoCodec[]): string {
  const entries = order.map((codec, index) => ({ payloadType: 100 + 2 * index, codec: CODECS[codec] }));
  const payloadTypes = entries.flatMap(({ payloadType }) => [payloadType, payloadType + 1]);
  const lines = [
    'v=0',
    'o=- 7861234567890123456 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    `m=video 9 UDP/TLS/RTP/SAVPF ${payloadTypes.join(' ')}`,
    'c=IN IP4 0.0.0.0',
    'a=ice-ufrag:DJP0',
    'a=ice-pwd:abcdefghijklmnopqrstuvwx',
    `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`,
    'a=setup:actpass',
    'a=mid:0',
    `a=${direction}`,
    'a=rtcp-mux',
    ...entries.flatMap(({ payloadType, codec: [name, parameters] }) => [
      `a=rtpmap:${payloadType} ${name}/90000`,
      `a=rtcp-fb:${payloadType} nack pli`,
      ...(parameters === '' ? [] : [`a=fmtp:${payloadType} ${parameters}`]),
      `a=rtpmap:${payloadType + 1} rtx/90000`,
      `a=fmtp:${payloadType + 1} apt=${payloadType}`,
    ]),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** The packet of a picture in VP8, with a picture id of 15 bits. */
export function vp8Picture(isKey: boolean, width: number, height: number, pictureId: number): Buffer {
  const descriptor = [0x90, 0x80, 0x80 | (pictureId >> 8), pictureId & 0xff];
  const size = [width & 0xff, width >> 8, height & 0xff, height >> 8];
  return Buffer.of(...descriptor, isKey ? 0x50 : 0x51, 2, 0, 0x9d, 0x01, 0x2a, ...size);
}
