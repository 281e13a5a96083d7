/** Fields of an RTP packet that the depacketizer needs. */
export interface H264RtpPacket {
  readonly timestamp: number;
  /** Set on the last packet of a picture. */
  readonly marker: boolean;
  readonly payload: Uint8Array;
}

/** One coded picture with its parameter sets, in decoding order. */
export interface AccessUnit {
  /** RTP timestamp, 90 kHz, 32 bit. */
  readonly timestamp: number;
  readonly nalUnits: readonly Uint8Array[];
  readonly isKeyframe: boolean;
}

export interface DepacketizedH264 {
  readonly accessUnits: readonly AccessUnit[];
  /** A picture was dropped. Later pictures refer to it and cannot be decoded before the next keyframe. */
  readonly isDamaged: boolean;
}

/** NAL unit types (H.264, table 7-1) and RTP packet types (RFC 6184). */
export const NAL = { idr: 5, sps: 7, pps: 8, delimiter: 9, stapA: 24, fuA: 28 } as const;

const TYPE_MASK = 0x1f;
/** Limits memory use. A camera does not send a larger picture. */
const MAX_PICTURE_BYTES = 4 * 1024 * 1024;

export function nalType(nalUnit: Uint8Array): number {
  return (nalUnit[0] ?? 0) & TYPE_MASK;
}

/**
 * Rebuilds H.264 pictures from RTP payloads in packetization mode 1.
 * @see https://www.rfc-editor.org/rfc/rfc6184
 */
export class H264Depacketizer {
  #timestamp: number | undefined;
  #nalUnits: Uint8Array[] = [];
  #fragments: Uint8Array[] | undefined;
  #bytes = 0;
  #isBroken = false;

  /** Processes the next packet in sequence and returns the pictures that it completes. */
  push(packet: H264RtpPacket, isAfterLoss: boolean): DepacketizedH264 {
    const accessUnits: AccessUnit[] = [];
    let isDamaged = isAfterLoss;
    if (isAfterLoss) {
      // The lost packets may belong to the end of this picture or to the start of the next one.
      this.#reset();
      this.#isBroken = true;
    }
    // Bandwidth probes contain only padding.
    if (packet.payload.length === 0) return { accessUnits, isDamaged };
    if (this.#timestamp !== undefined && this.#timestamp !== packet.timestamp) {
      // The packet with the marker may be lost: a new timestamp ends the picture, too.
      isDamaged = this.#finish(accessUnits) || isDamaged;
      this.#isBroken = false;
    }
    this.#timestamp = packet.timestamp;
    this.#take(packet.payload);
    if (packet.marker) {
      isDamaged = this.#finish(accessUnits) || isDamaged;
      this.#isBroken = false;
      this.#timestamp = undefined;
    }
    return { accessUnits, isDamaged };
  }

  #take(payload: Uint8Array): void {
    this.#bytes += payload.length;
    if (this.#bytes > MAX_PICTURE_BYTES) {
      this.#isBroken = true;
      this.#nalUnits = [];
      this.#fragments = undefined;
      return;
    }
    const type = nalType(payload);
    if (type === NAL.fuA) this.#takeFragment(payload);
    else if (type === NAL.stapA) this.#takeAggregate(payload);
    else if (type > 0 && type < NAL.stapA) this.#nalUnits.push(payload);
    // The other packet types need packetization mode 2, which is never negotiated.
    else this.#isBroken = true;
  }

  #takeAggregate(payload: Uint8Array): void {
    let offset = 1;
    while (offset + 2 <= payload.length) {
      const size = ((payload[offset] ?? 0) << 8) | (payload[offset + 1] ?? 0);
      offset += 2;
      if (size === 0 || offset + size > payload.length) {
        this.#isBroken = true;
        return;
      }
      this.#nalUnits.push(payload.subarray(offset, offset + size));
      offset += size;
    }
  }

  #takeFragment(payload: Uint8Array): void {
    const indicator = payload[0] ?? 0;
    const header = payload[1];
    if (header === undefined) {
      this.#isBroken = true;
      return;
    }
    const isStart = (header & 0x80) !== 0;
    const isEnd = (header & 0x40) !== 0;
    if (isStart) {
      this.#fragments = [Uint8Array.of((indicator & ~TYPE_MASK) | (header & TYPE_MASK))];
    }
    if (!this.#fragments) {
      this.#isBroken = true;
      return;
    }
    this.#fragments.push(payload.subarray(2));
    if (isEnd) {
      this.#nalUnits.push(Buffer.concat(this.#fragments));
      this.#fragments = undefined;
    }
  }

  /** @returns Whether a picture was dropped. */
  #finish(accessUnits: AccessUnit[]): boolean {
    const isBroken = this.#isBroken || this.#fragments !== undefined;
    if (!isBroken && this.#nalUnits.length > 0 && this.#timestamp !== undefined) {
      accessUnits.push({
        timestamp: this.#timestamp,
        nalUnits: this.#nalUnits,
        isKeyframe: this.#nalUnits.some((nalUnit) => nalType(nalUnit) === NAL.idr),
      });
    }
    this.#reset();
    return isBroken;
  }

  #reset(): void {
    this.#nalUnits = [];
    this.#fragments = undefined;
    this.#bytes = 0;
  }
}
