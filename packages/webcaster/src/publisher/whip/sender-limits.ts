import type { Clock } from '@gatecast/token';
import type { BroadcastStats } from '../../stats/broadcast-stats.js';
import type { EncodingSettings } from '../broadcast-target.js';
import { NetworkControl, NO_REDUCTION, type Reduction } from './follow-network.js';
import { applyEncoding, countLayers } from './sender-encoding.js';

/** Keeps the limits of a connection's senders: the settings, as far as the network takes them. */
export class SenderLimits {
  readonly #peer: Pick<RTCPeerConnection, 'getTransceivers'>;
  readonly #encoding: () => EncodingSettings;
  readonly #clock: Clock;
  readonly #control = new NetworkControl();
  #reduction: Reduction = NO_REDUCTION;
  /** A sender refuses parameters that were read before its last change. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    peer: Pick<RTCPeerConnection, 'getTransceivers'>,
    clock: Clock,
    encoding: () => EncodingSettings,
  ) {
    this.#peer = peer;
    this.#clock = clock;
    this.#encoding = encoding;
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
    return this.#apply(this.#reduction);
  }

  /** Reduces what is sent, or takes a reduction back. What could not be applied is tried again with the next statistics. */
  async follow(stats: BroadcastStats): Promise<void> {
    const track = this.#videoSender()?.track;
    // While nothing is sent, nothing is known.
    if (!track) return;
    const { height = 0, width = 0 } = track.getSettings();
    const limits = { ...this.#encoding(), hasLayers: this.layers > 1, pixels: width * height || null };
    const reduction = this.#control.update(stats, limits, this.#clock.now());
    const { scale, frames, bitrate } = this.#reduction;
    if (reduction.scale === scale && reduction.frames === frames && reduction.bitrate === bitrate) return;
    await this.#apply(reduction);
    this.#reduction = reduction;
  }

  #apply(reduction: Reduction): Promise<void> {
    const done = this.#turn.then(async () => {
      const encoding = this.#encoding();
      const transceivers = this.#peer.getTransceivers();
      await Promise.all(transceivers.map((each) => applyEncoding(each, encoding, reduction)));
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #videoSender(): RTCRtpSender | undefined {
    return this.#peer.getTransceivers().find(({ sender }) => sender.track?.kind === 'video')?.sender;
  }
}
