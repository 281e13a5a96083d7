import { Hono } from 'hono';
import {
  GenericNack,
  PictureLossIndication,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  RtcpPayloadSpecificFeedback,
  RtcpSenderInfo,
  RtcpSrPacket,
  RtcpTransportLayerFeedback,
  RtpHeader,
  useNACK,
  useOPUS,
  usePLI,
} from 'werift';
import type { RTCRtpTransceiver, RtcpPacket, RtpPacket } from 'werift';
import { createWhipIngest } from '../../../demo/backend/webrtc/ingest/whip-ingest.js';
import type { WhipIngest } from '../../../demo/backend/webrtc/ingest/whip-ingest.js';
import { createWhepPlayback } from '../../../demo/backend/webrtc/playback/whep-playback.js';
import type {
  WhepPlayback,
  WhepPlaybackOptions,
} from '../../../demo/backend/webrtc/playback/whep-playback.js';
import { videoParameters } from '../../../demo/backend/webrtc/codecs/video-parameters.js';
import type { VideoCodec } from '../../../demo/backend/webrtc/codecs/video-codec.js';
import { until } from '../../support/wait.js';
import { LOOP_TOKEN, verifyLoopToken } from '../whip-loop/start-loop-server.js';
import { PPS, SPS_640X480 } from '../whip-loop/synthetic-media.js';

export const SDP = { 'Content-Type': 'application/sdp' };
export const FRAGMENT = { 'Content-Type': 'application/trickle-ice-sdpfrag' };

/** Ingest and playback without a server, with the peers that a test connects to them. */
export interface WhepRoom {
  readonly ingest: WhipIngest;
  readonly playback: WhepPlayback;
  readonly events: readonly string[];
  /** Number of packets that have come from publishers. */
  readonly arrived: () => number;
  readonly request: (
    method: string,
    path: string,
    headers?: Record<string, string>,
    body?: string,
  ) => Promise<Response>;
  /** Publishes the stream "cam", and waits for its first picture. */
  readonly publish: () => Promise<Publisher>;
  readonly view: (options?: ViewOptions) => Promise<Viewer>;
  readonly close: () => Promise<void>;
}

export function openRoom(options: Partial<WhepPlaybackOptions> = {}): WhepRoom {
  const events: string[] = [];
  let arrived = 0;
  const log = ({ event, detail }: { event: string; detail?: string }) => {
    events.push(detail === undefined ? event : `${event} ${detail}`);
  };
  const playback = createWhepPlayback({ verify: verifyLoopToken, log, ...options });
  const ingest = createWhipIngest({
    verify: verifyLoopToken,
    log,
    onPublisher: (publisher) => {
      const sink = playback.publish(publisher);
      return {
        ...sink,
        onRtp: (kind, packet, nowMs) => {
          sink.onRtp(kind, packet, nowMs);
          arrived += 1;
        },
      };
    },
  });
  const app = new Hono().route('/whip', ingest.routes).route('/whep', playback.routes);
  const countOf = (event: string) => events.filter((text) => text.startsWith(event)).length;
  const peers: { close(): Promise<void> }[] = [];
  const request: WhepRoom['request'] = async (method, path, headers = {}, body) =>
    app.request(path, {
      method,
      headers: { Authorization: `Bearer ${LOOP_TOKEN}`, ...headers },
      ...(body !== undefined && { body }),
    });
  return {
    ingest,
    playback,
    events,
    arrived: () => arrived,
    request,
    async publish() {
      const publisher = await connectPublisher(request, 'cam');
      peers.push(publisher);
      const periods = countOf('period-started');
      // The server may be connected later than the publisher: what comes before is lost.
      await until(() => {
        publisher.sendPicture('key');
        publisher.sendAudio();
        return countOf('period-started') > periods;
      }, 'the first picture');
      return publisher;
    },
    async view(options = {}) {
      const connected = countOf('viewer-connected');
      const viewer = await connectViewer(request, options);
      await until(() => countOf('viewer-connected') > connected, 'the server to be connected');
      peers.push(viewer);
      return viewer;
    },
    async close() {
      ingest.close();
      playback.close();
      await Promise.all(peers.map((peer) => peer.close()));
    },
  };
}

