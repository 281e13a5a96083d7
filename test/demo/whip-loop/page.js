import Hls from '/hls.js';
import { drawTimeCode, readTimeCode } from './time-code.js';

const state = {
  connection: undefined,
  location: undefined,
  etag: undefined,
  token: '',
  fatal: [],
  warnings: [],
  delaysMs: [],
  sizes: [],
  stalls: 0,
};

/** A moving picture with its drawing time as a time code, and a tone. */
function timeCodeStream(width, height, framesPerSecond) {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  setInterval(() => {
    drawTimeCode(context, performance.now());
  }, 1000 / framesPerSecond);
  return new MediaStream([...canvas.captureStream(framesPerSecond).getTracks(), ...toneStream().getTracks()]);
}

function toneStream() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const output = audio.createMediaStreamDestination();
  tone.connect(output);
  tone.start();
  return output.stream;
}

async function createStream({ source, width, height, framesPerSecond }) {
  if (source === 'time-code') return timeCodeStream(width, height, framesPerSecond);
  return navigator.mediaDevices.getUserMedia({
    video: source === 'microphone' ? false : { width, height },
    audio: source !== 'silent-camera',
  });
}

function preferCodec(transceiver, mimeType) {
  const { codecs } = RTCRtpSender.getCapabilities(transceiver.sender.track.kind);
  transceiver.setCodecPreferences(codecs.filter((codec) => codec.mimeType === mimeType));
}

