import type { MediaPacket } from '../media-packet.js';
import type { AvSync } from './av-sync.js';
import { H264Depacketizer, NAL, nalType } from './h264-depacketizer.js';
import type { AccessUnit } from './h264-depacketizer.js';
import { ReorderBuffer } from './reorder-buffer.js';

/** What a decoder needs before the first picture. */
export interface ParameterSets {
  readonly sps: Uint8Array;
  readonly pps: Uint8Array;
}

/** One picture, with the parameter sets that came last. */
export interface Picture extends AccessUnit {
  readonly sets: ParameterSets | undefined;
}

/** What a packet has completed. */
export interface VideoStep {
  readonly pictures: readonly Picture[];
  /** A picture after those was dropped: later ones cannot be decoded before the next keyframe. */
  readonly isDamaged: boolean;
}

/** Puts the packets of one encoding together to pictures. */
export class VideoSource {
  readonly rid: string;
  /** The clock of this encoding, beside that of the sound. */
  readonly sync: AvSync;
  readonly #buffer = new ReorderBuffer<MediaPacket>();
  readonly #depacketizer = new H264Depacketizer();
  #ssrc: number | undefined;
  #sps: Uint8Array | undefined;
  #pps: Uint8Array | undefined;

  constructor(rid: string, sync: AvSync) {
    this.rid = rid;
    this.sync = sync;
  }

  get ssrc(): number | undefined {
    return this.#ssrc;
  }

  push(packet: MediaPacket, nowMs: number): VideoStep[] {
    // One track has the packets of one source only.
    this.#ssrc ??= packet.ssrc;
    if (this.#ssrc !== packet.ssrc) return [];
    this.sync.onPacket('video', packet.timestamp, nowMs);
    return this.#buffer.push(packet, nowMs).map((ordered) => {
      const { accessUnits, isDamaged } = this.#depacketizer.push(ordered.packet, ordered.isAfterLoss);
      return { pictures: accessUnits.map((accessUnit) => this.#pictureOf(accessUnit)), isDamaged };
    });
  }

  #pictureOf(accessUnit: AccessUnit): Picture {
    for (const nalUnit of accessUnit.nalUnits) {
      if (nalType(nalUnit) === NAL.sps) this.#sps = nalUnit;
      else if (nalType(nalUnit) === NAL.pps) this.#pps = nalUnit;
    }
    const [sps, pps] = [this.#sps, this.#pps];
    return { ...accessUnit, sets: sps && pps && { sps, pps } };
  }
}
