import {
  readStats,
  type BroadcastStats,
  type StatsSample,
} from '../../../packages/webcaster/src/stats/broadcast-stats.js';

/** What the bench `sending` does in its pages. */
export interface SendingBench {
  /** Goes on air with `<secure-webcaster>` or by a few lines of WHIP. Resolves when it is live. */
  broadcast(kind: 'gatecast' | 'by hand', place: BroadcastPlace): Promise<void>;
  /** The last second. */
  stats(): BroadcastStats | null;
  /** Messages of `secure-sending-changed`. */
  messages(): readonly string[];
}

export interface BroadcastPlace {
  readonly backend: string;
  readonly stream: string;
  readonly videoKbps: number;
}

declare global {
  interface Window {
    sendingBench: SendingBench;
  }
}

const WIDTH = 1280;
const HEIGHT = 720;
const FRAMES_PER_SECOND = 30;
const SQUARES = 8;
const SQUARE_PIXELS = 60;

/** A picture that takes all of the bitrate, such as a crowd: squares of any color at other places in each frame. */
function createBusyPicture(): MediaStream {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: WIDTH, height: HEIGHT });
  const context = canvas.getContext('2d');
  if (!context) throw new TypeError('This browser draws no canvas.');
  setInterval(() => {
    for (let index = 0; index < SQUARES; index += 1) {
      context.fillStyle = `hsl(${Math.random() * 360} 60% ${20 + Math.random() * 60}%)`;
      context.fillRect(Math.random() * WIDTH, Math.random() * HEIGHT, SQUARE_PIXELS, SQUARE_PIXELS);
    }
  }, 1000 / FRAMES_PER_SECOND);
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const output = audio.createMediaStreamDestination();
  tone.connect(output);
  tone.start();
  return new MediaStream([
    ...canvas.captureStream(FRAMES_PER_SECOND).getTracks(),
    ...output.stream.getTracks(),
  ]);
}

let lastStats: BroadcastStats | null = null;
const said: string[] = [];

async function broadcastWithTag({ backend, stream, videoKbps }: BroadcastPlace): Promise<void> {
  await customElements.whenDefined('secure-webcaster');
  const webcaster = document.createElement('secure-webcaster');
  const attributes = {
    endpoint: `${backend}/whip/{stream}`,
    stream,
    'token-url': `${backend}/api/tokens`,
    resolution: `${WIDTH}x${HEIGHT}`,
    framerate: String(FRAMES_PER_SECOND),
    'video-bitrate': String(videoKbps),
    capture: 'none',
  };
  for (const [name, value] of Object.entries(attributes)) webcaster.setAttribute(name, value);
  webcaster.mediaStream = createBusyPicture();
  webcaster.addEventListener('secure-sending-changed', ({ message }) => said.push(message));
  webcaster.addEventListener('secure-broadcast-stats', (event) => (lastStats = event.stats));
  document.body.append(webcaster);
  await webcaster.startBroadcast();
}

async function broadcastByHand({ backend, stream, videoKbps }: BroadcastPlace): Promise<void> {
  const response = await fetch(`${backend}/api/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ purpose: 'ingest', streams: [stream] }),
  });
  const { tokens } = (await response.json()) as { tokens: { token: string }[] };
  const token = tokens[0]?.token ?? '';
  const media = createBusyPicture();
  const peer = new RTCPeerConnection();
  for (const track of media.getTracks()) {
    const transceiver = peer.addTransceiver(track, { direction: 'sendonly', streams: [media] });
    if (track.kind !== 'video') continue;
    const { sender } = transceiver;
    // The codec of the tag, since codecs differ in what they do with too few bits.
    const { codecs = [] } = RTCRtpSender.getCapabilities('video') ?? {};
    const isH264 = ({ mimeType }: RTCRtpCodec): boolean => mimeType === 'video/H264';
    transceiver.setCodecPreferences([...codecs.filter(isH264), ...codecs.filter((each) => !isH264(each))]);
    const parameters = sender.getParameters();
    parameters.encodings = [{ maxBitrate: videoKbps * 1000 }];
    await sender.setParameters(parameters);
  }
  const gathered = new Promise((resolve) => {
    peer.addEventListener('icegatheringstatechange', () => {
      if (peer.iceGatheringState === 'complete') resolve(null);
    });
  });
  await peer.setLocalDescription();
  await gathered;
  const created = await fetch(`${backend}/whip/${stream}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` },
    body: peer.localDescription?.sdp ?? '',
  });
  await peer.setRemoteDescription({ type: 'answer', sdp: await created.text() });
  let sample: StatsSample | null = null;
  setInterval(() => {
    void peer.getStats().then((report) => {
      const read = readStats(report.values(), sample, Date.now());
      sample = read.sample;
      lastStats = read.stats;
    });
  }, 1000);
}

window.sendingBench = {
  broadcast: (kind, place) => (kind === 'gatecast' ? broadcastWithTag(place) : broadcastByHand(place)),
  stats: () => lastStats,
  messages: () => said,
};
