import { GatecastError } from '@gatecast/token';
import { captureError, captureObstacle } from './capture-errors.js';
import {
  deviceConstraints,
  originOf,
  sizeConstraints,
  TRACK_KINDS,
  type CaptureRequest,
  type SourceKind,
  type TrackKind,
} from './capture-request.js';

/** Tracks by what they are for. */
export type OpenedTracks = ReadonlyMap<SourceKind, MediaStreamTrack>;

/**
 * Opens the requested tracks of some kinds. Camera and microphone are requested together, so that the user sees one
 * prompt.
 *
 * @param release - called when a device is in use. If it has released one, the devices are requested once more; a screen
 *   that is shared by then is kept, so that the user does not choose it twice.
 * @throws GatecastError why it failed; no track stays open. What `release` throws.
 */
export async function openTracks(
  request: CaptureRequest,
  kinds: readonly SourceKind[],
  release: () => Promise<boolean> = () => Promise.resolve(false),
): Promise<OpenedTracks> {
  if (request.media) return byKind(request.media.getTracks(), kinds);
  const screen = kinds.find((kind) => originOf(request, kind) === 'screen');
  const devices = TRACK_KINDS.filter((kind) => {
    const origin = originOf(request, kind);
    return kinds.includes(kind) && (origin === 'camera' || origin === 'microphone');
  });
  const opened = new Map<SourceKind, MediaStreamTrack>();
  try {
    // The screen first: its dialog needs the user activation that the microphone's prompt would consume.
    if (screen) opened.set(screen, await openScreen(request));
    if (devices.length === 0) return opened;
    const tracks = await openDevices(request, devices).catch(async (error: unknown) => {
      const isInUse = error instanceof GatecastError && error.code === 'device-in-use';
      if (!isInUse || !(await release())) throw error;
      return openDevices(request, devices);
    });
    return new Map([...opened, ...byKind(tracks, devices)]);
  } catch (error) {
    for (const track of opened.values()) track.stop();
    throw error;
  }
}

/** The first track of each kind. */
function byKind(tracks: readonly MediaStreamTrack[], kinds: readonly SourceKind[]): OpenedTracks {
  const found = new Map<SourceKind, MediaStreamTrack>();
  for (const kind of kinds) {
    const track = tracks.find((candidate) => candidate.kind === kind);
    if (track) found.set(kind, track);
  }
  return found;
}

async function openScreen(request: CaptureRequest): Promise<MediaStreamTrack> {
  requireCapture('screen');
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({
      video: { frameRate: { ideal: request.framerate } },
      audio: false,
    });
    const [track] = stream.getVideoTracks();
    if (!track) throw new DOMException('The browser shared no video.', 'NotFoundError');
    // Keeps text readable on a slow network: a lower frame rate instead of a lower resolution.
    track.contentHint = 'detail';
    return track;
  } catch (cause) {
    throw captureError(cause, 'screen');
  }
}

async function openDevices(
  request: CaptureRequest,
  kinds: readonly TrackKind[],
): Promise<MediaStreamTrack[]> {
  const origin = kinds.includes('video') ? 'camera' : 'microphone';
  requireCapture(origin);
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      video: kinds.includes('video') && deviceConstraints(request, 'video'),
      audio: kinds.includes('audio') && deviceConstraints(request, 'audio'),
    });
    return stream.getTracks();
  } catch (cause) {
    throw captureError(cause, origin);
  }
}

/** Adjusts the size and frame rate of a running track. A camera that cannot do it keeps its own. */
export async function resizeTrack(track: MediaStreamTrack, request: CaptureRequest): Promise<void> {
  if (originOf(request, 'video') !== 'camera') return;
  try {
    await track.applyConstraints(sizeConstraints(request));
  } catch {
    // All values are `ideal`; the stats show what the camera does instead.
  }
}

function requireCapture(origin: 'camera' | 'microphone' | 'screen'): void {
  const obstacle = captureObstacle(origin, globalThis);
  if (obstacle) throw obstacle;
}
