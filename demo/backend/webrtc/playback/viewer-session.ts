import type { RTCRtpTransceiver } from 'werift';
import { VIDEO_FORMATS } from '../codecs/video-codec.js';
import type { VideoCodec } from '../codecs/video-codec.js';
import { CLOCK_RATE } from '../media-packet.js';
import type { TrackKind } from '../media-packet.js';
import { PeerSession } from '../peer-session.js';
import type { IceSession } from '../peer-session.js';
import { SessionEvents } from '../session-events.js';
import type { SessionAccess } from '../token-verdict.js';
import { publishedSdp } from './published-sdp.js';
import type { RelayedPacket, RelayedReport } from './relay-track.js';
import type { RelayViewer, StreamRelay } from './stream-relay.js';
import { findLayer, layerNames, layersEvent, VIEWER_EVENTS } from './viewer-events.js';
import type { LayerRequest } from './viewer-events.js';
import { viewerCodecs } from './viewer-codecs.js';
import { ViewerTrack } from './viewer-track.js';

/** Reason for the end of a viewer's session. */
export type ViewerEnd =
  | 'deleted'
  | 'vanished'
  | 'never-connected'
  | 'unanswered'
  | 'expired'
  | 'revoked'
  | 'stream-ended'
  | 'codec-changed'
  | 'killed'
  | 'failed'
  | 'shutdown';

export interface ViewerSessionOptions {
  readonly stream: string;
  readonly relay: StreamRelay;
  readonly access: SessionAccess | undefined;
  /** Codec of the video that is negotiated. */
  readonly videoCodec: VideoCodec;
  readonly hostAddresses: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly connectLimitMs: number;
  readonly silenceLimitMs: number;
  /** Fault: the session is accepted, but nothing listens at the addresses of its description, as behind a firewall. */
  readonly isUnreachable?: boolean;
  /** Fault: no packet of media is sent at the moment. */
  readonly isMediaBlocked?: () => boolean;
  /** Number of connected viewers of the stream. */
  readonly viewerCount: () => number;
  readonly onConnected: () => void;
  readonly onEnd: (reason: ViewerEnd) => void;
}

const KINDS = ['video', 'audio'] as const;
/** Time for which an offer of the server is valid, if the response does not say (WHEP, section 4.2.2). */
const COUNTER_OFFER_MS = 30_000;
/** A viewer can start with a keyframe this old: what follows it arrives in one burst, and the picture catches up at once. */
const MAX_START_AGE_MS = 400;

/** Send-only peer connection of one viewer. The client, a timeout, the end of its access or of the stream can end it. */
export class ViewerSession implements IceSession, RelayViewer {
  readonly stream: string;
  /** What the server tells the viewer. */
  readonly events: SessionEvents;
  readonly #options: ViewerSessionOptions;
  readonly #peer: PeerSession;
  readonly #transceivers: Readonly<Record<TrackKind, RTCRtpTransceiver>>;
  readonly #tracks: Partial<Record<TrackKind, ViewerTrack>> = {};
  readonly #leave: () => void;
  #heardAtMs: number;
  #access: SessionAccess | undefined;
  #isNegotiated = false;
  #isConnected = false;
  /** The encoding that is sent. `undefined` before the first keyframe. */
  #rid: string | undefined;
  /** The encoding that the viewer has chosen. `undefined`: the largest. */
  #wantedRid: string | undefined;
  #toldLayers = '';
  #isEnded = false;

