import { isSessionDescription, listCodecs, MAX_MEDIA_SECTIONS, splitSdp } from '../sdp-text.js';
import type { CodecEntry, MediaSection } from '../sdp-text.js';

/** Reason why a viewer's description is rejected. */
export interface ViewerRefusal {
  readonly status: 400 | 406;
  readonly code: 'invalid-offer' | 'codec-not-supported';
  readonly detail: string;
}

/** What is sent to a viewer that offered it. Repair packets need a payload type of their own (RFC 4588). */
const PRIMARY = { video: 'H264', audio: 'OPUS' } as const;
/** Feedback that the relay acts on. Other feedback would be sent for nothing. */
const FEEDBACK = /^a=rtcp-fb:\S+ (?:nack|nack pli|ccm fir)\s*$/;
/**
 * Profiles of H.264 in the order of choice, as `profile_idc` and `constraint flags`. Decoders of browsers take all of them,
 * whichever was negotiated; constrained baseline is the one that all browsers offer.
 */
const PROFILES = ['42e0', '4200', '4d00', '6400'];

/**
 * Reduces a viewer's offer to what the relay sends: one payload type of H.264 in packetization mode 1 with its
 * retransmissions, and Opus. The peer connection then needs no choice, and its answer lists only what is true.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-wish-whep
 */
export function readViewerOffer(sdp: string): string | ViewerRefusal {
  if (!isSessionDescription(sdp)) return invalid('The body is not an SDP offer with ICE and DTLS.');
  const { session, media } = splitSdp(sdp);
  if (media.length > MAX_MEDIA_SECTIONS) {
    return invalid(`The offer has more than ${MAX_MEDIA_SECTIONS} media sections.`);
  }
  const lines = [...session];
  const seen = new Set<string>();
  for (const section of media) {
    if (section.kind !== 'video' && section.kind !== 'audio') {
      return invalid(`The offer has "m=${section.kind}". Offer video and audio only.`);
    }
    if (section.port === 0) {
      lines.push(...section.lines);
      continue;
    }
    if (section.direction === 'sendonly' || section.direction === 'inactive') {
      return invalid(
        `The ${section.kind} of the offer is "${section.direction}". A viewer receives: use "recvonly".`,
      );
    }
    if (seen.has(section.kind)) return invalid(`The offer has more than one ${section.kind} track.`);
    seen.add(section.kind);
    const chosen = choose(section.kind, listCodecs(section));
    if (!chosen) return unsupported(section.kind, listCodecs(section));
    lines.push(...withCodecs(section, chosen));
  }
  if (seen.size === 0) return invalid('The offer receives neither video nor audio.');
  return `${lines.join('\r\n')}\r\n`;
}

/** Checks a viewer's answer to the relay's offer. */
export function checkViewerAnswer(sdp: string): ViewerRefusal | undefined {
  if (!isSessionDescription(sdp)) return invalid('The body is not an SDP answer with ICE and DTLS.');
  const { media } = splitSdp(sdp);
  if (media.length > MAX_MEDIA_SECTIONS) return invalid('The answer has too many media sections.');
  const accepted = media.filter(({ port }) => port !== 0);
  if (accepted.length === 0) return invalid('The answer accepts neither video nor audio.');
  const wrong = accepted.find(({ direction }) => direction !== 'recvonly');
  return wrong && invalid(`The ${wrong.kind} of the answer is "${wrong.direction}". Use "recvonly".`);
}

/** The payload types to keep: the codec, and its retransmissions if they were offered. */
function choose(kind: 'video' | 'audio', codecs: readonly CodecEntry[]): string[] | undefined {
  const usable = codecs.filter(
    ({ name, parameters }) =>
      name === PRIMARY[kind] &&
      (kind === 'audio' || /(?:^|;)\s*packetization-mode=1(?:;|$)/.test(parameters)),
  );
  const [codec] = usable.sort((a, b) => rank(a) - rank(b));
  if (!codec) return undefined;
  const repair = codecs.find(
    ({ name, parameters }) => name === 'RTX' && parameters === `apt=${codec.payloadType}`,
  );
  return repair ? [codec.payloadType, repair.payloadType] : [codec.payloadType];
}

function rank({ parameters }: CodecEntry): number {
  const profile = /profile-level-id=([0-9a-f]{4})/i.exec(parameters)?.[1]?.toLowerCase() ?? '';
  const found = PROFILES.indexOf(profile);
  return found < 0 ? PROFILES.length : found;
}

function withCodecs(section: MediaSection, payloadTypes: readonly string[]): string[] {
  const [first = '', ...rest] = section.lines;
  const kept = rest.filter((line) => {
    const payloadType = /^a=(?:rtpmap|fmtp|rtcp-fb):(\S+) /.exec(line)?.[1];
    if (payloadType === undefined) return true;
    const isOfCodec = payloadTypes.includes(payloadType) || payloadType === '*';
    return isOfCodec && (!line.startsWith('a=rtcp-fb:') || FEEDBACK.test(line));
  });
  return [[...first.trim().split(' ').slice(0, 3), ...payloadTypes].join(' '), ...kept];
}

function invalid(detail: string): ViewerRefusal {
  return { status: 400, code: 'invalid-offer', detail };
}

function unsupported(kind: 'video' | 'audio', offered: readonly CodecEntry[]): ViewerRefusal {
  const needed = kind === 'video' ? 'H.264 with packetization-mode=1' : 'Opus';
  const names = [...new Set(offered.map(({ name }) => name))].filter((name) => name !== '').join(', ');
  return {
    status: 406,
    code: 'codec-not-supported',
    detail: `This server sends only ${needed} for ${kind}; the offer has ${names === '' ? 'nothing' : names}.`,
  };
}