async function publish({
  stream,
  token,
  source = 'time-code',
  videoCodec = 'video/H264',
  width = 640,
  height = 480,
  framesPerSecond = 30,
  encodings = {},
}) {
  const media = await createStream({ source, width, height, framesPerSecond });
  const connection = new RTCPeerConnection();
  for (const track of media.getTracks()) {
    const sendEncodings = Object.entries(encodings).map(([rid, scaleResolutionDownBy]) => ({
      rid,
      scaleResolutionDownBy,
      maxBitrate: 150_000,
    }));
    const isLayered = track.kind === 'video' && sendEncodings.length > 0;
    const init = { direction: 'sendonly', ...(isLayered && { sendEncodings }) };
    const transceiver = connection.addTransceiver(track, init);
    if (track.kind === 'video') preferCodec(transceiver, videoCodec);
  }
  await connection.setLocalDescription();
  const response = await fetch(`/whip/${stream}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/sdp' },
    body: connection.localDescription.sdp,
  });
  if (response.status !== 201) {
    connection.close();
    return { status: response.status, problem: await response.json() };
  }
  Object.assign(state, {
    connection,
    token,
    location: response.headers.get('Location'),
    etag: response.headers.get('ETag'),
  });
  await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  return { status: 201, location: state.location, etag: state.etag };
}

function request(method, headers = {}, body = undefined) {
  return fetch(state.location, {
    method,
    headers: { Authorization: `Bearer ${state.token}`, ...headers },
    body,
  });
}

/** New ICE credentials for the same connection, as after a change of network. */
async function restartIce() {
  const { connection } = state;
  const offer = await connection.createOffer({ iceRestart: true });
  await connection.setLocalDescription(offer);
  const credentials = offer.sdp
    .match(/^a=ice-(ufrag|pwd):.*$/gm)
    .slice(0, 2)
    .join('\r\n');
  const response = await request(
    'PATCH',
    { 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': '*' },
    `${credentials}\r\n`,
  );
  if (response.status !== 200) return response.status;
  state.etag = response.headers.get('ETag');
  const fragment = await response.text();
  const [ufrag] = fragment.match(/^a=ice-ufrag:.*$/m);
  const [password] = fragment.match(/^a=ice-pwd:.*$/m);
  const candidates = fragment.match(/^a=candidate:.*$/gm);
  const sdp = connection.remoteDescription.sdp
    .replace(/^a=candidate:.*\r\n/gm, '')
    .replace(/^a=ice-ufrag:.*$/gm, ufrag.trim())
    .replace(
      /^a=ice-pwd:.*$/gm,
      `${password.trim()}\r\n${candidates.map((line) => line.trim()).join('\r\n')}`,
    );
  await connection.setRemoteDescription({ type: 'answer', sdp });
  return 200;
}

async function scaleDown(factor) {
  const sender = state.connection.getSenders().find(({ track }) => track?.kind === 'video');
  const parameters = sender.getParameters();
  parameters.encodings[0].scaleResolutionDownBy = factor;
  await sender.setParameters(parameters);
}

/** Stops sending without notice to the server. */
function vanish() {
  state.connection.close();
}

async function stop() {
  state.connection.close();
  return (await request('DELETE')).status;
}

function watchFrames(video) {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const onFrame = () => {
    const nowMs = performance.now();
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const drawnAtMs = readTimeCode(context);
    if (drawnAtMs !== undefined) state.delaysMs.push({ nowMs, delayMs: nowMs - drawnAtMs });
    const size = `${video.videoWidth}x${video.videoHeight}`;
    if (state.sizes.at(-1) !== size) state.sizes.push(size);
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
}

/** hls.js may wait forever for a last part that is listed together with the end. So does <secure-player>. */
function endWithoutLastPart(hls) {
  const video = document.querySelector('#player');
  const end = video.buffered.length > 0 ? video.buffered.end(video.buffered.length - 1) : 0;
  if (!video.ended && end - video.currentTime < 0.5) hls.trigger(Hls.Events.BUFFER_EOS, { type: null });
}

/** hls.js plays faster only for a small delay. A longer delay, as on a busy machine, needs a seek. */
function returnToLive(hls) {
  const isFarBehind = hls.latency > hls.targetLatency + 1.5;
  if (isFarBehind && hls.liveSyncPosition !== null)
    document.querySelector('#player').currentTime = hls.liveSyncPosition;
}

async function play({ stream, token, config = {} }) {
  const video = document.querySelector('#player');
  const hls = new Hls({
    // Catches up after a stall on a machine under load.
    maxLiveSyncPlaybackRate: 1.5,
    liveSyncOnStallIncrease: 0.2,
    ...config,
    xhrSetup: (xhr) => {
      xhr.setRequestHeader('Authorization', `Bearer ${token}`);
    },
  });
  state.hls = hls;
  hls.on(Hls.Events.ERROR, (_event, { fatal, details, response }) => {
    (fatal ? state.fatal : state.warnings).push(response?.code ? `${details} ${response.code}` : details);
  });
  setInterval(() => {
    if (hls.latestLevelDetails?.live === false) endWithoutLastPart(hls);
    else returnToLive(hls);
  }, 4000);
  hls.on(Hls.Events.BUFFER_APPENDED, (_event, { timeRanges }) => {
    state.trackEnds = Object.fromEntries(
      Object.entries(timeRanges).map(([type, ranges]) => [
        type,
        ranges.length > 0 ? ranges.end(ranges.length - 1) : 0,
      ]),
    );
  });
  video.addEventListener('waiting', () => {
    state.stalls += 1;
  });
  watchFrames(video);
  hls.loadSource(`/live/${stream}.m3u8`);
  hls.attachMedia(video);
  await video.play();
}

/** Asks the server for a layer. */
async function selectLayer({ token, layer }) {
  const response = await fetch(`${state.viewerLocation}/layer`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(layer),
  });
  return response.status;
}

/** Plays the stream by WHEP: with its own offer, or with the server's if that is the response. */
async function view({ stream, token }) {
  state.viewer?.close();
  const viewer = new RTCPeerConnection();
  state.viewer = viewer;
  const video = document.querySelector('#player');
  viewer.ontrack = ({ streams }) => {
    if (video.srcObject !== streams[0]) video.srcObject = streams[0];
  };
  for (const kind of ['video', 'audio']) viewer.addTransceiver(kind, { direction: 'recvonly' });
  await viewer.setLocalDescription();
  const send = (method, url) =>
    fetch(url, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/sdp' },
      body: viewer.localDescription.sdp,
    });
  const response = await send('POST', `/whep/${stream}`);
  state.viewerLocation = response.headers.get('Location');
  const sdp = await response.text();
  await viewer.setRemoteDescription({ type: response.status === 406 ? 'offer' : 'answer', sdp });
  if (response.status === 406) {
    await viewer.setLocalDescription();
    await send('PATCH', response.headers.get('Location'));
  }
  watchFrames(video);
  // Not awaited: it resolves with the first picture.
  video.play().catch(() => undefined);
  return response.status;
}

async function viewerStats() {
  const seen = {};
  for (const entry of (await state.viewer.getStats()).values()) {
    if (entry.type === 'inbound-rtp') seen[entry.kind] = entry;
    if (entry.type === 'remote-outbound-rtp') seen[`${entry.kind}Reports`] = entry.reportsSent;
  }
  return { ...seen, connectionState: state.viewer.connectionState };
}

function report() {
  const video = document.querySelector('#player');
  const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality();
  const { fatal, warnings, delaysMs, sizes, stalls, hls, connection } = state;
  return {
    currentTime: video.currentTime,
    ended: video.ended,
    duration: video.duration,
    readyState: video.readyState,
    bufferedEnds: Array.from({ length: video.buffered.length }, (_, index) => video.buffered.end(index)),
    trackEnds: state.trackEnds,
    isLive: hls?.latestLevelDetails?.live,
    playlistEnd: hls?.latestLevelDetails?.edge,
    totalVideoFrames,
    droppedVideoFrames,
    fatal,
    warnings,
    delaysMs,
    sizes,
    stalls,
    latency: hls?.latency,
    targetLatency: hls?.targetLatency,
    audioBytes: video.webkitAudioDecodedByteCount,
    connectionState: connection?.connectionState,
  };
}

window.whipLoop = {
  publish,
  request,
  restartIce,
  scaleDown,
  vanish,
  stop,
  play,
  view,
  selectLayer,
  viewerStats,
  report,
  state,
};