  constructor(options: ViewerSessionOptions) {
    this.#options = options;
    this.stream = options.stream;
    this.#access = options.access;
    this.#heardAtMs = options.now();
    this.#peer = new PeerSession({
      hostAddresses: options.hostAddresses,
      codecs: viewerCodecs(options.videoCodec),
      now: options.now,
    });
    const { connection } = this.#peer;
    this.#transceivers = {
      video: connection.addTransceiver('video', { direction: 'sendonly' }),
      audio: connection.addTransceiver('audio', { direction: 'sendonly' }),
    };
    // One stream for both: browsers keep only tracks of the same stream in sync.
    for (const { sender } of Object.values(this.#transceivers)) sender.streamId = options.stream;
    connection.connectionStateChange.subscribe((state) => {
      if (state === 'connected') this.#start();
      else if (state === 'failed' || state === 'closed') this.end('failed');
    });
    this.events = new SessionEvents({
      names: VIEWER_EVENTS,
      initial: () => [
        { event: options.relay.isActive ? 'active' : 'inactive', data: {} },
        ...this.#layers(),
        { event: 'viewercount', data: { viewercount: options.viewerCount() } },
      ],
    });
    this.#leave = options.relay.join(this);
  }

  get id(): string {
    return this.#peer.id;
  }

  get etag(): string {
    return this.#peer.etag;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Whether offer and answer are complete. */
  get isNegotiated(): boolean {
    return this.#isNegotiated;
  }

  /** What the newest token permits. */
  get access(): SessionAccess | undefined {
    return this.#access;
  }

  /** Time in ms since the last sign of the viewer, or since the start of the session before the first one. */
  get silentMs(): number {
    return this.#options.now() - this.#heardAtMs;
  }

  /** Applies the viewer's offer, reduced by `readViewerOffer`, and returns the SDP answer. */
  async answer(offer: string): Promise<string> {
    // The keyframe is made while ICE and DTLS connect.
    this.#options.relay.requestKeyframe();
    const sdp = await this.#peer.answer(offer);
    this.#isNegotiated = true;
    if (this.#options.isUnreachable) this.#peer.close();
    return publishedSdp(sdp);
  }

  /** Returns an SDP offer, for a viewer whose own offer is not taken. */
  async offer(): Promise<string> {
    return publishedSdp(await this.#peer.offer());
  }

  /** Applies the viewer's answer to `offer`. */
  async accept(answer: string): Promise<void> {
    this.#options.relay.requestKeyframe();
    await this.#peer.accept(answer);
    this.#isNegotiated = true;
    this.#heardAtMs = this.#options.now();
    if (this.#options.isUnreachable) this.#peer.close();
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

  /** Takes what the token of a later request permits, if that ends later. */
  renew(access: SessionAccess | undefined): void {
    if (!access || !this.#access || access.expiresAtMs > this.#access.expiresAtMs) this.#access = access;
  }

  /** Ends the session if the viewer never connected, or vanished. */
  watch(): void {
    const { connectLimitMs, silenceLimitMs } = this.#options;
    this.#watchLayers();
    if (!this.#isNegotiated) {
      if (this.silentMs > COUNTER_OFFER_MS) this.end('unanswered');
    } else if (!this.#isConnected) {
      if (this.silentMs > connectLimitMs) this.end('never-connected');
    } else if (this.silentMs > silenceLimitMs) this.end('vanished');
  }

  /** Ends the session without notice. Further calls have no effect. */
  end(reason: ViewerEnd): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#leave();
    this.#peer.close();
    // A crash, which `kill` stands for, says nothing.
    if (reason !== 'killed') this.events.emit('ended', { reason });
    this.events.close();
    this.#options.onEnd(reason);
  }

  onPacket(kind: TrackKind, packet: RelayedPacket, rid: string): void {
    if (!this.#isConnected || this.#options.isMediaBlocked?.()) return;
    if (kind === 'video' && rid !== this.#rid && !this.#follow(packet, rid)) return;
    this.#tracks[kind]?.send(packet);
  }

  onReport(kind: TrackKind, report: RelayedReport, rid: string): void {
    if (this.#isConnected && (kind === 'audio' || rid === this.#rid)) this.#tracks[kind]?.report(report);
  }

  /** Begins with another encoding at its next keyframe, if it is the one to send. */
  #follow({ startsKeyframe }: RelayedPacket, rid: string): boolean {
    const { relay, now } = this.#options;
    if (relay.encodingFor(this.#wantedRid, now()) !== rid) return false;
    if (startsKeyframe) this.#rid = rid;
    // The publisher limits these requests.
    else if (this.#rid !== undefined) relay.requestKeyframe(rid);
    return startsKeyframe;
  }

  onActive(isActive: boolean): void {
    // The viewer's timeline continues: the next packets follow those before the pause.
    this.events.emit(isActive ? 'active' : 'inactive');
  }

  onCodec(codec: VideoCodec): void {
    // Another codec needs another description. The client gets it with the offer of its next session.
    if (codec !== this.#options.videoCodec && this.#transceivers.video.sender.codec)
      this.end('codec-changed');
  }

  onLayer(): void {
    for (const { event, data } of this.#layers()) this.events.emit(event, data);
  }

  /** Sends the layer that the viewer asks for, from its next keyframe on. Returns whether there is one. */
  selectLayer(request: LayerRequest): boolean {
    const { relay, now } = this.#options;
    const found = findLayer(request, relay.layers(now()), this.#transceivers.video.mLineIndex);
    if (!found) return false;
    this.#wantedRid = found.rid;
    return true;
  }

  #layers() {
    const { relay, now } = this.#options;
    const layers = relay.layers(now());
    const mediaId = this.#transceivers.video.mLineIndex;
    this.#toldLayers = layerNames(layers);
    return layers.length > 0 && mediaId !== undefined ? [layersEvent(mediaId, layers)] : [];
  }

  /** A sender pauses encodings for which its network is too slow. */
  #watchLayers(): void {
    const { relay, now } = this.#options;
    if (relay.isActive && layerNames(relay.layers(now())) !== this.#toldLayers) this.onLayer();
  }

  #start(): void {
    if (this.#isConnected || this.#isEnded) return;
    const { relay, now, onConnected } = this.#options;
    this.#isConnected = true;
    this.#heardAtMs = now();
    for (const kind of KINDS) this.#startTrack(kind);
    const rid = relay.encodingFor(undefined, now()) ?? '';
    for (const packet of relay.track('video', rid)?.sinceKeyframe(MAX_START_AGE_MS, now()) ?? []) {
      this.onPacket('video', packet, rid);
    }
    if (this.#rid === undefined) relay.requestKeyframe();
    onConnected();
  }

  #startTrack(kind: TrackKind): void {
    const { relay, now } = this.#options;
    const { sender, currentDirection } = this.#transceivers[kind];
    if (!sender.codec || currentDirection === 'inactive' || currentDirection === 'stopped') return;
    const track = new ViewerTrack(
      {
        sender,
        clockRate: CLOCK_RATE[kind],
        pictureId: kind === 'video' ? VIDEO_FORMATS[this.#options.videoCodec].pictureId : undefined,
        requestKeyframe: () => {
          relay.requestKeyframe(this.#rid);
        },
      },
      this.#transceivers[kind].codecs.find(({ name }) => name.toLowerCase() === 'rtx')?.payloadType,
    );
    this.#tracks[kind] = track;
    sender.dtlsTransport.onRtcp.subscribe((packet) => {
      this.#heardAtMs = now();
      track.onRtcp(packet);
    });
    const report = relay.track(kind, relay.encodingFor(undefined, now()) ?? '')?.reportAt(now());
    if (report) track.report(report);
  }
}
