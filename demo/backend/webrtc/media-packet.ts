import type { VideoCodec } from './codecs/video-codec.js';

export type TrackKind = 'video' | 'audio';

/** Ticks of the RTP clock per second: of all video (RFC 6184), and of Opus (RFC 7587). */
export const CLOCK_RATE: Readonly<Record<TrackKind, number>> = { video: 90_000, audio: 48_000 };

/** Fields of an RTP packet that packager and relay need. */
export interface MediaPacket {
  readonly ssrc: number;
  /** Name of the encoding, if the publisher sends several. */
  readonly rid?: string | undefined;
  readonly sequenceNumber: number;
  /** 32 bit, in ticks of the clock of its kind. */
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payload: Uint8Array;
}

/** A publisher, as those see it who pass its media on. */
export interface LivePublisher {
  readonly stream: string;
  /** Tracks that the SDP answer accepted. */
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
  /** Codec of the video, `undefined` without. */
  readonly videoCodec: VideoCodec | undefined;
  /** Requests a keyframe of an encoding. The publisher gets a limited number of such requests, however many come. */
  requestKeyframe(rid?: string): void;
}

/** Takes the media of one publisher. */
export interface MediaSink {
  /** `nowMs` is the wall clock in milliseconds since the epoch. */
  onRtp(kind: TrackKind, packet: MediaPacket, nowMs: number): void;
  /** The pair of RTP and wall-clock time in an RTCP sender report. */
  onSenderReport(kind: TrackKind, ssrc: number, timestamp: number, senderTimeMs: number): void;
  /** The publisher has left. `mayReturn` is false if it ended its session itself. */
  onEnd(mayReturn: boolean): void;
}
