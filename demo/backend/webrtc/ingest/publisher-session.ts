import { randomUUID } from 'node:crypto';
import { RtcpSrPacket, RTCPeerConnection, useH264, useNACK, useOPUS, usePLI } from 'werift';
import type { MediaStreamTrack, RTCRtpReceiver, RTCRtpTransceiver, RtpPacket } from 'werift';
import type { TrackKind } from './av-sync.js';
import { renderIceFragment } from '../ice-fragment.js';
import type { MediaPacket } from './media-receiver.js';
import { sdpAttribute, withIceCredentials, withoutCandidates } from './sdp-offer.js';

/** Reason for the end of a session. */
export type SessionEnd =
  'deleted' | 'vanished' | 'never-connected' | 'replaced' | 'killed' | 'failed' | 'shutdown';

/** Callbacks of a session. */
export interface SessionEvents {
  readonly onRtp: (kind: TrackKind, packet: MediaPacket, nowMs: number) => void;
  readonly onSenderReport: (kind: TrackKind, ssrc: number, timestamp: number, senderTimeMs: number) => void;
  readonly onEnd: (reason: SessionEnd) => void;
}

export interface SessionOptions {
  readonly stream: string;
  readonly hostAddresses: readonly string[];
  readonly now: () => number;
  readonly connectLimitMs: number;
  readonly silenceLimitMs: number;
  readonly events: SessionEvents;
}

const KEYFRAME_INTERVAL_MS = 1000;
/** A burst of losses must cause only one keyframe request. */
const MIN_KEYFRAME_SPACING_MS = 300;
const WATCHDOG_INTERVAL_MS = 500;

