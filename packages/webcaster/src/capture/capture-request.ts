import type { CaptureKind, WebcasterOptions } from '../element/webcaster-options.js';

/** What the page wants to show and send. */
export interface CaptureRequest {
  readonly kind: CaptureKind;
  /** Device id; empty for the browser's choice, `none` for no video. */
  readonly video: string;
  /** Device id; empty for the browser's choice, `none` for no sound. */
  readonly audio: string;
  readonly width: number;
  readonly height: number;
  readonly framerate: number;
  /** The page's own media, which wins over devices and is never stopped here. */
  readonly media: MediaStream | null;
}

/** Where a kind of track comes from. */
export type TrackOrigin = 'camera' | 'screen' | 'microphone' | 'page' | null;

export type TrackKind = 'audio' | 'video';

export const TRACK_KINDS: readonly TrackKind[] = ['audio', 'video'];

const NAMED_HEIGHT = /^(\d+)p$/;
const WIDTH_BY_HEIGHT = /^(\d+)\s*[x×]\s*(\d+)$/;

/**
 * Reads the attribute `resolution`: `1280x720`, or `720p` for 16:9.
 *
 * @throws TypeError for anything else.
 */
export function parseResolution(text: string): { width: number; height: number } {
  const [, lines] = NAMED_HEIGHT.exec(text.trim()) ?? [];
  if (lines) {
    const height = Number(lines);
    return { width: Math.round((height * 16) / 18) * 2, height };
  }
  const [, width, height] = WIDTH_BY_HEIGHT.exec(text.trim()) ?? [];
  if (!width || !height) throw new TypeError('resolution must be like 1280x720 or 720p');
  return { width: Number(width), height: Number(height) };
}

export function readWish(
  options: Pick<WebcasterOptions, 'capture' | 'video' | 'audio' | 'resolution' | 'framerate' | 'mediaStream'>,
): CaptureRequest {
  return {
    kind: options.capture,
    video: options.video,
    audio: options.audio,
    ...parseResolution(options.resolution),
    framerate: options.framerate,
    media: options.mediaStream,
  };
}

/** Where each kind of track of a wish comes from. */
export function originOf(wish: CaptureRequest, kind: TrackKind): TrackOrigin {
  if (wish.media) return 'page';
  if (wish.kind === 'none' || wish[kind] === 'none') return null;
  if (kind === 'audio') return 'microphone';
  return wish.kind === 'audio' ? null : wish.kind;
}

/** Does the track of one wish serve another as well? Size and rate are adjusted on the running track. */
export function isSameTrack(a: CaptureRequest, b: CaptureRequest, kind: TrackKind): boolean {
  const origin = originOf(a, kind);
  if (origin !== originOf(b, kind)) return false;
  if (origin === 'page') return a.media === b.media;
  // A shared screen was chosen in the browser's own dialog, whatever camera is named beside it.
  return origin === 'screen' || origin === null || a[kind] === b[kind];
}

/** Constraints for one kind of device. `ideal` throughout, except for a device that was chosen by name. */
export function deviceConstraints(wish: CaptureRequest, kind: TrackKind): MediaTrackConstraints {
  const id = wish[kind];
  return {
    ...(id !== '' && { deviceId: { exact: id } }),
    ...(kind === 'video' ? sizeConstraints(wish) : {}),
  };
}

export function sizeConstraints({ width, height, framerate }: CaptureRequest): MediaTrackConstraints {
  return { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: framerate } };
}
