import { GatecastError } from '@gatecast/token';
import { codecName, REPAIR_FORMAT } from '../video-codecs.js';

/** A codec of `RTCRtpSender.getCapabilities`. */
interface Codec {
  readonly mimeType: string;
  readonly sdpFmtpLine?: string;
}

/**
 * Orders the browser's codecs for `setCodecPreferences`: those with the names, by preference, then the repair formats. The
 * profile that most servers know comes first.
 *
 * @throws GatecastError `codec-unavailable` when the browser has none of them.
 */
export function orderVideoCodecs<Known extends Codec>(
  codecs: readonly Known[],
  names: readonly string[],
): Known[] {
  const preferred = names.flatMap((name) =>
    codecs.filter(({ mimeType }) => codecName(mimeType) === name).sort((a, b) => rank(b) - rank(a)),
  );
  if (preferred.length === 0) throw codecUnavailable(names);
  return [...preferred, ...codecs.filter(({ mimeType }) => REPAIR_FORMAT.test(mimeType))];
}

/** @param names - what was wanted, such as `h264`. */
export function codecUnavailable(names: readonly string[]): GatecastError {
  const wanted = names.map((name) => name.toUpperCase()).join(' or ') || 'video';
  return new GatecastError('codec-unavailable', `This browser cannot send ${wanted}.`, {
    hint: 'Set codec="auto" or use a browser that has this codec. On Debian and Fedora, install the system’s codec package.',
  });
}

/**
 * Every ingest accepts H.264 in constrained baseline with packetization mode 1. Of the others, the first profile (8 bits,
 * 4:2:0) is the one that every decoder has: it is also meant where no profile is named.
 */
function rank({ mimeType, sdpFmtpLine = '' }: Codec): number {
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
