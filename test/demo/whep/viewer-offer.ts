export interface ViewerOfferVariant {
  readonly kinds?: readonly ('video' | 'audio' | 'application')[];
  readonly direction?: 'recvonly' | 'sendrecv' | 'sendonly' | 'inactive';
  /** Whether H.264 is among the codecs. */
  readonly h264?: boolean;
}

/** The video codecs of Chromium: packetization mode 0 before mode 1. */
const VIDEO = [
  'a=rtpmap:96 VP8/90000',
  'a=rtcp-fb:96 nack',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
  ...h264(103, 104, 0, '42001f'),
  ...h264(107, 108, 1, '640c1f'),
  ...h264(109, 114, 1, '42e01f'),
];
const AUDIO = [
  'a=rtpmap:111 opus/48000/2',
  'a=rtcp-fb:111 transport-cc',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:63 red/48000/2',
  'a=fmtp:63 111/111',
];

function h264(payloadType: number, repair: number, mode: number, profile: string): string[] {
  return [
    `a=rtpmap:${payloadType} H264/90000`,
    ...['goog-remb', 'transport-cc', 'ccm fir', 'nack', 'nack pli'].map(
      (feedback) => `a=rtcp-fb:${payloadType} ${feedback}`,
    ),
    `a=fmtp:${payloadType} level-asymmetry-allowed=1;packetization-mode=${mode};profile-level-id=${profile}`,
    `a=rtpmap:${repair} rtx/90000`,
    `a=fmtp:${repair} apt=${payloadType}`,
  ];
}

/** An offer as Chromium writes it to receive, reduced to the lines that the negotiation reads. */
export function viewerOffer(variant: ViewerOfferVariant = {}): string {
  const { kinds = ['audio', 'video'], direction = 'recvonly', h264: hasH264 = true } = variant;
  const lines = [
    'v=0',
    'o=- 7861234567890123456 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${kinds.map((_kind, mid) => mid).join(' ')}`,
    'a=ice-ufrag:DJP0',
    'a=ice-pwd:abcdefghijklmnopqrstuvwx',
    `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`,
  ];
  kinds.forEach((kind, mid) => {
    const [first, ...codecs] = {
      video: ['m=video 9 UDP/TLS/RTP/SAVPF 96 97 103 104 107 108 109 114', ...VIDEO],
      audio: ['m=audio 9 UDP/TLS/RTP/SAVPF 111 63', ...AUDIO],
      application: ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=sctp-port:5000'],
    }[kind];
    lines.push(
      first ?? '',
      'c=IN IP4 0.0.0.0',
      'a=setup:actpass',
      `a=mid:${mid}`,
      ...(kind === 'application' ? [] : [`a=${direction}`, 'a=rtcp-mux']),
      ...(hasH264 ? codecs : codecs.filter((line) => !line.includes('H264'))),
    );
  });
  return `${lines.join('\r\n')}\r\n`;
}
