import { delay, type Clock } from '@gatecast/token';
import { isExpectedToSend } from '../expected-media.js';
import { mediaStopped } from '../publisher-errors.js';

const SAMPLE_MS = 1000;
/** Samples in a row without a new packet. Encoders pause for up to about two seconds when bandwidth is short. */
const SAMPLES_UNTIL_STOPPED = 5;
const FIRST_PACKET_POLL_MS = 100;

/** Tells by the statistics of a peer connection whether media is sent over it. */
export class MediaFlow {
  readonly #peer: RTCPeerConnection;
  readonly #clock: Clock;
  /** Number of packets at the last sample. */
  #packets: number | null = 0;

  constructor(peer: RTCPeerConnection, clock: Clock) {
    this.#peer = peer;
    this.#clock = clock;
  }

  /**
   * Resolves when a packet has been sent since the last sample, or if that cannot be known.
   *
   * @throws GatecastError `media-stopped` when none was sent in time. Otherwise the signal's reason.
   */
  async whenSending(limitMs: number, signal: AbortSignal): Promise<void> {
    const endsAtMs = this.#clock.now() + limitMs;
    while (!(await this.#isSending())) {
      signal.throwIfAborted();
      if (this.#clock.now() >= endsAtMs) throw mediaStopped();
      await delay(this.#clock, FIRST_PACKET_POLL_MS, signal);
    }
    signal.throwIfAborted();
  }

  /** Calls back each time that media stops, until the signal aborts. A lost connection is reported elsewhere. */
  async watch(onStopped: () => void, signal: AbortSignal): Promise<void> {
    let silentSamples = 0;
    const isOver = () => signal.aborted;
    while (!isOver()) {
      await delay(this.#clock, SAMPLE_MS, signal).catch(() => undefined);
      const isSending = await this.#isSending();
      if (isOver()) return;
      const isSilent = !isSending && this.#peer.connectionState === 'connected';
      silentSamples = isSilent ? silentSamples + 1 : 0;
      if (silentSamples === SAMPLES_UNTIL_STOPPED) onStopped();
    }
  }

  async #isSending(): Promise<boolean> {
    const isExpected = this.#peer
      .getTransceivers()
      .some((transceiver) => isNegotiated(transceiver) && isExpectedToSend(transceiver.sender.track));
    if (!isExpected) return true;
    const before = this.#packets;
    // A connection that is being closed may have no report.
    const report = await this.#peer.getStats().catch(() => null);
    this.#packets = report && readPacketsSent(report);
    // The counters are not available in every engine.
    return this.#packets === null || before === null || this.#packets !== before;
  }
}

/** Does the other side receive what this transceiver sends? */
export function isNegotiated({ currentDirection }: Pick<RTCRtpTransceiver, 'currentDirection'>): boolean {
  return currentDirection === 'sendonly' || currentDirection === 'sendrecv';
}

function readPacketsSent(report: RTCStatsReport): number | null {
  let packets: number | null = null;
  report.forEach(({ type, packetsSent }: RTCStats & { packetsSent?: number }) => {
    if (type === 'outbound-rtp' && packetsSent !== undefined) packets = (packets ?? 0) + packetsSent;
  });
  return packets;
}
