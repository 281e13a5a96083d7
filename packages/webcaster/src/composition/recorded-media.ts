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
  /** May a microphone be switched on while it is recorded? */
  readonly mayHaveSound: boolean;
  /** May a camera or screen come while it is recorded? Until then the video is black. */
  readonly mayHaveVideo: boolean;
}

/** What is sent, in tracks that stay the same: a recorder stops when a track of its stream is replaced. */
export class RecordedMedia {
  readonly stream = new MediaStream();
  #composer: Composer | null = null;
  #audio: AudioContext | null = null;
  #output: MediaStreamAudioDestinationNode | null = null;
  #input: MediaStreamAudioSourceNode | null = null;

  /** @throws DOMException if the browser cannot draw the video, or read the sound. */
  constructor({ clock, media, size, framerate, mayHaveSound, mayHaveVideo }: RecordedMediaOptions) {
    const [video] = media.getVideoTracks();
    const [audio] = media.getAudioTracks();
    try {
      if (video ?? mayHaveVideo) {
        const inset = { corner: 'bottom-right', percent: 25 } as const;
        const scene = { layout: 'camera', inset, overlays: [], slate: null } as const;
        this.#composer = new Composer({ clock, size, framerate, scene });
        this.#composer.setSource('camera', video ?? null);
        this.stream.addTrack(this.#composer.track);
      }
      if (audio || mayHaveSound) this.#beginSound(audio ?? null);
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  /** @throws DOMException if the sound cannot be read. */
  setTrack(kind: TrackKind, track: MediaStreamTrack | null): void {
    if (kind === 'audio') this.#setAudio(track);
    else this.#composer?.setSource('camera', track);
  }

  stop(): void {
    this.#input?.disconnect();
    this.#composer?.stop();
    for (const track of this.stream.getTracks()) track.stop();
    if (this.#audio?.state !== 'closed') void this.#audio?.close().catch(() => undefined);
  }

  #beginSound(track: MediaStreamTrack | null): void {
    const audio = new AudioContext();
    this.#audio = audio;
    this.#output = audio.createMediaStreamDestination();
    void audio.resume().catch(() => undefined);
    // Without a microphone there would be no samples, and recorders hold back the video until there are some.
    const silence = audio.createConstantSource();
    silence.offset.value = 0;
    silence.connect(this.#output);
    silence.start();
    this.#setAudio(track);
    for (const each of this.#output.stream.getAudioTracks()) this.stream.addTrack(each);
  }

  #setAudio(track: MediaStreamTrack | null): void {
    this.#input?.disconnect();
    this.#input = null;
    if (!track || track.readyState === 'ended' || !this.#audio || !this.#output) return;
    this.#input = this.#audio.createMediaStreamSource(new MediaStream([track]));
    this.#input.connect(this.#output);
  }
}
