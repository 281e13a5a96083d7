import type { MediaPacket } from '../../../demo/backend/webrtc/media-packet.js';

/** Parameter sets of Chromium's encoder for 640x480, and of x264 for a cropped picture in the High profile. */
export const SPS_640X480 = Buffer.from('6742c01f8c8d40501ed35060606078442350', 'hex');
export const SPS_1918X1078 = Buffer.from('67640028acd940780227a9b0110000030001000003000a0f183196', 'hex');
export const PPS = Buffer.from('68ce3c80', 'hex');

const VIDEO_TICKS_PER_MS = 90;
const AUDIO_TICKS_PER_MS = 48;

/** One 20 ms packet of full-band stereo CELT. */
export const OPUS_PACKET = Buffer.from([0xfc, 1, 2, 3]);

/** A NAL unit of the given type whose content identifies its picture. */
export function slice(type: 1 | 5, picture: number, bytes = 40): Buffer {
  return Buffer.concat([Buffer.from([0x60 | type]), Buffer.alloc(bytes, picture % 251)]);
}

/** Produces the RTP packets of a camera and a microphone, in sending order. */
export class SyntheticSender {
  #videoSequence = 65_530;
  #audioSequence = 10;

  /** A picture: STAP-A with parameter sets and IDR for a keyframe, a single slice otherwise. */
  picture(index: number, timeMs: number, keyframeSps?: Buffer): MediaPacket[] {
    const payload =
      keyframeSps === undefined ? slice(1, index) : aggregate([keyframeSps, PPS, slice(5, index)]);
    return [this.#packet('video', payload, timeMs * VIDEO_TICKS_PER_MS, true)];
  }

  audio(timeMs: number, payload: Buffer = OPUS_PACKET): MediaPacket {
    return this.#packet('audio', payload, timeMs * AUDIO_TICKS_PER_MS, false);
  }

  #packet(kind: 'video' | 'audio', payload: Buffer, ticks: number, marker: boolean): MediaPacket {
    const sequence = kind === 'video' ? this.#videoSequence++ : this.#audioSequence++;
    return {
      ssrc: kind === 'video' ? 1 : 2,
      sequenceNumber: sequence % 65_536,
      // Near the end of the range, so that it wraps in every test.
      timestamp: (4_294_000_000 + Math.round(ticks)) % 2 ** 32,
      marker,
      payload,
    };
  }
}

/** STAP-A of RFC 6184 section 5.7.1. */
export function aggregate(nalUnits: readonly Buffer[]): Buffer {
  const parts = nalUnits.flatMap((nalUnit) => {
    const size = Buffer.alloc(2);
    size.writeUInt16BE(nalUnit.length);
    return [size, nalUnit];
  });
  return Buffer.concat([Buffer.from([0x78]), ...parts]);
}

/** FU-A of RFC 6184 section 5.8. */
export function fragments(nalUnit: Buffer, size: number): Buffer[] {
  const header = nalUnit[0] ?? 0;
  const pieces: Buffer[] = [];
  for (let offset = 1; offset < nalUnit.length; offset += size) {
    const isStart = offset === 1;
    const isEnd = offset + size >= nalUnit.length;
    const flags = (isStart ? 0x80 : 0) | (isEnd ? 0x40 : 0);
    pieces.push(
      Buffer.concat([
        Buffer.from([(header & 0xe0) | 28, flags | (header & 0x1f)]),
        nalUnit.subarray(offset, offset + size),
      ]),
    );
  }
  return pieces;
}
