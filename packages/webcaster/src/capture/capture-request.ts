import { GatecastError } from '@gatecast/token';

/** What is shown and sent: camera, screen or both, each with a microphone; only a microphone; or no device. */
export type CaptureKind = 'camera' | 'screen' | 'camera screen' | 'audio' | 'none';

/**
 * How sound is captured and sent: `speech` as the browser does it for calls, which removes echo and noise; `music` in stereo and
 * as it is.
 */
export type AudioMode = 'speech' | 'music';

/** A switch to other devices. What is left out stays as it is. */
export interface DeviceChange {
  /** Device id of a camera. The empty string lets the browser choose; `none` turns video off. */
  video?: string;
  /** Device id of a microphone. The empty string lets the browser choose; `none` turns sound off. */
  audio?: string;
  capture?: CaptureKind;
}

/** The options of the element that say what to capture. */
export interface CaptureOptions {
  capture: CaptureKind;
  video: string;
  audio: string;
  audioMode?: AudioMode | undefined;
  resolution: string;
  /** Frames per second. */
  framerate: number;
  mediaStream: MediaStream | null;
}

/** What is to be captured. */
export interface CaptureRequest {
  readonly kind: CaptureKind;
  /** Device id. The empty string lets the browser choose; `none` sends no video. */
  readonly video: string;
  /** Device id. The empty string lets the browser choose; `none` sends no sound. */
  readonly audio: string;
  readonly audioMode: AudioMode;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames per second. */
  readonly framerate: number;
  /** The page's own media. It is used instead of devices and is never stopped here. */
  readonly media: MediaStream | null;
}

/** Where a kind of track comes from. */
export type TrackOrigin = 'camera' | 'screen' | 'microphone' | 'page' | null;

export type TrackKind = 'audio' | 'video';

export const TRACK_KINDS: readonly TrackKind[] = ['audio', 'video'];

/** What may be open at once: `screen` is the one beside the camera; without a camera it is `video`. */
export type SourceKind = TrackKind | 'screen';

export const SOURCE_KINDS: readonly SourceKind[] = [...TRACK_KINDS, 'screen'];

const DEFAULT_FRAMERATE = 30;
const MOST_FRAMERATE = 240;
const DEFAULT_RESOLUTION = '1280x720';
const NAMED_HEIGHT = /^(\d+)p$/;
const WIDTH_BY_HEIGHT = /^(\d+)\s*[x×]\s*(\d+)$/;

/**
 * Reads the attribute `resolution`: `1280x720`, or `720p` for 16:9. A removed attribute is `null`.
 *
 * @throws GatecastError `settings-invalid` for anything else.
 */
export function parseResolution(value: string | null | undefined): { width: number; height: number } {
  const text = (value ?? DEFAULT_RESOLUTION).trim();
  const [, lines] = NAMED_HEIGHT.exec(text) ?? [];
  if (lines) {
    const height = Number(lines);
    return { width: Math.round((height * 16) / 18) * 2, height };
  }
  const [, width, height] = WIDTH_BY_HEIGHT.exec(text) ?? [];
  if (width && height) return { width: Number(width), height: Number(height) };
  throw new GatecastError('settings-invalid', 'The attribute resolution has an invalid value.', {
    hint: 'Set resolution like 1280x720 or 720p.',
  });
}

/** A removed attribute is `null`. @throws GatecastError `settings-invalid` */
function readFramerate(value: number | null | undefined): number {
  const framerate = value ?? DEFAULT_FRAMERATE;
  if (framerate >= 1 && framerate <= MOST_FRAMERATE) return framerate;
  throw new GatecastError('settings-invalid', 'The attribute framerate has an invalid value.', {
    hint: `Set framerate to a number from 1 to ${String(MOST_FRAMERATE)}.`,
  });
}

/** A removed attribute is `null`. An unknown value is refused elsewhere. */
export function readAudioMode({ audioMode }: Pick<CaptureOptions, 'audioMode'>): AudioMode {
  return audioMode === 'music' ? 'music' : 'speech';
}

/** @throws GatecastError `settings-invalid` when `resolution` or `framerate` is invalid. */
export function readCaptureRequest(options: CaptureOptions): CaptureRequest {
  return {
    kind: options.capture,
    video: options.video,
    audio: options.audio,
    audioMode: readAudioMode(options),
    ...parseResolution(options.resolution),
    framerate: readFramerate(options.framerate),
    media: options.mediaStream,
  };
}

/** Where a kind of source comes from; `null` when the request has none of that kind. */
export function originOf(request: CaptureRequest, kind: SourceKind): TrackOrigin {
  const both = request.kind === 'camera screen';
  if (kind === 'screen') return both && !request.media ? 'screen' : null;
  if (request.media) return 'page';
  if (request.kind === 'none' || request[kind] === 'none') return null;
  if (kind === 'audio') return 'microphone';
  if (both) return 'camera';
  return request.kind === 'camera' || request.kind === 'screen' ? request.kind : null;
}

/** Can both requests use the same track? Size and frame rate are adjusted on the running track. */
export function isSameTrack(a: CaptureRequest, b: CaptureRequest, kind: SourceKind): boolean {
  const origin = originOf(a, kind);
  if (origin !== originOf(b, kind)) return false;
  if (origin === 'page') return a.media === b.media;
  // Browsers do not change the processing of a running track.
  if (origin === 'microphone' && a.audioMode !== b.audioMode) return false;
  // A shared screen is chosen in the browser's own dialog, so the camera's id does not matter.
  return kind === 'screen' || origin === 'screen' || origin === null || a[kind] === b[kind];
}

/** Constraints for one kind of device. All are `ideal`, except the id of a device that was chosen. */
export function deviceConstraints(request: CaptureRequest, kind: TrackKind): MediaTrackConstraints {
  const id = request[kind];
  return {
    ...(id !== '' && { deviceId: { exact: id } }),
    ...(kind === 'video' ? sizeConstraints(request) : soundConstraints(request)),
  };
}

/** Processing for speech takes music for noise, and mixes it to mono. */
function soundConstraints({ audioMode }: CaptureRequest): MediaTrackConstraints {
  if (audioMode === 'speech') return {};
  return {
    echoCancellation: false,
    noiseSuppression: false,
    autoGainControl: false,
    channelCount: { ideal: 2 },
    sampleRate: { ideal: 48_000 },
  };
}

export function sizeConstraints({ width, height, framerate }: CaptureRequest): MediaTrackConstraints {
  return { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: framerate } };
}

/** Do both ask for the same? */
export function isSameRequest(a: CaptureRequest, b: CaptureRequest): boolean {
  const { media: aMedia, ...aRest } = a;
  const { media: bMedia, ...bRest } = b;
  return aMedia === bMedia && JSON.stringify(aRest) === JSON.stringify(bRest);
}
