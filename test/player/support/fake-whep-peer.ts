/** A track that is muted until its first packet, as in browsers. */
export class FakeTrack extends EventTarget {
  muted = true;
  readyState = 'live';

  constructor(readonly kind: string) {
    super();
  }

  flow(): void {
    if (!this.muted) return;
    this.muted = false;
    this.dispatchEvent(new Event('unmute'));
  }
}

interface FakeTransceiver {
  currentDirection: string | null;
  readonly receiver: { readonly track: FakeTrack; readonly transport: EventTarget & { state: string } };
}

const SDP =
  'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n';

/** A peer connection whose network is what the test says. */
export class FakePeer extends EventTarget {
  static all: FakePeer[] = [];
  /** Does each new one connect, and do these kinds flow at once? */
  static kinds: readonly string[] = ['audio', 'video'];
  /** The direction of a picture after the negotiation; `stopped`: its transceiver is gone, as in browsers. */
  static picture: 'recvonly' | 'inactive' | 'stopped' = 'recvonly';
  /** Do packets come over each new one? */
  static flows = true;
  /** Can a picture be decoded of what comes? */
  static decodes = true;
  /** As of a connection that is closed meanwhile: the offer of an ICE restart never comes. */
  static hangs = false;
  connectionState = 'new';
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  packets = 0;
  /** Do packets come? */
  isFlowing = FakePeer.flows;
  restarts = 0;
  readonly transport = Object.assign(new EventTarget(), { state: 'new' });
  #transceivers: FakeTransceiver[] = [];

  constructor(readonly configuration: RTCConfiguration = {}) {
    super();
    FakePeer.all.push(this);
  }

  static get open(): FakePeer[] {
    return FakePeer.all.filter(({ connectionState }) => connectionState !== 'closed');
  }

  addTransceiver(kind: string): void {
    const receiver = { track: new FakeTrack(kind), transport: this.transport };
    this.#transceivers.push({ currentDirection: null, receiver });
  }

  getTransceivers = (): FakeTransceiver[] => this.#transceivers;
  getSenders = (): never[] => [];
  getReceivers = (): object[] => this.#transceivers.map(({ receiver }) => receiver);
  getConfiguration = (): RTCConfiguration => this.configuration;
  setConfiguration = (next: RTCConfiguration): void => void Object.assign(this.configuration, next);

  createOffer(options: { iceRestart?: boolean } = {}): Promise<RTCSessionDescriptionInit> {
    if (options.iceRestart) this.restarts += 1;
    if (FakePeer.hangs) return new Promise(() => undefined);
    return Promise.resolve({ type: 'offer', sdp: SDP });
  }

  createAnswer = (): Promise<RTCSessionDescriptionInit> => Promise.resolve({ type: 'answer', sdp: SDP });

  setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.localDescription = description;
    queueMicrotask(() => this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: null })));
    if (description.type === 'answer') this.#connect();
    return Promise.resolve();
  }

  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.remoteDescription = description;
    if (description.type === 'answer') this.#connect();
    return Promise.resolve();
  }

  getStats(): Promise<Map<string, object>> {
    if (this.isFlowing && this.connectionState === 'connected') this.packets += 50;
    const { packets } = this;
    const timestamp = packets;
    const entry = {
      type: 'inbound-rtp',
      id: 'v',
      kind: 'video',
      packetsReceived: packets,
      framesDecoded: FakePeer.decodes ? packets : 0,
      timestamp,
    };
    // Browsers have no entry before the first packet.
    return Promise.resolve(new Map(packets > 0 ? [['v', entry]] : []));
  }

  change(state: string): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  /** The server ends the session. */
  end(): void {
    this.transport.state = 'closed';
    this.transport.dispatchEvent(new Event('statechange'));
  }

  /** Shows that the first packets have come. */
  flow(): void {
    for (const { receiver } of this.#transceivers)
      if (FakePeer.kinds.includes(receiver.track.kind)) receiver.track.flow();
  }

  close(): void {
    this.connectionState = 'closed';
    for (const { receiver } of this.#transceivers) receiver.track.readyState = 'ended';
  }

  #connect(): void {
    for (const transceiver of this.#transceivers)
      transceiver.currentDirection =
        transceiver.receiver.track.kind === 'video' ? FakePeer.picture : 'recvonly';
    this.#transceivers = this.#transceivers.filter((each) => each.currentDirection !== 'stopped');
    setImmediate(() => {
      if (this.connectionState === 'closed') return;
      this.change('connected');
      if (this.isFlowing) this.flow();
    });
  }
}

/** The tracks of a media element. */
export class FakeMediaStream {
  readonly tracks: FakeTrack[];

  constructor(tracks: readonly FakeTrack[] = []) {
    this.tracks = [...tracks];
  }

  getTracks = (): FakeTrack[] => [...this.tracks];
  addTrack = (track: FakeTrack): void => void this.tracks.push(track);
  removeTrack = (track: FakeTrack): void => void this.tracks.splice(this.tracks.indexOf(track), 1);
}
