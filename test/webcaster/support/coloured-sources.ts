import { overrideDevices, previewOf, until } from './webcaster-fixture.js';
import type { SecureWebcaster } from '@gatecast/webcaster';

/** A source of one colour. */
export class ColouredSource {
  readonly track: MediaStreamTrack;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(colour: string, width = 640, height = 360) {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    const draw = () => {
      if (context) context.fillStyle = colour;
      context?.fillRect(0, 0, width, height);
    };
    draw();
    this.#timer = setInterval(draw, 40);
    const [track] = canvas.captureStream(25).getVideoTracks();
    if (!track) throw new Error('The canvas has no track.');
    this.track = track;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.track.stop();
  }
}

/** Replaces the camera and the screen by what the functions give. Microphones stay the browser's. */
export function overrideSources(
  camera: () => Promise<MediaStreamTrack>,
  screen: () => MediaStreamTrack,
): () => void {
  const { mediaDevices } = navigator;
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  return overrideDevices({
    getUserMedia: async (constraints) => {
      const tracks = constraints?.video ? [await camera()] : [];
      if (constraints?.audio) {
        const { audio } = constraints;
        tracks.push(...(await getUserMedia({ audio })).getAudioTracks());
      }
      return new MediaStream(tracks);
    },
    getDisplayMedia: () => Promise.resolve(new MediaStream([screen()])),
  });
}

const NAMES = [
  ['red', 220, 30, 30],
  ['green', 30, 160, 30],
  ['blue', 30, 30, 220],
  ['yellow', 220, 220, 30],
  ['dark', 11, 13, 18],
] as const;

/** The name of the colour at a place of a video; the place is in percent. */
export function colourAt(video: HTMLVideoElement, x: number, y: number): string {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
  const context = canvas.getContext('2d');
  const { videoWidth, videoHeight } = video;
  context?.drawImage(video, (videoWidth * x) / 100, (videoHeight * y) / 100, 2, 2, 0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = context?.getImageData(0, 0, 1, 1).data ?? [];
  const near = NAMES.find(([, ...rgb]) =>
    [r, g, b].every((value, index) => Math.abs(value - (rgb[index] ?? 0)) < 60),
  );
  return near?.[0] ?? `rgb(${String(r)} ${String(g)} ${String(b)})`;
}

/** Waits until the preview, which shows what is sent, has these colours at these places. */
export async function untilColours(
  webcaster: SecureWebcaster,
  wanted: Readonly<Record<string, readonly [x: number, y: number]>>,
  what: string,
): Promise<void> {
  const seen = () =>
    Object.entries(wanted).map(([name, [x, y]]) => `${name} is ${colourAt(previewOf(webcaster), x, y)}`);
  await until(
    () => seen().every((text) => text.split(' is ')[0] === text.split(' is ')[1]),
    what,
    15_000,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)} ${seen().join(', ')}`);
  });
}
