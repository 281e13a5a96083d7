/** Bits per second that a peer connection sent since the last reading. `undefined` is not known. */
export interface Bitrates {
  readonly audio: number | undefined;
  readonly video: number | undefined;
}

interface Counter {
  readonly bytesSent: number;
  readonly timestampMs: number;
}

/** Reads the bitrates for the metrics of the double of the vendor's Webcaster v6. */
export class BitrateReader {
  readonly #peer: RTCPeerConnection;
  readonly #before = new Map<string, Counter>();

  constructor(peer: RTCPeerConnection) {
    this.#peer = peer;
  }

  async read(): Promise<Bitrates> {
    const rates: { audio?: number; video?: number } = {};
    const report = await this.#peer.getStats();
    report.forEach((stat: RTCStats & { kind?: string; bytesSent?: number }) => {
      const { type, kind, bytesSent, timestamp: timestampMs } = stat;
      if (type !== 'outbound-rtp' || bytesSent === undefined || (kind !== 'audio' && kind !== 'video'))
        return;
      const before = this.#before.get(kind);
      this.#before.set(kind, { bytesSent, timestampMs });
      if (!before || timestampMs <= before.timestampMs) return;
      rates[kind] = ((bytesSent - before.bytesSent) * 8000) / (timestampMs - before.timestampMs);
    });
    return { audio: rates.audio, video: rates.video };
  }
}
