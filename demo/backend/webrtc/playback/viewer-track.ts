import {
  GenericNack,
  PictureLossIndication,
  RtcpPayloadSpecificFeedback,
  RtcpSenderInfo,
  RtcpSrPacket,
  RtcpTransportLayerFeedback,
  RtpHeader,
  RtpPacket,
  wrapRtx,
} from 'werift';
import type { RTCRtpSender, RtcpPacket } from 'werift';
import { epochMsToNtp } from '../ntp-time.js';
import type { PictureIdField } from '../codecs/picture-fields.js';
import type { RelayedPacket, RelayedReport } from './relay-track.js';
import { SequenceGuard } from './sequence-guard.js';
import { ViewerNumbers } from './viewer-numbers.js';

export interface ViewerTrackOptions {
  readonly sender: RTCRtpSender;
  /** Ticks of the RTP clock per second. */
  readonly clockRate: number;
  /** Finds the counters of pictures in a payload, if the codec has any. */
  readonly pictureId: ((payload: Uint8Array) => PictureIdField | undefined) | undefined;
  readonly requestKeyframe: () => void;
}

/** Largest number of retransmissions for one report. A client that lost more needs a keyframe. */
const MAX_RESENT = 200;
const MAX_REPAIR_BYTES = 256 * 1024;

/**
 * Sends one track to one viewer. Payloads stay as they are. The SSRC is the same for the whole session, so a viewer notices
 * nothing of a change of the publisher.
 */
export class ViewerTrack {
  readonly #options: ViewerTrackOptions;
  readonly #guard = new SequenceGuard();
  readonly #numbers: ViewerNumbers;
  readonly #repairPayloadType: number | undefined;
  #repairSequence = Math.floor(Math.random() * 0x8000);
  /** Bytes that can be sent again: as many as were sent, up to a limit. Reports of losses cost a viewer nothing. */
  #repairBytes = MAX_REPAIR_BYTES;
  #packets = 0;
  #octets = 0;

  constructor(options: ViewerTrackOptions, repairPayloadType: number | undefined) {
    this.#options = options;
    this.#numbers = new ViewerNumbers(options);
    this.#repairPayloadType = repairPayloadType;
  }

  /** Packets sent so far, without retransmissions. */
  get packetsSent(): number {
    return this.#packets;
  }

  send(relayed: RelayedPacket): void {
    const packet = this.#numbers.place(relayed);
    if (!packet) return;
    const sequenceNumber = packet.sequence & 0xffff;
    const decision = this.#guard.next(sequenceNumber);
    if (decision === 'drop') return;
    if (decision === 'fill') this.#write(padding(packet), 0);
    this.#packets += 1;
    this.#octets += packet.payload.length;
    this.#repairBytes = Math.min(MAX_REPAIR_BYTES, this.#repairBytes + packet.payload.length);
    this.#write(packet, sequenceNumber);
  }

  /** Tells the viewer which RTP time is which wall-clock time. Audio and video stay in sync by it. */
  report({ timestamp, wallClockMs }: RelayedReport): void {
    const { sender } = this.#options;
    const report = new RtcpSrPacket({
      ssrc: sender.ssrc,
      senderInfo: new RtcpSenderInfo({
        ntpTimestamp: epochMsToNtp(wallClockMs),
        rtpTimestamp: this.#numbers.timestamp(timestamp),
        packetCount: this.#packets % 2 ** 32,
        octetCount: this.#octets % 2 ** 32,
      }),
    });
    sender.dtlsTransport.sendRtcp([report]).catch(() => undefined);
  }

  /** Acts on the viewer's feedback, if it is about this track. */
  onRtcp(packet: RtcpPacket): void {
    const { ssrc } = this.#options.sender;
    if (packet instanceof RtcpTransportLayerFeedback) {
      const { feedback } = packet;
      if (feedback instanceof GenericNack && feedback.mediaSourceSsrc === ssrc) this.#resend(feedback.lost);
    } else if (packet instanceof RtcpPayloadSpecificFeedback) {
      const { feedback } = packet;
      const isAsked =
        (feedback instanceof PictureLossIndication && feedback.mediaSsrc === ssrc) ||
        ('fir' in feedback && feedback.fir.some((entry) => entry.ssrc === ssrc));
      if (isAsked) this.#options.requestKeyframe();
    }
  }

  #resend(lost: readonly number[]): void {
    for (const sequenceNumber of lost.slice(0, MAX_RESENT)) {
      const packet = this.#numbers.find(sequenceNumber);
      if (!packet || packet.payload.length > this.#repairBytes) continue;
      this.#repairBytes -= packet.payload.length;
      this.#repair(packet, sequenceNumber);
    }
  }

  #repair(packet: RelayedPacket, sequenceNumber: number): void {
    if (this.#repairPayloadType === undefined) {
      if (this.#guard.next(sequenceNumber) === 'send') this.#write(packet, sequenceNumber);
      return;
    }
    const { rtxSsrc, dtlsTransport } = this.#options.sender;
    const plain = new RtpPacket(this.#header(packet, sequenceNumber), Buffer.from(packet.payload));
    const repair = wrapRtx(plain, this.#repairPayloadType, this.#repairSequence, rtxSsrc);
    this.#repairSequence = (this.#repairSequence + 1) & 0xffff;
    dtlsTransport.sendRtp(repair.payload, repair.header).catch(() => undefined);
  }

  #write(packet: RelayedPacket, sequenceNumber: number): void {
    const header = this.#header(packet, sequenceNumber);
    const { buffer, byteOffset, byteLength } = packet.payload;
    const payload = Buffer.from(buffer, byteOffset, byteLength);
    this.#options.sender.dtlsTransport.sendRtp(payload, header).catch(() => undefined);
  }

  #header(
    { timestamp, marker, isPadding }: RelayedPacket & { isPadding?: boolean },
    sequenceNumber: number,
  ): RtpHeader {
    const { sender } = this.#options;
    return new RtpHeader({
      ssrc: sender.ssrc,
      payloadType: sender.codec?.payloadType ?? 0,
      sequenceNumber,
      timestamp,
      marker,
      padding: isPadding === true,
    });
  }
}

/** A packet of padding only: 4 bytes, the last of which is their number (RFC 3550, section 5.1). */
function padding(before: RelayedPacket): RelayedPacket & { isPadding: boolean } {
  return {
    ...before,
    marker: false,
    startsKeyframe: false,
    payload: Uint8Array.of(0, 0, 0, 4),
    isPadding: true,
  };
}
