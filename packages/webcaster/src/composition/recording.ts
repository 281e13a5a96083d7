import { GatecastError } from '@gatecast/token';
import type { TrackKind } from '../capture/capture-request.js';
import {
  checkRecordingOptions,
  ChunkRecorder,
  invalid,
  type RecordingEnd,
  type RecordingOptions,
  type RecordingStatus,
} from './chunk-recorder.js';
import { RecordedMedia, type RecordedMediaOptions } from './recorded-media.js';

export interface RecordingContext extends RecordedMediaOptions {
  /** Kilobits per second. */
  readonly videoBitrateKbps: number;
  readonly audioBitrateKbps: number;
  readonly onStatus: (status: RecordingStatus) => void;
}

/** VP8 first: it takes the least of the processor that also encodes the broadcast. */
const VIDEO_TYPES = ['video/webm;codecs=vp8,opus', 'video/webm', 'video/mp4'];
const AUDIO_TYPES = ['audio/webm;codecs=opus', 'audio/webm', 'audio/mp4', 'audio/ogg'];

/** A recording of what is sent. */
export class Recording {
  readonly #media: RecordedMedia;
  readonly #chunks: ChunkRecorder;

  /** @throws GatecastError `settings-invalid`, `capture-unsupported` */
  constructor(options: RecordingOptions, context: RecordingContext) {
    checkRecordingOptions(options);
    const hasVideo = context.mayHaveVideo || context.media.getVideoTracks().length > 0;
    const mimeType = chooseType(options.mimeType, hasVideo ? VIDEO_TYPES : AUDIO_TYPES);
    let media: RecordedMedia | null = null;
    try {
      const recorded = new RecordedMedia(context);
      media = recorded;
      this.#media = recorded;
      const recorder = new MediaRecorder(recorded.stream, {
        mimeType,
        videoBitsPerSecond: context.videoBitrateKbps * 1000,
        audioBitsPerSecond: context.audioBitrateKbps * 1000,
      });
      recorder.addEventListener('stop', () => recorded.stop(), { once: true });
      this.#chunks = new ChunkRecorder({ ...options, recorder, ...context });
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

function chooseType(wanted: string | undefined, types: readonly string[]): string {
  if (typeof MediaRecorder === 'undefined') throw unsupported();
  const supported = types.filter((type) => MediaRecorder.isTypeSupported(type));
  const type = wanted ?? supported[0];
  if (type === undefined) throw unsupported();
  if (MediaRecorder.isTypeSupported(type)) return type;
  throw invalid(
    'The option mimeType of the recording is not supported by this browser.',
    `Leave it out, or set it to one of: ${supported.join(', ')}.`,
  );
}

function unsupported(cause?: unknown): GatecastError {
  return new GatecastError('capture-unsupported', 'This browser cannot record.', {
    hint: 'Use a current browser, or record at the server.',
    cause,
  });
}
