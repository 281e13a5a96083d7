import { ChannelAnalyser } from './channel-analyser.js';

/** Sound below this level counts as silence. */
const FLOOR_DB = -60;

/** Loudness from 0 (silence) to 1 (full scale) of samples in [-1, 1], on a logarithmic scale. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample ** 2;
  if (sum === 0) return 0;
  const decibels = 10 * Math.log10(sum / samples.length);
  return Math.min(1, Math.max(0, 1 - decibels / FLOOR_DB));
}

/** Measures the loudness of an audio track: of the louder channel. */
export class LevelMeter {
  readonly #context = new AudioContext();
  readonly #analyser = new ChannelAnalyser(this.#context, 1024);
  #source: MediaStreamAudioSourceNode | null = null;
  #track: MediaStreamTrack | null = null;

  /** Loudness of the track now, from 0 to 1. */
  read(track: MediaStreamTrack | null): number {
    if (track !== this.#track) this.#follow(track);
    if (!track?.enabled) return 0;
    return this.#analyser.loudest(loudness, (level) => level);
  }

  close(): void {
    this.#follow(null);
    // It fails only for a context that is closed already.
    this.#context.close().catch(() => undefined);
  }

  #follow(track: MediaStreamTrack | null): void {
    this.#source?.disconnect();
    this.#track = track;
    this.#source = track ? this.#context.createMediaStreamSource(new MediaStream([track])) : null;
    this.#source?.connect(this.#analyser.input);
  }
}
