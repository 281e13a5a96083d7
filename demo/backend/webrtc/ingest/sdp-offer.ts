import type { TrackKind } from '../media-packet.js';
import { isSessionDescription, listCodecs, MAX_MEDIA_SECTIONS, splitSdp } from '../sdp-text.js';

/** Reason why an offer is rejected. */
export interface OfferRefusal {
  readonly status: 400 | 406;
  readonly code: 'invalid-offer' | 'codec-not-supported';
  readonly detail: string;
}

/** Tracks that an offer sends. */
export interface OfferSummary {
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
}

const REQUIRED_CODEC: Record<TrackKind, string> = { video: 'H264', audio: 'OPUS' };
/** Repair, comfort noise and event formats: not codecs of the sender. */
const AUXILIARY_CODECS = new Set(['RTX', 'RED', 'ULPFEC', 'FLEXFEC-03', 'CN', 'TELEPHONE-EVENT', '']);

/** Checks a WHIP offer before a peer connection is created. */
export function inspectOffer(sdp: string): OfferSummary | OfferRefusal {
  if (!isSessionDescription(sdp)) return invalid('The body is not an SDP offer with ICE and DTLS.');
  const { media } = splitSdp(sdp);
  if (media.length > MAX_MEDIA_SECTIONS) {
    return invalid(`The offer has more than ${MAX_MEDIA_SECTIONS} media sections.`);
  }
  const accepted = { video: false, audio: false };
  for (const kind of ['video', 'audio'] as const) {
    const sections = media.filter(
      (section) => section.kind === kind && section.port !== 0 && section.direction.startsWith('send'),
    );
    if (sections.length > 1) return invalid(`The offer has more than one ${kind} track.`);
    const [section] = sections;
    if (!section) continue;
    const codecs = listCodecs(section)
      .map(({ name }) => name)
      .filter((name) => !AUXILIARY_CODECS.has(name));
    if (!codecs.includes(REQUIRED_CODEC[kind])) return unsupported(kind, [...new Set(codecs)]);
    accepted[kind] = true;
  }
  if (!accepted.video && !accepted.audio) return invalid('The offer sends neither video nor audio.');
  return { hasVideo: accepted.video, hasAudio: accepted.audio };
}

export function isRefusal(result: OfferSummary | OfferRefusal): result is OfferRefusal {
  return 'status' in result;
}

function invalid(detail: string): OfferRefusal {
  return { status: 400, code: 'invalid-offer', detail };
}

function unsupported(kind: TrackKind, offered: readonly string[]): OfferRefusal {
  const name = kind === 'video' ? 'H.264' : 'Opus';
  const list = offered.length > 0 ? offered.join(', ') : 'nothing';
  return {
    status: 406,
    code: 'codec-not-supported',
    detail: `This ingest accepts only ${name} for ${kind}; the offer has ${list}.`,
  };
}
