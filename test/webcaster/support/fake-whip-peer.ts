import { FakeSender } from './fake-sender.js';

/** An answer to audio and video, with an ICE part. */
export const ANSWER = [
  'v=0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=ice-ufrag:u1',
  'a=ice-pwd:p1',
  'a=recvonly',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10',
  'm=video 9 UDP/TLS/RTP/SAVPF 103',
  'a=mid:1',
  'a=recvonly',
  'a=rtpmap:103 H264/90000',
  'a=fmtp:103 packetization-mode=1',
  '',
].join('\r\n');

/** Browsers take longer for a description than for the limits of a sender. */
async function takeLong(): Promise<void> {
  for (let tick = 0; tick < 20; tick += 1) await Promise.resolve();
}

interface FakeTransceiver extends Pick<RTCRtpTransceiver, 'sender' | 'receiver'> {
  currentDirection: string | null;
}

/** A peer connection that sends, and connects with each answer. It takes offers and answers in turn only, as in browsers. */
export class FakeWhipPeer extends EventTarget {
  static all: FakeWhipPeer[] = [];
  /** Changes of their limits that the senders of each new one refuse. */
  static refusals = 0;
  /** Does it refuse modes of scalability, as browsers that do not know them? */
  static knowsModes = true;
  /** Called when a connection looks for its first packets. */
  static onFirstStats: () => void = () => undefined;
  signalingState = 'stable';
  connectionState = 'new';
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  /** Answers that the browser refuses. */
  refusedAnswers = 0;
  readonly firstEncodings: (readonly RTCRtpEncodingParameters[])[] = [];
  readonly senders: FakeSender[] = [];
  #transceivers: FakeTransceiver[] = [];
  #packets = 0;

  constructor() {
    super();
    FakeWhipPeer.all.push(this);
  }

  static get last(): FakeWhipPeer {
    const last = FakeWhipPeer.all.at(-1);
    if (!last) throw new Error('No connection was made.');
    return last;
  }

  addTransceiver(track: MediaStreamTrack, { sendEncodings = [] }: RTCRtpTransceiverInit): FakeTransceiver {
    if (!FakeWhipPeer.knowsModes && sendEncodings.some((each) => 'scalabilityMode' in each))
      throw new DOMException('Unknown mode.', 'OperationError');
    const sender = new FakeSender(track.kind === 'audio' ? 'audio' : 'video', sendEncodings);
    sender.refusals = FakeWhipPeer.refusals;
    this.firstEncodings.push(sendEncodings);
    this.senders.push(sender);
    const transceiver = { ...sender.asTransceiver, currentDirection: null };
    this.#transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers = (): FakeTransceiver[] => this.#transceivers;
  getSenders = (): never[] => [];
  getReceivers = (): never[] => [];
  getConfiguration = (): RTCConfiguration => ({});
  setConfiguration = (): void => undefined;

  async createOffer(): Promise<RTCSessionDescriptionInit> {
    await takeLong();
    return { type: 'offer', sdp: ANSWER.replaceAll('recvonly', 'sendonly') };
  }

  async setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
    await takeLong();
    const isRollback = description.type === 'rollback';
    if (this.signalingState !== (isRollback ? 'have-local-offer' : 'stable'))
      throw new DOMException('Out of turn.', 'InvalidStateError');
    this.signalingState = isRollback ? 'stable' : 'have-local-offer';
    if (!isRollback) this.localDescription = description;
    queueMicrotask(() => this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: null })));
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    await takeLong();
    if (this.signalingState !== 'have-local-offer') throw new DOMException('No offer.', 'InvalidStateError');
    if (this.refusedAnswers > 0) {
      this.refusedAnswers -= 1;
      throw new DOMException('Not this one.', 'InvalidAccessError');
    }
    this.signalingState = 'stable';
    this.remoteDescription = description;
    // Sections that were refused are gone.
    this.#transceivers = this.#transceivers.filter(
      ({ receiver }) => !description.sdp?.includes(`m=${receiver.track.kind} 0 `),
    );
    for (const transceiver of this.#transceivers) transceiver.currentDirection = 'sendonly';
    this.change('connected');
  }

  getStats(): Promise<Map<string, object>> {
    if (this.#packets === 0) FakeWhipPeer.onFirstStats();
    this.#packets += 50;
    return Promise.resolve(
      new Map([['v', { type: 'outbound-rtp', kind: 'video', packetsSent: this.#packets }]]),
    );
  }

  change(state: string): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  close(): void {
    this.connectionState = this.signalingState = 'closed';
  }
}
