import { RtcpSrPacket, useNACK, useOPUS, usePLI, useSdesMid, useSdesRTPStreamId } from 'werift';
import type { RTCRtpReceiver, RTCRtpTransceiver, RtpPacket } from 'werift';
import { videoParameters } from '../codecs/video-parameters.js';
import type { MediaPacket, TrackKind } from '../media-packet.js';
import { ntpToMs } from '../ntp-time.js';
import { PeerSession } from '../peer-session.js';
import type { IceSession } from '../peer-session.js';
import { SessionEvents } from '../session-events.js';
import type { SessionAccess } from '../token-verdict.js';
import { ActivityMeter, PUBLISHER_EVENTS } from './activity-meter.js';
import { KeyframeRequests } from './keyframe-requests.js';
import type { PublishedMedia } from './sdp-offer.js';

/** Reason for the end of a session. */
export type SessionEnd =
  | 'deleted'
  | 'vanished'
  | 'never-connected'
  | 'replaced'
  | 'expired'
  | 'revoked'
  | 'killed'
  | 'failed'
  | 'shutdown';

/** Callbacks of a session. */
export interface SessionCallbacks {
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
  /** Tracks of the session. `active` needs media of each. */
  readonly media: PublishedMedia;
  /** What the token permits. */
  readonly access: SessionAccess | undefined;
  readonly callbacks: SessionCallbacks;
}

const KEYFRAME_INTERVAL_MS = 1000;
const WATCHDOG_INTERVAL_MS = 500;

/** Receive-only peer connection of one publisher. The client, a timeout or a lost connection can end it. */
export class PublisherSession implements IceSession {
  readonly stream: string;
  readonly #options: SessionOptions;
  readonly #peer: PeerSession;
  readonly #startedAtMs: number;
  readonly #timers: NodeJS.Timeout[];
  #lastPacketAtMs: number | undefined;
  /** SSRC of each encoding of the video, by its name; of the only one, by an empty name. */
  readonly #encodings = new Map<string, number>();
  readonly #keyframes: KeyframeRequests;
  #videoReceiver: RTCRtpReceiver | undefined;
  /** What the server tells the publisher. */
  readonly events: SessionEvents;
  readonly #activity: ActivityMeter;
  #isEnded = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.stream = options.stream;
    this.#startedAtMs = options.now();
    this.#peer = new PeerSession({
      hostAddresses: options.hostAddresses,
      now: options.now,
      codecs: {
        video: [videoParameters(options.media.videoCodec ?? 'h264', { rtcpFeedback: [useNACK(), usePLI()] })],
        audio: [useOPUS()],
      },
      // Encodings of one picture have no SSRC in the offer: their packets name them (RFC 8852).
      headerExtensions: options.media.rids.length > 0 ? { video: [useSdesMid(), useSdesRTPStreamId()] } : {},
    });
    this.#keyframes = new KeyframeRequests({
      now: options.now,
      // A failure needs no handling: the next request follows within a second.
      send: (ssrc) => void this.#videoReceiver?.sendRtcpPLI(ssrc).catch(() => undefined),
    });
    this.#activity = new ActivityMeter(options.media, () => {
      this.events.emit(this.#activity.isActive ? 'active' : 'inactive');
    });
    this.events = new SessionEvents({
      names: PUBLISHER_EVENTS,
      initial: () => [{ event: this.#activity.isActive ? 'active' : 'inactive', data: {} }],
    });
    const { connection } = this.#peer;
    connection.onRemoteTransceiverAdded.subscribe((transceiver) => {
      this.#receive(transceiver);
    });
    connection.connectionStateChange.subscribe((state) => {
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

  get id(): string {
    return this.#peer.id;
  }

  get etag(): string {
    return this.#peer.etag;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** What the token permits. */
  get access(): SessionAccess | undefined {
    return this.#options.access;
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
    const sdp = await this.#peer.answer(offer);
    // werift ends the line with a space, which browsers do not take.
    return sdp.replace(/^(a=simulcast:.*?) +(\r?)$/gm, '$1$2');
  }

  get restartObstacle() {
    return this.#peer.restartObstacle;
  }

  restartIce(ufrag: string, password: string): Promise<string> {
    return this.#peer.restartIce(ufrag, password);
  }

  isPresentGeneration(ufrag: string): boolean {
    return this.#peer.isPresentGeneration(ufrag);
  }

  /** Requests a keyframe of one encoding, or of all: of each at most one in 300 ms. */
  requestKeyframe(rid?: string): void {
    for (const [name, ssrc] of this.#encodings) {
      if (rid === undefined || rid === name) this.#keyframes.request(ssrc);
    }
  }

  /** Ends the session. Further calls have no effect. */
  end(reason: SessionEnd): void {
    if (this.isEnded) return;
    this.#isEnded = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#keyframes.close();
    this.#peer.close();
    this.events.emit('inactive', { reason: 'ended' });
    this.events.close();
    this.#options.callbacks.onEnd(reason);
  }

  #receive({ kind, onTrack, receiver }: RTCRtpTransceiver): void {
    if (kind !== 'video' && kind !== 'audio') return;
    if (kind === 'video') this.#videoReceiver = receiver;
    onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe((packet) => {
        this.#onRtp(kind, track.rid, packet);
      });
    });
    receiver.onRtcp.subscribe((packet) => {
      if (!(packet instanceof RtcpSrPacket)) return;
      const { ntpTimestamp, rtpTimestamp } = packet.senderInfo;
      this.#options.callbacks.onSenderReport(kind, packet.ssrc, rtpTimestamp, ntpToMs(ntpTimestamp));
    });
  }

  #onRtp(kind: TrackKind, rid: string | undefined, { header, payload }: RtpPacket): void {
    if (this.isEnded) return;
    const nowMs = this.#options.now();
    this.#lastPacketAtMs = nowMs;
    const { ssrc, sequenceNumber, timestamp, marker } = header;
    if (kind === 'video' && !this.#encodings.has(rid ?? '')) {
      this.#encodings.set(rid ?? '', ssrc);
      this.requestKeyframe(rid ?? '');
    }
    this.#activity.onPacket(kind, payload, nowMs);
    this.#options.callbacks.onRtp(kind, { ssrc, rid, sequenceNumber, timestamp, marker, payload }, nowMs);
  }

  #watch(): void {
    const { connectLimitMs, silenceLimitMs, now } = this.#options;
    this.#activity.look(now());
    if (!this.hasReceived && this.silentMs > connectLimitMs) this.end('never-connected');
    else if (this.hasReceived && this.silentMs > silenceLimitMs) this.end('vanished');
  }
}