function createPeer({ hasRepair = false, videoCodec = 'h264' }: PeerOptions = {}): RTCPeerConnection {
  const video = videoParameters(videoCodec, { payloadType: 102, rtcpFeedback: [useNACK(), usePLI()] });
  const repair = { mimeType: 'video/rtx', clockRate: 90_000, payloadType: 103, parameters: 'apt=102' };
  return new RTCPeerConnection({
    iceUseIpv4: false,
    iceUseIpv6: false,
    iceServers: [],
    iceAdditionalHostAddresses: ['127.0.0.1'],
    bundlePolicy: 'max-bundle',
    codecs: {
      video: [video, ...(hasRepair ? [new RTCRtpCodecParameters(repair)] : [])],
      audio: [useOPUS()],
    },
  });
}

/** A peer that does not connect is closed: it would keep the process open. */
async function connected(peer: RTCPeerConnection, what: string): Promise<void> {
  try {
    await until(() => peer.connectionState === 'connected', what);
  } catch (error) {
    await peer.close();
    throw error;
  }
}

async function localOffer(peer: RTCPeerConnection): Promise<string> {
  const offer = await peer.createOffer();
  // Else werift asks a public STUN server, and waits for it.
  for (const { connection } of peer.iceTransports) delete connection.stunServer;
  await peer.setLocalDescription(offer);
  return peer.localDescription?.sdp ?? '';
}

/** A keyframe: parameter sets in one packet (STAP-A), then a slice. Other pictures are one slice. */
const PARAMETER_SETS = Buffer.concat([
  Buffer.of(24),
  ...[SPS_640X480, PPS].flatMap((set) => [Buffer.of(0, set.length), set]),
]);
export const KEY_SLICE = Buffer.of(0x65, 1, 2, 3);
export const DELTA_SLICE = Buffer.of(0x61, 4, 5, 6);

interface PeerOptions {
  /** Offers retransmissions of their own payload type. */
  readonly hasRepair?: boolean;
  /** The one that it offers. @defaultValue h264 */
  readonly videoCodec?: VideoCodec;
}

export interface ViewOptions extends PeerOptions {
  readonly stream?: string;
}

export interface Publisher {
  readonly location: string;
  /** Number of keyframe requests so far. */
  readonly keyframeRequests: number;
  /** Sends one picture of two packets (a keyframe) or one. Returns the RTP timestamp. */
  sendPicture(kind: 'key' | 'delta'): number;
  /** Sends a picture of one packet. */
  sendVideo(payload: Buffer): void;
  sendAudio(payload?: Buffer): void;
  /** Sends sender reports that say: this RTP time was at this time, in ms since 1900. */
  sendReport(kind: 'video' | 'audio', timestamp: number, timeMs: number): void;
  close(): Promise<void>;
}

export async function connectPublisher(
  request: WhepRoom['request'],
  stream: string,
  options: PeerOptions = {},
): Promise<Publisher> {
  const peer = createPeer(options);
  const video = peer.addTransceiver('video', { direction: 'sendonly' });
  const audio = peer.addTransceiver('audio', { direction: 'sendonly' });
  const response = await request('POST', `/whip/${stream}`, SDP, await localOffer(peer));
  if (response.status !== 201) throw new Error(`WHIP: ${response.status} ${await response.text()}`);
  await peer.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  let requests = 0;
  video.sender.onPictureLossIndication.subscribe(() => {
    requests += 1;
  });
  await connected(peer, 'the publisher to connect');
  const numbers = { video: 65_500, audio: 100 };
  const times = { video: 1000, audio: 5000 };
  const send = (transceiver: RTCRtpTransceiver, payload: Buffer, marker: boolean) => {
    const kind = transceiver.kind === 'video' ? 'video' : 'audio';
    const { sender } = transceiver;
    const header = new RtpHeader({
      ssrc: sender.ssrc,
      payloadType: sender.codec?.payloadType ?? 0,
      sequenceNumber: numbers[kind],
      timestamp: times[kind],
      marker,
    });
    numbers[kind] = (numbers[kind] + 1) & 0xffff;
    sender.dtlsTransport.sendRtp(payload, header).catch(() => undefined);
  };
  return {
    location: response.headers.get('Location') ?? '',
    get keyframeRequests() {
      return requests;
    },
    sendPicture(kind) {
      times.video += 3000;
      if (kind === 'key') send(video, PARAMETER_SETS, false);
      send(video, kind === 'key' ? KEY_SLICE : DELTA_SLICE, true);
      return times.video;
    },
    sendVideo(payload) {
      times.video += 3000;
      send(video, payload, true);
    },
    sendAudio(payload = Buffer.of(0xfc, 0xff, 0xfe)) {
      times.audio += 960;
      send(audio, payload, true);
    },
    sendReport(kind, timestamp, timeMs) {
      const { sender } = kind === 'video' ? video : audio;
      const seconds = Math.floor(timeMs / 1000);
      const ntpTimestamp = (BigInt(seconds) << 32n) | BigInt(Math.floor(((timeMs % 1000) / 1000) * 2 ** 32));
      const senderInfo = new RtcpSenderInfo({
        ntpTimestamp,
        rtpTimestamp: timestamp,
        packetCount: 1,
        octetCount: 1,
      });
      sender.dtlsTransport
        .sendRtcp([new RtcpSrPacket({ ssrc: sender.ssrc, senderInfo })])
        .catch(() => undefined);
    },
    close: () => peer.close(),
  };
}

