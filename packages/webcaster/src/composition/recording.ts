import { GatecastError, type Clock } from '@gatecast/token';
import type { TrackKind } from '../capture/capture-request.js';
import {
  checkRecordingOptions,
  ChunkRecorder,
  type RecordingEnd,
  type RecordingOptions,
  type RecordingStatus,
} from './chunk-recorder.js';
import { closeAudio, openAudio, RecordedMedia, type RecordedMediaOptions } from './recorded-media.js';
import { chooseType } from './recording-type.js';

export interface RecordingContext extends RecordedMediaOptions {
  /** Kilobits per second. */
  readonly videoBitrateKbps: number;
  readonly audioBitrateKbps: number;
  readonly onStatus: (status: RecordingStatus) => void;
}

export interface RecordingNeeds {
  readonly clock: Clock;
  /** Is sound sent, or may it be? */
  readonly mayHaveSound: boolean;
}

/** Begins at once. What is sent is described as late as that; a description that fails leaves nothing open. */
export type BeginRecording = (describe: () => RecordingContext) => Recording;

/** Prepares a recording of what is sent. @throws GatecastError `settings-invalid`, `capture-unsupported` */
export async function prepareRecording(
  options: RecordingOptions,
  { clock, mayHaveSound }: RecordingNeeds,
): Promise<BeginRecording> {
  checkRecordingOptions(options);
  if (typeof MediaRecorder === 'undefined') throw unsupported();
  const audio = mayHaveSound ? await openAudio(clock) : null;
  return (describe) => {
    try {
      return new Recording(options, describe(), audio);
    } catch (error) {
      closeAudio(audio);
      throw error;
    }
  };
}

/** A recording of what is sent. */
export class Recording {
  readonly #media: RecordedMedia;
  readonly #chunks: ChunkRecorder;

  /**
   * @param audio - of the sound; `null` if it cannot be mixed.
   * @throws GatecastError `settings-invalid`, `capture-unsupported`
   */
  constructor(options: RecordingOptions, context: RecordingContext, audio: AudioContext | null) {
    let media: RecordedMedia | null = null;
    try {
      const recorded = new RecordedMedia(context, audio);
      media = recorded;
      this.#media = recorded;
      const mimeType = chooseType(options.mimeType, recorded, (type) => MediaRecorder.isTypeSupported(type));
      if (mimeType === null) throw unsupported();
      const recorder = new MediaRecorder(recorded.stream, {
        mimeType,
        videoBitsPerSecond: context.videoBitrateKbps * 1000,
        audioBitsPerSecond: context.audioBitrateKbps * 1000,
      });
      recorder.addEventListener('stop', () => recorded.stop(), { once: true });
      this.#chunks = new ChunkRecorder({
        ...options,
        recorder,
        clock: context.clock,
        onStatus: (status) => {
          // Also after a recorder that never reports it.
          if (status.state === 'stopped') recorded.stop();
          context.onStatus(status);
        },
      });
    } catch (cause) {
      media?.stop();
      throw cause instanceof GatecastError ? cause : unsupported(cause);
    }
  }

  get status(): RecordingStatus {
    return this.#chunks.status;
  }

  /** What is sent of a kind was replaced. */
  setTrack(kind: TrackKind, track: MediaStreamTrack | null): void {
    if (this.status.state !== 'recording') return;
    try {
      this.#media.setTrack(kind, track);
    } catch {
      // The device is sent nevertheless: only the recording ends.
      void this.stop('record-failed');
    }
  }

  /** Resolves with the recording, or with `null` if it went to the page's stream. */
  stop(reason: RecordingEnd): Promise<Blob | null> {
    return this.#chunks.stop(reason);
  }
}

function unsupported(cause?: unknown): GatecastError {
  return new GatecastError('capture-unsupported', 'This browser cannot record.', {
    hint: 'Use a current browser, or record at the server.',
    cause,
  });
}
