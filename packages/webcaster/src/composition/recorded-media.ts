import { delay, type Clock } from '@gatecast/token';
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

/** A sound card that wakes takes some 100 ms. */
const AUDIO_LIMIT_MS = 1000;

/**
 * Opens what the sound of a recording runs through; `null` if it does not begin to run. Then it would give no samples, and
 * recorders hold back the video for that: Firefox for 10 s or until the end, Chromium without end. In Firefox it runs only
 * with an audio output, elsewhere not before the user has clicked unless something is captured.
 */
export async function openAudio(clock: Clock): Promise<AudioContext | null> {
  const isOver = new AbortController();
  try {
    const audio = new AudioContext();
    const resumed = audio.resume().catch(() => undefined);
    const limit = delay(clock, AUDIO_LIMIT_MS, isOver.signal).catch(() => undefined);
    await Promise.race([resumed, limit]);
    if (audio.state === 'running') return audio;
    closeAudio(audio);
    return null;
  } catch {
    return null;
  } finally {
    isOver.abort();
  }
}

export function closeAudio(audio: AudioContext | null): void {
  if (audio && audio.state !== 'closed') void audio.close().catch(() => undefined);
}

/**
 * What is sent, in tracks that stay the same: a recorder stops when a track of its stream is replaced. Without an
 * `AudioContext` the microphone's own track is recorded, so a microphone that comes later is not.
 */
export class RecordedMedia {
  readonly stream = new MediaStream();
  #composer: Composer | null = null;
  readonly #audio: AudioContext | null;
  /** Of the stream, but opened elsewhere, and stopped there. */
  #microphone: MediaStreamTrack | null = null;
  #output: MediaStreamAudioDestinationNode | null = null;
  #input: MediaStreamAudioSourceNode | null = null;

  /**
   * @param context - from {@link openAudio}; closed here.
   * @throws DOMException if the browser cannot draw the video, or read the sound.
   */
  constructor(
    { clock, media, size, framerate, mayHaveSound, mayHaveVideo }: RecordedMediaOptions,
    context: AudioContext | null,
  ) {
    const [video] = media.getVideoTracks();
    const [audio] = media.getAudioTracks();
    this.#audio = context;
    try {
      if (video ?? mayHaveVideo) {
        const inset = { corner: 'bottom-right', percent: 25 } as const;
        const scene = { layout: 'camera', inset, overlays: [], slate: null } as const;
        this.#composer = new Composer({ clock, size, framerate, scene });
        this.#composer.setSource('camera', video ?? null);
        this.stream.addTrack(this.#composer.track);
      }
      if (context && (audio || mayHaveSound)) this.#beginSound(context, audio ?? null);
      else if (audio?.readyState === 'live') {
        this.#microphone = audio;
        this.stream.addTrack(audio);
      }
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  get hasSound(): boolean {
    return this.stream.getAudioTracks().length > 0;
  }

  get hasVideo(): boolean {
    return this.#composer !== null;
  }

  /** @throws DOMException if the sound cannot be read. */
  setTrack(kind: TrackKind, track: MediaStreamTrack | null): void {
    if (kind === 'audio') this.#setAudio(track);
    else this.#composer?.setSource('camera', track);
  }

  stop(): void {
    this.#input?.disconnect();
    this.#composer?.stop();
    for (const track of this.stream.getTracks()) if (track !== this.#microphone) track.stop();
    closeAudio(this.#audio);
  }

  #beginSound(audio: AudioContext, track: MediaStreamTrack | null): void {
    this.#output = audio.createMediaStreamDestination();
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