export interface Viewer {
  readonly location: string;
  readonly etag: string;
  readonly answer: string;
  readonly packets: Readonly<Record<'video' | 'audio', readonly RtpPacket[]>>;
  readonly reports: readonly RtcpSrPacket[];
  /** SSRC of its track in the server's description. */
  readonly ssrc: Readonly<Record<'video' | 'audio', number>>;
  /** Reports that packets did not arrive. */
  sendNack(lost: number[]): void;
  /** Asks for a keyframe. */
  sendPli(): void;
  readonly isConnected: boolean;
  close(): Promise<void>;
}

export async function connectViewer(request: WhepRoom['request'], options: ViewOptions): Promise<Viewer> {
  const { stream = 'cam' } = options;
  const peer = createPeer(options);
  const video = peer.addTransceiver('video', { direction: 'recvonly' });
  const audio = peer.addTransceiver('audio', { direction: 'recvonly' });
  const packets: Record<'video' | 'audio', RtpPacket[]> = { video: [], audio: [] };
  const reports: RtcpSrPacket[] = [];
  for (const transceiver of [video, audio]) {
    transceiver.onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe((packet) => {
        packets[transceiver.kind === 'video' ? 'video' : 'audio'].push(packet);
      });
    });
    transceiver.receiver.onRtcp.subscribe((packet: RtcpPacket) => {
      if (packet instanceof RtcpSrPacket) reports.push(packet);
    });
  }
  const response = await request('POST', `/whep/${stream}`, SDP, await localOffer(peer));
  const sdp = await response.text();
  const location = response.headers.get('Location') ?? '';
  if (response.status !== 201) {
    await peer.close();
    throw new Error(`WHEP: ${response.status} ${sdp}`);
  }
  await peer.setRemoteDescription({ type: 'answer', sdp });
  await connected(peer, 'the viewer to connect');
  const ssrcOf = (kind: string) => Number(new RegExp(`^m=${kind}[^]*?^a=ssrc:(\\d+)`, 'm').exec(sdp)?.[1]);
  const ssrc = { video: ssrcOf('video'), audio: ssrcOf('audio') };
  const feedback = (packet: RtcpPacket) => {
    video.receiver.dtlsTransport.sendRtcp([packet]).catch(() => undefined);
  };
  return {
    location,
    etag: response.headers.get('ETag') ?? '',
    answer: sdp,
    packets,
    reports,
    ssrc,
    sendNack: (lost) => {
      feedback(
        new RtcpTransportLayerFeedback({
          feedback: new GenericNack({ senderSsrc: 1, mediaSourceSsrc: ssrc.video, lost }),
        }),
      );
    },
    sendPli: () => {
      feedback(
        new RtcpPayloadSpecificFeedback({
          feedback: new PictureLossIndication({ senderSsrc: 1, mediaSsrc: ssrc.video }),
        }),
      );
    },
    get isConnected() {
      return peer.connectionState === 'connected';
    },
    close: () => peer.close(),
  };
}
