import { captureError, captureObstacle } from './capture-errors.js';
import {
  deviceConstraints,
  originOf,
  sizeConstraints,
  type CaptureRequest,
  type TrackKind,
} from './capture-request.js';

/**
 * Opens the tracks of some kinds that a wish asks for. Camera and microphone are asked for together, so that the
 * user sees one question.
 *
 * @throws GatecastError what stands in the way; nothing stays open then.
 */
export async function openTracks(
  wish: CaptureRequest,
  kinds: readonly TrackKind[],
): Promise<MediaStreamTrack[]> {
  if (wish.media) {
    return wish.media.getTracks().filter((track) => kinds.includes(track.kind as TrackKind));
  }
  const devices = kinds.filter((kind) => {
    const origin = originOf(wish, kind);
    return origin === 'camera' || origin === 'microphone';
  });
  const opened: MediaStreamTrack[] = [];
  try {
    // The screen first: its dialog needs the click that a question about the microphone would use up.
    if (kinds.includes('video') && originOf(wish, 'video') === 'screen') opened.push(await openScreen(wish));
    if (devices.length > 0) opened.push(...(await openDevices(wish, devices)));
    return opened;
  } catch (error) {
    for (const track of opened) track.stop();
    throw error;
  }
}

async function openScreen(wish: CaptureRequest): Promise<MediaStreamTrack> {
  refuseWhenImpossible('screen');
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({
      video: { frameRate: { ideal: wish.framerate } },
      audio: false,
    });
    const [track] = stream.getVideoTracks();
    if (!track) throw new DOMException('The browser shared no picture.', 'NotFoundError');
    // Text stays readable when the network is slow: fewer pictures rather than blurred ones.
    track.contentHint = 'detail';
    return track;
  } catch (cause) {
    throw captureError(cause, 'screen');
  }
}

async function openDevices(wish: CaptureRequest, kinds: readonly TrackKind[]): Promise<MediaStreamTrack[]> {
  const origin = kinds.includes('video') ? 'camera' : 'microphone';
  refuseWhenImpossible(origin);
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      video: kinds.includes('video') && deviceConstraints(wish, 'video'),
      audio: kinds.includes('audio') && deviceConstraints(wish, 'audio'),
    });
    return stream.getTracks();
  } catch (cause) {
    throw captureError(cause, origin);
  }
}

/** Adjusts a running track to another size or rate. A camera that cannot keeps what it has. */
export async function resizeTrack(track: MediaStreamTrack, wish: CaptureRequest): Promise<void> {
  if (originOf(wish, 'video') !== 'camera') return;
  try {
    await track.applyConstraints(sizeConstraints(wish));
  } catch {
    // Only `ideal` values were asked for: what the camera does instead shows in the stats.
  }
}

function refuseWhenImpossible(origin: 'camera' | 'microphone' | 'screen'): void {
  const obstacle = captureObstacle(origin, globalThis);
  if (obstacle) throw obstacle;
}
