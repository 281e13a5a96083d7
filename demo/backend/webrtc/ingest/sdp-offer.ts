import type { TrackKind } from './av-sync.js';

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

interface OfferedMedia {
  readonly kind: string;
  readonly isSending: boolean;
  readonly codecs: readonly string[];
}

const REQUIRED_CODEC: Record<TrackKind, string> = { video: 'H264', audio: 'OPUS' };
/** Repair, comfort noise and event formats: not codecs of the sender. */
const AUXILIARY_CODECS = new Set(['RTX', 'RED', 'ULPFEC', 'FLEXFEC-03', 'CN', 'TELEPHONE-EVENT']);

/** Checks a WHIP offer before a peer connection is created. */
export function inspectOffer(sdp: string): OfferSummary | OfferRefusal {
  if (!/^v=0\r?\n/.test(sdp)) return invalid('The body is not an SDP session description.');
  if (!/^a=ice-ufrag:/m.test(sdp) || !/^a=fingerprint:/m.test(sdp)) {
    return invalid('The offer has no ICE credentials or no DTLS fingerprint.');
  }
  const media = parseMedia(sdp);
  const accepted = { video: false, audio: false };
  for (const kind of ['video', 'audio'] as const) {
    const sections = media.filter((section) => section.kind === kind && section.isSending);
    if (sections.length > 1) return invalid(`The offer has more than one ${kind} track.`);
    const [section] = sections;
    if (!section) continue;
    if (!section.codecs.includes(REQUIRED_CODEC[kind])) return unsupported(kind, section.codecs);
    accepted[kind] = true;
  }
  if (!accepted.video && !accepted.audio) return invalid('The offer sends neither video nor audio.');
  return { hasVideo: accepted.video, hasAudio: accepted.audio };
}

export function isRefusal(result: OfferSummary | OfferRefusal): result is OfferRefusal {
  return 'status' in result;
}

/** Replaces the ICE credentials of an offer, for an ICE restart. */
export function withIceCredentials(sdp: string, ufrag: string, password: string): string {
  return sdp
    .replace(/^a=ice-ufrag:.*$/gm, `a=ice-ufrag:${ufrag}`)
    .replace(/^a=ice-pwd:.*$/gm, `a=ice-pwd:${password}`);
}

/**
 * Removes the candidates from an offer. The ingest learns the publisher's addresses from its connectivity checks. So it
 * never sends to an unverified address, and it does not have to resolve the mDNS names in browser candidates.
 */
export function withoutCandidates(sdp: string): string {
  return sdp.replace(/^a=(candidate:.*|end-of-candidates)\r?\n/gm, '');
}

/** Returns the value of the first `a=<name>:` line. */
export function sdpAttribute(sdp: string, name: string): string | undefined {
  return new RegExp(`^a=${name}:(.+?)\\r?$`, 'm').exec(sdp)?.[1];
}

function parseMedia(sdp: string): OfferedMedia[] {
  return sdp
    .split(/^m=/m)
    .slice(1)
    .map((section) => {
      const [, kind = '', port = '0'] = /^(\S+) (\d+)/.exec(section) ?? [];
      const codecs = [...section.matchAll(/^a=rtpmap:\d+ ([^/\s]+)/gm)]
        .map((match) => (match[1] ?? '').toUpperCase())
        .filter((name) => !AUXILIARY_CODECS.has(name));
      // RFC 8866, 6.7: the default direction is sendrecv.
      const isSending = port !== '0' && !/^a=(recvonly|inactive)\s*$/m.test(section);
      return { kind, isSending, codecs: [...new Set(codecs)] };
    });
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
