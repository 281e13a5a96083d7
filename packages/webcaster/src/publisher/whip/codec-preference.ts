import { GatecastError } from '@gatecast/token';
import type { VideoCodec } from '../../element/webcaster-options.js';

/** Repair formats, which belong to whatever codec is chosen. */
const REPAIR = /\/(rtx|red|ulpfec|flexfec-03)$/i;

/**
 * Orders what the browser can send by what is wanted, for `setCodecPreferences`.
 *
 * `auto` puts H.264 first, as most ingests need it, and keeps the rest for those that take something else. A named
 * codec is offered alone.
 *
 * @throws GatecastError `codec-unavailable` when the named codec is missing.
 */
export function orderVideoCodecs<Codec extends { mimeType: string; sdpFmtpLine?: string }>(
  codecs: readonly Codec[],
  wanted: VideoCodec,
): Codec[] {
  const name = wanted === 'auto' ? 'h264' : wanted;
  const isWanted = ({ mimeType }: Codec) => mimeType.toLowerCase() === `video/${name}`;
  const preferred = codecs.filter(isWanted).sort((a, b) => rank(b) - rank(a));
  const repair = codecs.filter(({ mimeType }) => REPAIR.test(mimeType));
  if (wanted === 'auto') {
    return [
      ...preferred,
      ...codecs.filter((codec) => !isWanted(codec) && !repair.includes(codec)),
      ...repair,
    ];
  }
  if (preferred.length === 0) throw codecUnavailable(name);
  return [...preferred, ...repair];
}

export function codecUnavailable(name: string): GatecastError {
  return new GatecastError('codec-unavailable', `This browser cannot send ${name.toUpperCase()}.`, {
    hint: 'Set codec="auto", use a browser that has it, or on Debian and Fedora install the system’s codec package.',
  });
}

/** Of H.264, constrained baseline in non-interleaved packets is what every ingest takes. */
function rank({ sdpFmtpLine = '' }: { sdpFmtpLine?: string }): number {
  const isPacketized = sdpFmtpLine.includes('packetization-mode=1');
  const isConstrainedBaseline = /profile-level-id=42e0/i.test(sdpFmtpLine);
  return Number(isPacketized) * 2 + Number(isConstrainedBaseline);
}
