import { VIDEO_FORMATS } from '../codecs/video-codec.js';
import type { VideoCodec } from '../codecs/video-codec.js';
import { CLOCK_RATE } from '../media-packet.js';
import type { MediaPacket, TrackKind } from '../media-packet.js';
import { createUnwrapper } from '../unwrap-counter.js';

/** A packet on the relay's own timeline, which continues when the publisher is replaced. */
export interface RelayedPacket {
  /** What its counters belong to: one for each sender of the track. */
  readonly source: object;
  /** Not limited to 16 bits. */
  readonly sequence: number;
  /** 32 bit. */
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payload: Uint8Array;
  readonly startsKeyframe: boolean;
  readonly arrivedAtMs: number;
}

/** A pair of RTP and wall-clock time, on the relay's timeline and the server's clock. */
export interface RelayedReport {
  /** 32 bit. */
  readonly timestamp: number;
  /** Milliseconds since the epoch. */
  readonly wallClockMs: number;
}

/** How one sender's numbers become the relay's. */
interface Mapping {
  readonly ssrc: number;
  readonly unwrap: (sequenceNumber: number) => number;
  /** Earliest sequence number, unwrapped: packets before it came too late. */
  readonly first: number;
  readonly sequenceShift: number;
  readonly timestampShift: number;
  last: number;
}

/** Packets for retransmission: about four seconds of video at 2.5 Mbit/s. */
const HISTORY_PACKETS = 1024;
/** A larger jump means that the sender restarted with a random sequence number. */
const RESTART_DISTANCE = 3000;
const TIMESTAMP_RANGE = 2 ** 32;

/**
 * One track of a stream on a timeline of its own. Sequence numbers and timestamps continue without a gap when a publisher
 * returns, or another one takes its place, so viewers notice only a pause. It keeps the last packets for retransmission.
 */
export class RelayTrack {
  readonly #kind: TrackKind;
  #codec: VideoCodec = 'h264';
  readonly #history: (RelayedPacket | undefined)[] = [];
  #mapping: Mapping | undefined;
  #last: RelayedPacket | undefined;
  #keyframe: RelayedPacket | undefined;
  #report: RelayedReport | undefined;

  constructor(kind: TrackKind) {
    this.#kind = kind;
  }

  /** Forgets the sender: the next packet, of video the next keyframe, begins another one. `codec` is that of its video. */
  reset(codec: VideoCodec = this.#codec): void {
    this.#codec = codec;
    this.#mapping = undefined;
    this.#report = undefined;
    this.#keyframe = undefined;
  }

  /** Places a packet on the timeline. `undefined` if it is not to be sent on. */
  push(packet: MediaPacket, nowMs: number): RelayedPacket | undefined {
    const isKeyframe = this.#kind === 'video' && VIDEO_FORMATS[this.#codec].startsKeyframe(packet.payload);
    const mapping = this.#mappingFor(packet, isKeyframe, nowMs);
    if (!mapping) return undefined;
    const unwrapped = mapping.unwrap(packet.sequenceNumber);
    if (unwrapped < mapping.first) return undefined;
    mapping.last = Math.max(mapping.last, unwrapped);
    const relayed: RelayedPacket = {
      source: mapping,
      sequence: unwrapped + mapping.sequenceShift,
      timestamp: (packet.timestamp + mapping.timestampShift) % TIMESTAMP_RANGE,
      marker: packet.marker,
      payload: packet.payload,
      startsKeyframe: isKeyframe,
      arrivedAtMs: nowMs,
    };
    if (this.find(relayed.sequence & 0xffff)?.sequence === relayed.sequence) return undefined;
    this.#history[relayed.sequence % HISTORY_PACKETS] = relayed;
    if (!this.#last || relayed.sequence > this.#last.sequence) this.#last = relayed;
    // The parameter sets and the first slice are two packets of one picture: keep the earlier one.
    if (isKeyframe && relayed.timestamp !== this.#keyframe?.timestamp) this.#keyframe = relayed;
    return relayed;
  }

  /** Places a sender report on the timeline. `wallClockMs` is on the server's clock. */
  report(ssrc: number, timestamp: number, wallClockMs: number): RelayedReport | undefined {
    const mapping = this.#mapping;
    if (mapping?.ssrc !== ssrc) return undefined;
    this.#report = { timestamp: (timestamp + mapping.timestampShift) % TIMESTAMP_RANGE, wallClockMs };
    return this.#report;
  }

  /** The last report, moved to now: for viewers that join between two reports. */
  reportAt(wallClockMs: number): RelayedReport | undefined {
    const report = this.#report;
    if (!report) return undefined;
    const ticks = Math.round(((wallClockMs - report.wallClockMs) * CLOCK_RATE[this.#kind]) / 1000);
    return { timestamp: (report.timestamp + ticks) % TIMESTAMP_RANGE, wallClockMs };
  }

  /** Returns a packet of the history by its sequence number of 16 bits. */
  find(sequenceNumber: number): RelayedPacket | undefined {
    if (!this.#last) return undefined;
    const behind = (this.#last.sequence - sequenceNumber) & 0xffff;
    const sequence = this.#last.sequence - behind;
    const packet = this.#history[sequence % HISTORY_PACKETS];
    return packet?.sequence === sequence ? packet : undefined;
  }

  /** Returns all packets from the last keyframe on, oldest first. None if it is older than `maxAgeMs`. */
  sinceKeyframe(maxAgeMs: number, nowMs: number): RelayedPacket[] {
    const keyframe = this.#keyframe;
    if (!keyframe || !this.#last || nowMs - keyframe.arrivedAtMs > maxAgeMs) return [];
    const packets: RelayedPacket[] = [];
    for (let sequence = keyframe.sequence; sequence <= this.#last.sequence; sequence += 1) {
      const packet = this.find(sequence & 0xffff);
      if (packet?.sequence === sequence) packets.push(packet);
    }
    return packets;
  }

  #mappingFor(packet: MediaPacket, isKeyframe: boolean, nowMs: number): Mapping | undefined {
    const mapping = this.#mapping;
    if (mapping) {
      // With simulcast, use the first layer that arrives: layers cannot be mixed in one track.
      if (mapping.ssrc !== packet.ssrc) return undefined;
      const distance = (packet.sequenceNumber - mapping.last) & 0xffff;
      if (Math.min(distance, 0x10000 - distance) <= RESTART_DISTANCE) return mapping;
    }
    // Pictures before a keyframe cannot be decoded.
    if (this.#kind === 'video' && !isKeyframe) return undefined;
    const unwrap = createUnwrapper(16);
    const first = unwrap(packet.sequenceNumber);
    const before = this.#last;
    const sequence = before ? before.sequence + 1 : first;
    const timestamp = before ? this.#continueAfter(before, nowMs) : packet.timestamp;
    this.#mapping = {
      ssrc: packet.ssrc,
      unwrap,
      first,
      sequenceShift: sequence - first,
      timestampShift: timestamp - packet.timestamp + TIMESTAMP_RANGE,
      last: first,
    };
    return this.#mapping;
  }

  /** The pause in the media is as long as it was at the server. */
  #continueAfter(before: RelayedPacket, nowMs: number): number {
    const rate = CLOCK_RATE[this.#kind];
    const ticks = Math.max(rate / 50, Math.round(((nowMs - before.arrivedAtMs) * rate) / 1000));
    return (before.timestamp + ticks) % TIMESTAMP_RANGE;
  }
}
