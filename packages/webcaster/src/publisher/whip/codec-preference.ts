import { GatecastError } from '@gatecast/token';
import type { VideoCodec } from '../broadcast-target.js';

/** Repair formats, which are offered with every codec. */
const REPAIR = /\/(rtx|red|ulpfec|flexfec-03)$/i;

/**
 * Orders the browser's codecs by the attribute `codec`, for `setCodecPreferences`.
 *
 * `auto` puts H.264 first, because most ingests need it, and keeps the other codecs after it. A named codec is the only
 * one offered.
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
    hint: 'Set codec="auto" or use a browser that has this codec. On Debian and Fedora, install the system’s codec package.',
  });
}

/** Every ingest accepts H.264 in constrained baseline with packetization mode 1. */
function rank({ sdpFmtpLine = '' }: { sdpFmtpLine?: string }): number {
  const isPacketized = sdpFmtpLine.includes('packetization-mode=1');
  const isConstrainedBaseline = /profile-level-id=42e0/i.test(sdpFmtpLine);
  return Number(isPacketized) * 2 + Number(isConstrainedBaseline);
}
