import { listTitles, VIDEO_CODECS, videoCodecOf } from '../codecs/video-codec.js';
import type { VideoCodec } from '../codecs/video-codec.js';
import type { TrackKind } from '../media-packet.js';
import {
  isSessionDescription,
  joinSdp,
  listCodecs,
  MAX_MEDIA_SECTIONS,
  splitSdp,
  withCodecs,
} from '../sdp-text.js';
import type { CodecEntry, MediaSection } from '../sdp-text.js';
import { readSimulcast, withEncodings } from './simulcast-offer.js';

/** Reason why an offer is rejected. */
export interface OfferRefusal {
  readonly status: 400 | 406;
  readonly code: 'invalid-offer' | 'codec-not-supported';
  readonly detail: string;
}

/** Tracks that a publisher sends. */
export interface PublishedMedia {
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
  /** `undefined` without video. */
  readonly videoCodec: VideoCodec | undefined;
  /** Names of the encodings of the same picture (RFC 8853), in the order of the offer. Empty without simulcast. */
  readonly rids: readonly string[];
}

/** An offer that the ingest takes. */
export interface AcceptedOffer extends PublishedMedia {
  /** The offer, reduced to the codec that is chosen. The peer connection then needs no choice. */
  readonly sdp: string;
}

/** Repair, comfort noise and event formats: not codecs of the sender. */
const AUXILIARY_CODECS = new Set(['RTX', 'RED', 'ULPFEC', 'FLEXFEC-03', 'CN', 'TELEPHONE-EVENT', '']);

/**
 * Checks a WHIP offer before a peer connection is created, and chooses the codec of its video: the first one of the offer
 * that is among `codecs`.
 */
export function inspectOffer(
  sdp: string,
  codecs: readonly VideoCodec[] = VIDEO_CODECS,
): AcceptedOffer | OfferRefusal {
  if (!isSessionDescription(sdp)) return invalid('The body is not an SDP offer with ICE and DTLS.');
  const { session, media } = splitSdp(sdp);
  if (media.length > MAX_MEDIA_SECTIONS) {
    return invalid(`The offer has more than ${MAX_MEDIA_SECTIONS} media sections.`);
  }
  const lines = [...session];
  const seen = new Set<TrackKind>();
  let videoCodec: VideoCodec | undefined;
  let rids: readonly string[] = [];
  for (const section of media) {
    const { kind } = section;
    if ((kind !== 'video' && kind !== 'audio') || !isSent(section)) {
      lines.push(...section.lines);
      continue;
    }
    if (seen.has(kind)) return invalid(`The offer has more than one ${kind} track.`);
    seen.add(kind);
    const offered = listCodecs(section);
    const chosen = kind === 'video' ? chooseVideo(offered, codecs) : chooseAudio(offered);
    if (!chosen) return unsupported(kind === 'video' ? listTitles(codecs) : 'Opus', kind, offered);
    videoCodec ??= chosen.codec;
    const reduced = withCodecs(section, [chosen.payloadType]);
    if (kind === 'audio') lines.push(...reduced);
    else {
      rids = readSimulcast(section);
      lines.push(...withEncodings(reduced, rids));
    }
  }
  if (seen.size === 0) return invalid('The offer sends neither video nor audio.');
  return { hasVideo: seen.has('video'), hasAudio: seen.has('audio'), videoCodec, rids, sdp: joinSdp(lines) };
}

export function isRefusal(result: AcceptedOffer | OfferRefusal): result is OfferRefusal {
  return 'status' in result;
}

function isSent({ port, direction }: MediaSection): boolean {
  return port !== 0 && direction.startsWith('send');
}

interface Choice {
  readonly payloadType: string;
  readonly codec?: VideoCodec;
}

function chooseVideo(offered: readonly CodecEntry[], codecs: readonly VideoCodec[]): Choice | undefined {
  for (const entry of offered) {
    const codec = videoCodecOf(entry);
    if (codec && codecs.includes(codec)) return { payloadType: entry.payloadType, codec };
  }
  // Old senders of H.264 know single packets only: each viewer can read them, too.
  const plain = codecs.includes('h264') ? offered.find(({ name }) => name === 'H264') : undefined;
  return plain && { payloadType: plain.payloadType, codec: 'h264' };
}

function chooseAudio(offered: readonly CodecEntry[]): Choice | undefined {
  return offered.find(({ name }) => name === 'OPUS');
}

function invalid(detail: string): OfferRefusal {
  return { status: 400, code: 'invalid-offer', detail };
}

function unsupported(accepted: string, kind: TrackKind, offered: readonly CodecEntry[]): OfferRefusal {
  const names = new Set(offered.map(({ name }) => name).filter((name) => !AUXILIARY_CODECS.has(name)));
  const list = names.size > 0 ? [...names].join(', ') : 'nothing';
  return {
    status: 406,
    code: 'codec-not-supported',
    detail: `This ingest accepts only ${accepted} for ${kind}; the offer has ${list}.`,
  };
}
