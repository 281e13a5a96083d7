import { codecName } from './video-codecs.js';

/** A codec of `RTCRtpSender.getCapabilities`. */
export interface ListedCodec {
  readonly mimeType: string;
  readonly sdpFmtpLine?: string;
}

/** The profiles of one codec, such as `h264`; the one that most servers know comes first. */
export function rankProfiles<Known extends ListedCodec>(codecs: readonly Known[], name: string): Known[] {
  return codecs.filter(({ mimeType }) => codecName(mimeType) === name).sort((a, b) => rank(b) - rank(a));
}

/**
 * Every ingest accepts H.264 in constrained baseline with packetization mode 1. Of the others, the first profile (8 bits,
 * 4:2:0) is the one that every decoder has: it is also meant where no profile is named.
 */
function rank({ mimeType, sdpFmtpLine = '' }: ListedCodec): number {
  switch (codecName(mimeType)) {
    case 'h264': {
      const isPacketized = sdpFmtpLine.includes('packetization-mode=1');
      const isConstrainedBaseline = /profile-level-id=42e0/i.test(sdpFmtpLine);
      return Number(isPacketized) * 2 + Number(isConstrainedBaseline);
    }
    case 'h265':
      return -profile(sdpFmtpLine, /(?:^|;)\s*profile-id=(\d+)/, 1);
    case 'vp9':
      return -profile(sdpFmtpLine, /(?:^|;)\s*profile-id=(\d+)/, 0);
    case 'av1':
      return -profile(sdpFmtpLine, /(?:^|;)\s*profile=(\d+)/, 0);
    default:
      return 0;
  }
}

function profile(sdpFmtpLine: string, pattern: RegExp, implied: number): number {
  const [, named] = pattern.exec(sdpFmtpLine) ?? [];
  return named === undefined ? implied : Number(named);
}
