import type { PictureIdField } from '../codecs/picture-fields.js';
import type { RelayedPacket } from './relay-track.js';

export interface ViewerNumbersOptions {
  /** Ticks of the RTP clock per second. */
  readonly clockRate: number;
  /** Finds the counters of pictures in a payload, if the codec has any. */
  readonly pictureId: ((payload: Uint8Array) => PictureIdField | undefined) | undefined;
}

/** Packets for retransmission: about four seconds of video at 2.5 Mbit/s. */
const HISTORY_PACKETS = 1024;
const TIMESTAMP_RANGE = 2 ** 32;

/** What is added to the numbers of one source. */
interface Shift {
  readonly source: object;
  /** Earliest sequence number of the source: packets before it came too late. */
  readonly first: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly picture: number;
  readonly level: number;
}

/** The counters of the last picture that was sent. */
interface Counters {
  picture: number;
  level: number;
}

/**
 * The numbers of one track at one viewer. They continue when it gets another encoding, or that of another publisher:
 * sequence numbers and counters of pictures without a gap, timestamps with the pause that there was.
 */
export class ViewerNumbers {
  readonly #options: ViewerNumbersOptions;
  readonly #history: (RelayedPacket | undefined)[] = [];
  #shift: Shift | undefined;
  #last: RelayedPacket | undefined;
  #counters: Counters | undefined;

  constructor(options: ViewerNumbersOptions) {
    this.#options = options;
  }

  /** A packet with the numbers of this viewer. `undefined` if it came too late. */
  place(packet: RelayedPacket): RelayedPacket | undefined {
    const shift = this.#shift?.source === packet.source ? this.#shift : this.#begin(packet);
    if (packet.sequence < shift.first) return undefined;
    const placed: RelayedPacket = {
      ...packet,
      sequence: packet.sequence + shift.sequence,
      timestamp: (packet.timestamp + shift.timestamp) % TIMESTAMP_RANGE,
      payload: this.#withCounters(packet.payload, shift),
    };
    this.#history[placed.sequence % HISTORY_PACKETS] = placed;
    if (!this.#last || placed.sequence > this.#last.sequence) this.#last = placed;
    return placed;
  }

  /** A timestamp of the present source on the viewer's timeline. */
  timestamp(timestamp: number): number {
    return (timestamp + (this.#shift?.timestamp ?? 0)) % TIMESTAMP_RANGE;
  }

  /** Returns a packet that was sent by its sequence number of 16 bits. */
  find(sequenceNumber: number): RelayedPacket | undefined {
    if (!this.#last) return undefined;
    const sequence = this.#last.sequence - ((this.#last.sequence - sequenceNumber) & 0xffff);
    const packet = this.#history[sequence % HISTORY_PACKETS];
    return packet?.sequence === sequence ? packet : undefined;
  }

  #begin(packet: RelayedPacket): Shift {
    const { source, sequence, timestamp } = packet;
    const before = this.#last;
    const field = this.#options.pictureId?.(packet.payload);
    const counters = this.#counters;
    const shift: Shift = {
      source,
      first: sequence,
      sequence: before ? before.sequence + 1 - sequence : 0,
      timestamp: before ? this.#continueAfter(before, packet) - timestamp + TIMESTAMP_RANGE : 0,
      picture: field && counters ? counters.picture + 1 - readPictureId(packet.payload, field) : 0,
      level: field && counters ? counters.level + 1 - readLevelIndex(packet.payload, field) : 0,
    };
    this.#shift = shift;
    return shift;
  }

  #continueAfter(before: RelayedPacket, packet: RelayedPacket): number {
    const { clockRate } = this.#options;
    const pauseMs = packet.arrivedAtMs - before.arrivedAtMs;
    const ticks = Math.max(clockRate / 50, Math.round((pauseMs * clockRate) / 1000));
    return (before.timestamp + ticks) % TIMESTAMP_RANGE;
  }

  /** The payload of the first source stays as it is. */
  #withCounters(payload: Uint8Array, { picture, level }: Shift): Uint8Array {
    const field = this.#options.pictureId?.(payload);
    if (!field) return payload;
    const counters = {
      picture: readPictureId(payload, field) + picture,
      level: readLevelIndex(payload, field) + level,
    };
    this.#counters = counters;
    if (picture === 0 && level === 0) return payload;
    const { offset, isLong, levelIndexAt } = field;
    const changed = Uint8Array.from(payload);
    if (isLong) {
      changed[offset] = 0x80 | ((counters.picture >> 8) & 0x7f);
      changed[offset + 1] = counters.picture & 0xff;
    } else changed[offset] = counters.picture & 0x7f;
    if (levelIndexAt !== undefined) changed[levelIndexAt] = counters.level & 0xff;
    return changed;
  }
}

function readPictureId(payload: Uint8Array, { offset, isLong }: PictureIdField): number {
  const first = (payload[offset] ?? 0) & 0x7f;
  return isLong ? (first << 8) | (payload[offset + 1] ?? 0) : first;
}

function readLevelIndex(payload: Uint8Array, { levelIndexAt }: PictureIdField): number {
  return levelIndexAt === undefined ? 0 : (payload[levelIndexAt] ?? 0);
}