/** Receive-only peer connection of one publisher. The client, a timeout or a lost connection can end it. */
export class PublisherSession {
  /** Last part of the session URL. It cannot be guessed, but does not replace the token. */
  readonly id = randomUUID();
  readonly stream: string;
  readonly #options: SessionOptions;
  readonly #connection: RTCPeerConnection;
  readonly #startedAtMs: number;
  readonly #timers: NodeJS.Timeout[];
  #offer = '';
  #generation = 0;
  #lastPacketAtMs: number | undefined;
  #lastKeyframeRequestMs = 0;
  #video: { receiver: RTCRtpReceiver; ssrc: number } | undefined;
  #isEnded = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.stream = options.stream;
    this.#startedAtMs = options.now();
    this.#connection = new RTCPeerConnection({
      iceUseIpv4: false,
      iceUseIpv6: false,
      iceUseTcp: false,
      iceServers: [],
      iceAdditionalHostAddresses: [...options.hostAddresses],
      bundlePolicy: 'max-bundle',
      codecs: {
        video: [useH264({ rtcpFeedback: [useNACK(), usePLI()] })],
        audio: [useOPUS()],
      },
    });
    this.#connection.onRemoteTransceiverAdded.subscribe((transceiver) => {
      this.#receive(transceiver);
    });
    this.#connection.connectionStateChange.subscribe((state) => {
      if (state === 'failed') this.end('failed');
    });
    this.#timers = [
      setInterval(() => {
        this.requestKeyframe();
      }, KEYFRAME_INTERVAL_MS),
      setInterval(() => {
        this.#watch();
      }, WATCHDOG_INTERVAL_MS),
    ];
    // An open session must not keep the process alive.
    for (const timer of this.#timers) timer.unref();
  }

  /** Entity tag of the ICE session. An ICE restart changes it (RFC 9725, section 4.3.1). */
  get etag(): string {
    return `"${this.id.slice(0, 8)}-${this.#generation}"`;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Time in ms since the last packet, or since the start of the session before the first packet. */
  get silentMs(): number {
    return this.#options.now() - (this.#lastPacketAtMs ?? this.#startedAtMs);
  }

  get hasReceived(): boolean {
    return this.#lastPacketAtMs !== undefined;
  }

  /** Applies the publisher's offer and returns the SDP answer with all candidates. */
  async answer(offer: string): Promise<string> {
    this.#offer = offer;
    await this.#connection.setRemoteDescription({ type: 'offer', sdp: withoutCandidates(offer) });
    const answer = await this.#connection.createAnswer();
    await this.#connection.setLocalDescription(answer);
    return this.#localSdp();
  }

  /** Restarts ICE with the publisher's new credentials. Returns the trickle ICE fragment for the response. */
  async restartIce(ufrag: string, password: string): Promise<string> {
    const sdp = await this.answer(withIceCredentials(this.#offer, ufrag, password));
    this.#generation += 1;
    // werift does not restart ICE when DTLS is connected. Without this call it could not send keyframe requests and
    // receiver reports.
    for (const transport of this.#connection.iceTransports) transport.start().catch(() => undefined);
    const media = [...sdp.matchAll(/^(m=[^\r\n]*)[\s\S]*?^a=mid:([^\r\n]+)/gm)].map((match) => ({
      line: match[1] ?? '',
      mid: match[2] ?? '',
    }));
    const candidates = [...sdp.matchAll(/^a=candidate:([^\r\n]+)/gm)].map((match) => match[1] ?? '');
    return renderIceFragment({
      ufrag: sdpAttribute(sdp, 'ice-ufrag') ?? '',
      password: sdpAttribute(sdp, 'ice-pwd') ?? '',
      media,
      candidates: [...new Set(candidates)],
    });
  }

  /** Whether the user name fragment belongs to the current ICE session. */
  isPresentGeneration(ufrag: string): boolean {
    return sdpAttribute(this.#offer, 'ice-ufrag') === ufrag;
  }

  /** Sends a picture loss indication, at most every 300 ms. */
  requestKeyframe(): void {
    const nowMs = this.#options.now();
    if (!this.#video || nowMs - this.#lastKeyframeRequestMs < MIN_KEYFRAME_SPACING_MS) return;
    this.#lastKeyframeRequestMs = nowMs;
    // A failure needs no handling: the next request follows within a second.
    this.#video.receiver.sendRtcpPLI(this.#video.ssrc).catch(() => undefined);
  }

  /** Ends the session. Further calls have no effect. */
  end(reason: SessionEnd): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    for (const timer of this.#timers) clearInterval(timer);
    // Closing sends nothing that the publisher needs, so do not wait for it.
    this.#connection.close().catch(() => undefined);
    this.#options.events.onEnd(reason);
  }

  #localSdp(): string {
    const sdp = this.#connection.localDescription?.sdp;
    if (sdp === undefined) throw new Error('The peer connection created no SDP answer.');
    return sdp;
  }

  #receive(transceiver: RTCRtpTransceiver): void {
    transceiver.onTrack.subscribe((track) => {
      this.#listen(track, transceiver.receiver);
    });
  }

  #listen(track: MediaStreamTrack, receiver: RTCRtpReceiver): void {
    const { kind } = track;
    if (kind !== 'video' && kind !== 'audio') return;
    track.onReceiveRtp.subscribe((packet) => {
      this.#onRtp(kind, receiver, packet);
    });
    receiver.onRtcp.subscribe((packet) => {
      if (!(packet instanceof RtcpSrPacket)) return;
      const { ntpTimestamp, rtpTimestamp } = packet.senderInfo;
      this.#options.events.onSenderReport(kind, packet.ssrc, rtpTimestamp, ntpToMs(ntpTimestamp));
    });
  }

  #onRtp(kind: TrackKind, receiver: RTCRtpReceiver, { header, payload }: RtpPacket): void {
    if (this.#isEnded) return;
    const nowMs = this.#options.now();
    this.#lastPacketAtMs = nowMs;
    if (kind === 'video' && !this.#video) {
      this.#video = { receiver, ssrc: header.ssrc };
      this.requestKeyframe();
    }
    const { ssrc, sequenceNumber, timestamp, marker } = header;
    this.#options.events.onRtp(kind, { ssrc, sequenceNumber, timestamp, marker, payload }, nowMs);
  }

  #watch(): void {
    const { connectLimitMs, silenceLimitMs } = this.#options;
    if (!this.hasReceived && this.silentMs > connectLimitMs) this.end('never-connected');
    else if (this.hasReceived && this.silentMs > silenceLimitMs) this.end('vanished');
  }
}

/** Converts the NTP time of a sender report (32.32 fixed point) to ms (RFC 3550, section 4). */
function ntpToMs(ntp: bigint): number {
  return Number(ntp >> 32n) * 1000 + (Number(ntp & 0xffffffffn) / 2 ** 32) * 1000;
}
