/** A track of the page, such as a camera. */
export const fakeTrack = (kind: 'audio' | 'video', height = 720): MediaStreamTrack =>
  Object.assign(new EventTarget(), {
    kind,
    enabled: true,
    muted: false,
    readyState: 'live',
    getSettings: () => ({ width: (height * 16) / 9, height }),
  }) as MediaStreamTrack;

/** A sender as browsers have it: parameters are good for one change. */
export class FakeSender {
  track: MediaStreamTrack | null;
  readonly #receiverTrack: MediaStreamTrack;
  /** Changes that the browser refuses. */
  refusals = 0;
  encodings: RTCRtpEncodingParameters[];
  preference: string | undefined;
  changes = 0;
  #transaction = 0;

  constructor(kind: 'audio' | 'video', encodings: RTCRtpEncodingParameters[]) {
    this.track = this.#receiverTrack = fakeTrack(kind);
    this.encodings = encodings;
  }

  getParameters(): Partial<RTCRtpSendParameters> {
    return {
      transactionId: String(this.#transaction),
      encodings: this.encodings.map((each) => ({ ...each })),
    };
  }

  async setParameters(parameters: RTCRtpSendParameters): Promise<void> {
    await Promise.resolve();
    if (this.refusals > 0) {
      this.refusals -= 1;
      throw new DOMException('Not now.', 'InvalidStateError');
    }
    if (parameters.transactionId !== String(this.#transaction))
      throw new DOMException('The parameters are out of date.', 'InvalidStateError');
    this.#transaction += 1;
    this.changes += 1;
    this.encodings = parameters.encodings;
    this.preference = parameters.degradationPreference;
  }

  get asTransceiver(): Pick<RTCRtpTransceiver, 'sender' | 'receiver'> {
    const sender = this as object as RTCRtpSender;
    return { sender, receiver: { track: this.#receiverTrack } as RTCRtpReceiver };
  }
}
