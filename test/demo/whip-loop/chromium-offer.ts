type Kind = 'video' | 'audio';

export interface OfferVariant {
  readonly kinds?: readonly Kind[];
  readonly videoCodec?: 'H264' | 'VP8';
  readonly direction?: 'sendonly' | 'recvonly';
}

const CODEC_LINES = {
  audio: ['a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10;useinbandfec=1'],
  H264: [
    'a=rtpmap:102 H264/90000',
    'a=rtcp-fb:102 nack',
    'a=rtcp-fb:102 nack pli',
    'a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f',
    'a=rtpmap:103 rtx/90000',
    'a=fmtp:103 apt=102',
  ],
  VP8: ['a=rtpmap:102 VP8/90000', 'a=rtcp-fb:102 nack pli', 'a=rtpmap:103 rtx/90000', 'a=fmtp:103 apt=102'],
} as const;

/** An offer as Chromium writes it, reduced to the lines that the negotiation reads. */
export function chromiumOffer(variant: OfferVariant = {}): string {
  const kinds = variant.kinds ?? ['audio', 'video'];
  const lines = [
    'v=0',
    'o=- 7861234567890123456 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${kinds.map((_kind, mid) => mid).join(' ')}`,
    'a=msid-semantic: WMS stream',
    ...kinds.flatMap((kind, mid) => mediaLines(kind, mid, variant)),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function mediaLines(
  kind: Kind,
  mid: number,
  { videoCodec = 'H264', direction = 'sendonly' }: OfferVariant,
): string[] {
  const payloadTypes = kind === 'audio' ? '111' : '102 103';
  return [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${payloadTypes}`,
    'c=IN IP4 0.0.0.0',
    'a=rtcp:9 IN IP4 0.0.0.0',
    'a=ice-ufrag:DJP0',
    'a=ice-pwd:abcdefghijklmnopqrstuvwx',
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`,
    'a=setup:actpass',
    `a=mid:${mid}`,
    `a=${direction}`,
    `a=msid:stream ${kind}-track`,
    'a=rtcp-mux',
    ...CODEC_LINES[kind === 'audio' ? 'audio' : videoCodec],
    `a=ssrc:${1000 + mid} cname:publisher`,
    `a=ssrc:${1000 + mid} msid:stream ${kind}-track`,
  ];
}
