import type { Clock } from '@gatecast/token';
import type { TrackKind } from '../capture/capture-request.js';
import { Composer } from './composer.js';
import type { Size } from './picture-layout.js';

export interface RecordedMediaOptions {
  readonly clock: Clock;
  /** What is sent: its tracks may be replaced. */
  readonly media: MediaStream;
  readonly size: Size;
  readonly framerate: number;
}

/** What is sent, in tracks that stay the same: a recorder stops when a track of its stream is replaced. */
export class RecordedMedia {
  readonly stream = new MediaStream();
  readonly #composer: Composer | null = null;
  readonly #audio: AudioContext | null = null;
  readonly #output: MediaStreamAudioDestinationNode | null = null;
  #input: MediaStreamAudioSourceNode | null = null;

  constructor({ clock, media, size, framerate }: RecordedMediaOptions) {
    const [video] = media.getVideoTracks();
    const [audio] = media.getAudioTracks();
    if (video) {
      const inset = { corner: 'bottom-right', percent: 25 } as const;
      const scene = { layout: 'camera', inset, overlays: [], slate: null } as const;
      this.#composer = new Composer({ clock, size, framerate, scene });
      this.#composer.setSource('camera', video);
      this.stream.addTrack(this.#composer.track);
    }
    if (audio) {
      this.#audio = new AudioContext();
      this.#output = this.#audio.createMediaStreamDestination();
      void this.#audio.resume().catch(() => undefined);
      this.#setAudio(audio);
      for (const track of this.#output.stream.getAudioTracks()) this.stream.addTrack(track);
    }
  }

  setTrack(kind: TrackKind, track: MediaStreamTrack | null): void {
    if (kind === 'audio') this.#setAudio(track);
    else this.#composer?.setSource('camera', track);
  }

  stop(): void {
    this.#input?.disconnect();
    this.#composer?.stop();
    for (const track of this.stream.getTracks()) track.stop();
    void this.#audio?.close().catch(() => undefined);
  }

  #setAudio(track: MediaStreamTrack | null): void {
    this.#input?.disconnect();
    this.#input = null;
    if (!track || !this.#audio || !this.#output) return;
    this.#input = this.#audio.createMediaStreamSource(new MediaStream([track]));
    this.#input.connect(this.#output);
  }
}
