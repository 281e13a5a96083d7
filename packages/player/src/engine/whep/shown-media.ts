import { startDeadline, type Clock } from '@gatecast/token';
import { untilAborted } from '@gatecast/webrtc';

const HAVE_CURRENT_DATA = 2;
/** Longest time that anything is put off for the first picture. */
const PICTURE_LIMIT_MS = 1000;

/** The stream that the media element plays. It stays the same while sessions replace each other, so playback goes on. */
export class ShownMedia {
  readonly #media: HTMLVideoElement;
  #stream = new MediaStream();

  constructor(media: HTMLVideoElement) {
    this.#media = media;
  }

  get isEmpty(): boolean {
    return this.#stream.getTracks().length === 0;
  }

  /** Before any `play()` of the page, which a later source would interrupt. */
  attach(): void {
    this.#media.srcObject = this.#stream;
  }

  /** Shows these tracks only. The new ones come before the old ones go, without a gap. */
  show(tracks: readonly MediaStreamTrack[]): void {
    const media = this.#media;
    const shown = this.#stream.getTracks();
    // Chromium does not begin with sound alone that comes later than its stream.
    const isLate =
      shown.length === 0 && media.readyState === 0 && tracks.map(({ kind }) => kind).join() === 'audio';
    // Firefox and Safari end playback when all tracks of a stream have ended, for example in a pause.
    if (media.srcObject === this.#stream && (isLate || media.ended)) {
      const { paused } = media;
      this.#stream = new MediaStream([...tracks]);
      this.attach();
      // The new stream has interrupted it.
      if (!paused) media.play().catch(() => undefined);
      return;
    }
    for (const track of tracks) if (!shown.includes(track)) this.#stream.addTrack(track);
    for (const track of shown) if (!tracks.includes(track)) this.#stream.removeTrack(track);
  }

  /** Resolves at the first picture, after a second without one, or when the signal aborts. */
  async whenPicture(clock: Clock, signal: AbortSignal): Promise<void> {
    const media = this.#media;
    if (media.readyState >= HAVE_CURRENT_DATA) return;
    const deadline = startDeadline(clock, PICTURE_LIMIT_MS, signal);
    const hasCome = new Promise<void>((resolve) => {
      media.addEventListener('loadeddata', () => resolve(), { once: true, signal: deadline.signal });
    });
    await untilAborted(hasCome, deadline.signal).catch(() => undefined);
    deadline.end();
  }

  detach(): void {
    if (this.#media.srcObject === this.#stream) this.#media.srcObject = null;
  }
}
