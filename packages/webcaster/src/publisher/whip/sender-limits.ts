import type { Clock } from '@gatecast/token';
import type { BroadcastStats } from '../../stats/broadcast-stats.js';
import type { EncodingSettings } from '../broadcast-target.js';
import { NetworkControl, startShare, type Reduction } from './follow-network.js';
import { applyEncoding, countLayers } from './sender-encoding.js';

const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;

/** Keeps the limits of a connection's senders: the settings, as far as the network takes them. */
export class SenderLimits {
  readonly #peer: Pick<RTCPeerConnection, 'getTransceivers'>;
  readonly #encoding: () => EncodingSettings;
  readonly #clock: Clock;
  #control: NetworkControl;
  /** What the senders have. */
  #reduction: Reduction;
  /** What they get with the next change. */
  #wanted: Reduction;
  /** Changes in a row that the browser has refused, and when the next attempt is due. */
  #refusals = 0;
  #retryAtMs = 0;
  /** A sender refuses parameters that were read before its last change. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param previous - of the connection that this one replaces: it begins with as little. */
  constructor(
    peer: Pick<RTCPeerConnection, 'getTransceivers'>,
    clock: Clock,
    encoding: () => EncodingSettings,
    previous?: SenderLimits,
  ) {
    this.#peer = peer;
    this.#clock = clock;
    this.#encoding = encoding;
    this.#control = new NetworkControl(previous ? previous.#control : undefined, clock.now());
    this.#reduction = this.#control.reduction(encoding().degradationPreference);
    this.#wanted = this.#reduction;
  }

  /** What is left of the settings. */
  get reduction(): Reduction {
    return this.#reduction;
  }

  /** Kilobits per second of video that a connection starts with. */
  startKbps({ videoBitrateKbps }: Pick<EncodingSettings, 'videoBitrateKbps'>): number {
    return Math.round(videoBitrateKbps * startShare(this.#reduction));
  }

  /** Is less sent than the settings allow, because the network does not take it? */
  get isReduced(): boolean {
    const { scale, frames, bitrate } = this.#reduction;
    return scale > 1 || frames < 1 || bitrate < 1;
  }

  /** Sizes in which the picture is sent at once. */
  get layers(): number {
    const sender = this.#videoSender();
    return sender ? Math.max(1, countLayers(sender)) : 1;
  }

  /** Applies the settings of now. */
  apply(): Promise<void> {
    return this.#apply();
  }

  /** The connection goes over another network path from now on: what is known of the one before no longer counts. */
  beginPath(): void {
    this.#control = new NetworkControl(this.#control, this.#clock.now());
  }

  /**
   * Reduces what is sent, or takes a reduction back. What the browser refuses, here or in `apply`, is tried again with later
   * statistics.
   */
  async follow(stats: BroadcastStats): Promise<void> {
    const track = this.#videoSender()?.track;
    // While nothing is sent, nothing is known.
    if (!track) return;
    const { height = 0, width = 0 } = track.getSettings();
    const limits = { ...this.#encoding(), hasLayers: this.layers > 1, pixels: width * height || null };
    const nowMs = this.#clock.now();
    const reduction = this.#control.update(stats, limits, nowMs);
    const { scale, frames, bitrate } = this.#reduction;
    const isNew = reduction.scale !== scale || reduction.frames !== frames || reduction.bitrate !== bitrate;
    if (this.#refusals > 0 ? nowMs < this.#retryAtMs : !isNew) return;
    this.#wanted = reduction;
    await this.#apply();
  }

  #apply(): Promise<void> {
    const done = this.#turn.then(async () => {
      // Read in its turn: the last ones count.
      const reduction = this.#wanted;
      const encoding = this.#encoding();
      const transceivers = this.#peer.getTransceivers();
      try {
        await Promise.all(transceivers.map((each) => applyEncoding(each, encoding, reduction)));
        this.#reduction = reduction;
        this.#refusals = 0;
      } catch (error) {
        const waitMs = Math.min(RETRY_MS * 2 ** this.#refusals, LONGEST_RETRY_MS);
        this.#retryAtMs = this.#clock.now() + waitMs;
        this.#refusals += 1;
        throw error;
      }
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #videoSender(): RTCRtpSender | undefined {
    return this.#peer.getTransceivers().find(({ sender }) => sender.track?.kind === 'video')?.sender;
  }
}
