import { delay, type Clock } from '@gatecast/token';

const SAMPLE_MS = 1000;
/** Samples in a row without a new packet. Encoders pause for up to about two seconds when bandwidth is short. */
const SAMPLES_UNTIL_STOPPED = 5;
const FIRST_PACKET_POLL_MS = 50;

/** Which media to observe. */
export interface FlowOptions {
  readonly direction: 'sent' | 'received';
  /** Must packets flow now? Read at each sample. */
  readonly isExpected: () => boolean;
  /** The error of {@link MediaFlow.whenFlowing} when no packet came in time. */
  readonly stopped: () => Error;
  /** Called with each report, for statistics. */
  readonly onReport?: (report: RTCStatsReport) => void;
}

/** Changes of the flow of an open connection. */
export interface FlowEvents {
  /** Called each time that media stops. A lost connection is reported elsewhere. */
  onStopped(): void;
  /** Called after the first second without a packet, which may be a pause of the encoder. */
  onQuiet?(): void;
  /** Called when packets pass again after media has stopped. */
  onFlowing?(): void;
  /** Called each second that packets have passed in. */
  onPackets?(): void;
}

/** Tells by the statistics of a peer connection whether media flows over it. */
export class MediaFlow {
  readonly #peer: RTCPeerConnection;
  readonly #clock: Clock;
  readonly #options: FlowOptions;
  /** Number of packets at the last sample. */
  #packets: number | null = 0;

  constructor(peer: RTCPeerConnection, clock: Clock, options: FlowOptions) {
    this.#peer = peer;
    this.#clock = clock;
    this.#options = options;
  }

  /**
   * Resolves when a packet has passed since the last sample, or if that cannot be known.
   *
   * @throws Error that of {@link FlowOptions.stopped} when none did in time. Otherwise the signal's reason.
   */
  async whenFlowing(limitMs: number, signal: AbortSignal): Promise<void> {
    const endsAtMs = this.#clock.now() + limitMs;
    while (!(await this.#isFlowing())) {
      signal.throwIfAborted();
      if (this.#clock.now() >= endsAtMs) throw this.#options.stopped();
      await delay(this.#clock, FIRST_PACKET_POLL_MS, signal);
    }
    signal.throwIfAborted();
  }

  /** Reports changes until the signal aborts. */
  async watch(events: FlowEvents, signal: AbortSignal): Promise<void> {
    let silentSamples = 0;
    const isOver = () => signal.aborted;
    while (!isOver()) {
      await delay(this.#clock, SAMPLE_MS, signal).catch(() => undefined);
      const isFlowing = await this.#isFlowing();
      if (isOver()) return;
      const isSilent = !isFlowing && this.#peer.connectionState === 'connected';
      if (isFlowing && silentSamples >= SAMPLES_UNTIL_STOPPED) events.onFlowing?.();
      if (isFlowing) events.onPackets?.();
      silentSamples = isSilent ? silentSamples + 1 : 0;
      if (silentSamples === 1) events.onQuiet?.();
      if (silentSamples === SAMPLES_UNTIL_STOPPED) events.onStopped();
    }
  }

  async #isFlowing(): Promise<boolean> {
    if (!this.#options.isExpected()) return true;
    const before = this.#packets;
    // A connection that is being closed may have no report.
    const report = await this.#peer.getStats().catch(() => null);
    if (report) this.#options.onReport?.(report);
    this.#packets = report && countPackets(report, this.#options.direction);
    // The counters are not available in every engine.
    return this.#packets === null || before === null || this.#packets !== before;
  }
}

type PacketStats = RTCStats & { readonly packetsSent?: number; readonly packetsReceived?: number };

/** All packets of the direction; `null` if the report does not count them. A receiver has no entry before its first packet. */
function countPackets(report: RTCStatsReport, direction: FlowOptions['direction']): number | null {
  let packets: number | null = direction === 'received' ? 0 : null;
  report.forEach((stats: PacketStats) => {
    const { type, packetsSent, packetsReceived } = stats;
    const count = direction === 'sent' ? packetsSent : packetsReceived;
    const isCounted = type === (direction === 'sent' ? 'outbound-rtp' : 'inbound-rtp');
    if (isCounted) packets = count === undefined ? null : (packets ?? 0) + count;
  });
  return packets;
}
