import { listTitles, VIDEO_CODECS, VIDEO_FORMATS, videoCodecOf } from '../codecs/video-codec.js';
import type { VideoCodec } from '../codecs/video-codec.js';
import {
  isSessionDescription,
  joinSdp,
  listCodecs,
  MAX_MEDIA_SECTIONS,
  splitSdp,
  withCodecs,
} from '../sdp-text.js';
import type { CodecEntry } from '../sdp-text.js';

/** Reason why a viewer's description is rejected. */
export interface ViewerRefusal {
  readonly status: 400 | 406;
  readonly code: 'invalid-offer' | 'codec-not-supported';
  readonly detail: string;
}

/** Feedback that the relay acts on. Other feedback would be sent for nothing. */
const FEEDBACK = /^a=rtcp-fb:\S+ (?:nack|nack pli|ccm fir)\s*$/;
/**
 * Profiles of H.264 in the order of choice, as `profile_idc` and `constraint flags`. Decoders of browsers take all of them,
 * whichever was negotiated; constrained baseline is the one that all browsers offer.
 */
const PROFILES = ['42e0', '4200', '4d00', '6400'];

/** A viewer's offer that is taken. */
export interface ViewerOffer {
  /** The offer, reduced to what the relay sends. */
  readonly sdp: string;
  /** Codec of the video. `undefined` if the viewer wants none. */
  readonly videoCodec: VideoCodec | undefined;
}

/**
 * Reduces a viewer's offer to what the relay sends: one payload type of the broadcast's codec with its retransmissions,
 * which need a payload type of their own (RFC 4588), and Opus. The peer connection then needs no choice, and its answer
 * lists only what is true.
 *
 * @param broadcast codec of the broadcast. `undefined` if it is not known, as of sound alone: then the viewer's first one counts.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-wish-whep
 */
export function readViewerOffer(sdp: string, broadcast?: VideoCodec): ViewerOffer | ViewerRefusal {
  if (!isSessionDescription(sdp)) return invalid('The body is not an SDP offer with ICE and DTLS.');
  const { session, media } = splitSdp(sdp);
  if (media.length > MAX_MEDIA_SECTIONS) {
    return invalid(`The offer has more than ${MAX_MEDIA_SECTIONS} media sections.`);
  }
  const lines = [...session];
  const seen = new Set<string>();
  let videoCodec: VideoCodec | undefined;
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
    const offered = listCodecs(section);
    const codec = section.kind === 'audio' ? findOpus(offered) : findVideo(offered, broadcast);
    if (!codec) return unsupported(section.kind, offered, broadcast);
    videoCodec ??= videoCodecOf(codec);
    lines.push(...withCodecs(section, withRepair(codec, offered), isUsed));
  }
  if (seen.size === 0) return invalid('The offer receives neither video nor audio.');
  return { sdp: joinSdp(lines), videoCodec };
}

export function isViewerRefusal(result: ViewerOffer | ViewerRefusal): result is ViewerRefusal {
  return 'status' in result;
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

function findOpus(offered: readonly CodecEntry[]): CodecEntry | undefined {
  return offered.find(({ name }) => name === 'OPUS');
}

function findVideo(
  offered: readonly CodecEntry[],
  broadcast: VideoCodec | undefined,
): CodecEntry | undefined {
  const wanted = broadcast ?? offered.map(videoCodecOf).find((codec) => codec !== undefined);
  if (!wanted) return undefined;
  const [first] = offered.filter((entry) => videoCodecOf(entry) === wanted).sort((a, b) => rank(a) - rank(b));
  return first;
}

/** The payload types to keep: the codec, and its retransmissions if they were offered. */
function withRepair({ payloadType }: CodecEntry, offered: readonly CodecEntry[]): string[] {
  const repair = offered.find(
    ({ name, parameters }) => name === 'RTX' && parameters === `apt=${payloadType}`,
  );
  return repair ? [payloadType, repair.payloadType] : [payloadType];
}

function isUsed(line: string): boolean {
  return !line.startsWith('a=rtcp-fb:') || FEEDBACK.test(line);
}

function rank({ parameters }: CodecEntry): number {
  const profile = /profile-level-id=([0-9a-f]{4})/i.exec(parameters)?.[1]?.toLowerCase() ?? '';
  const found = PROFILES.indexOf(profile);
  return found < 0 ? PROFILES.length : found;
}

function invalid(detail: string): ViewerRefusal {
  return { status: 400, code: 'invalid-offer', detail };
}

function unsupported(
  kind: 'video' | 'audio',
  offered: readonly CodecEntry[],
  broadcast: VideoCodec | undefined,
): ViewerRefusal {
  const names = [...new Set(offered.map(({ name }) => name))].filter((name) => name !== '').join(', ');
  return {
    status: 406,
    code: 'codec-not-supported',
    detail: `This server sends only ${sentFor(kind, broadcast)} for ${kind}; the offer has ${names === '' ? 'nothing' : names}.`,
  };
}

function sentFor(kind: 'video' | 'audio', broadcast: VideoCodec | undefined): string {
  if (kind === 'audio') return 'Opus';
  if (!broadcast) return listTitles(VIDEO_CODECS);
  const { title } = VIDEO_FORMATS[broadcast];
  return broadcast === 'h264' ? `${title} with packetization-mode=1` : title;
}
