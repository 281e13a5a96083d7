import type { EventLog } from '@gatecast/element';
import { GatecastError, type Clock, type LazyPart } from '@gatecast/token';
import { readCaptureRequest, type TrackKind } from '../capture/capture-request.js';
import type { RecordingOptions, RecordingStatus } from '../composition/chunk-recorder.js';
import { recordingPart } from '../composition/composition-part.js';
import type { Recording, RecordingContext, RecordingNeeds } from '../composition/recording.js';
import type { BroadcastHost } from './broadcast-host.js';
import { audioBitrateOf } from './broadcast-settings.js';
import { SecureRecordingEvent } from './recording-event.js';

type RunningRecording = Pick<Recording, 'status' | 'setTrack' | 'stop'>;

export interface RecordingControlOptions {
  readonly host: BroadcastHost;
  readonly clock: Clock;
  readonly log: EventLog;
  /** What is shown and sent; `null` when nothing is open. */
  readonly media: () => MediaStream | null;
  readonly runSignal: () => AbortSignal;
  /** Loads the code of recordings. */
  readonly load?: LazyPart<
    (
      options: RecordingOptions,
      needs: RecordingNeeds,
    ) => Promise<(describe: () => RecordingContext) => RunningRecording>
  >;
}

/** The local copy of what is sent. The last one is kept until the next one begins. */
export class RecordingControl {
  readonly #options: RecordingControlOptions;
  #recording: RunningRecording | null = null;
  /** Is the recording, or the last one, in memory? */
  #isInMemory = false;
  #starting: Promise<void> | null = null;
  /** The end of the recording: the next one waits for it. */
  #ending: Promise<Blob | null> | null = null;

  constructor(options: RecordingControlOptions) {
    this.#options = options;
  }

  /** Of the recording that runs, or the last one; `null` before the first. */
  get status(): RecordingStatus | null {
    return this.#recording?.status ?? null;
  }

  /** Does `stop()` give something that the user can save? */
  get canSave(): boolean {
    return this.#isInMemory && (this.status?.bytes ?? 0) > 0;
  }

  /**
   * Begins a recording, after the end of one that is being stopped. While one runs, nothing happens.
   *
   * @throws GatecastError `settings-invalid`, `capture-unsupported`, `publisher-load-failed`; an AbortError.
   */
  start(options: RecordingOptions): Promise<void> {
    if (this.#starting) return this.#starting;
    if (this.status?.state === 'recording' && !this.#ending) return Promise.resolve();
    const starting = this.#start(options, this.#ending).finally(() => {
      if (this.#starting === starting) this.#starting = null;
    });
    this.#starting = starting;
    return starting;
  }

  /**
   * Ends the recording; resolves with it, or the last one. `null` if there is none, or it went to the page's stream.
   *
   * @throws GatecastError `media-stopped` if the browser recorded nothing.
   */
  stop(): Promise<Blob | null> {
    // At once: a start that follows is another recording.
    const ending = this.#stop(this.#starting);
    this.#starting = null;
    this.#ending = ending;
    return ending;
  }

  /** The preview or broadcast has ended. */
  end(): void {
    this.#ending = this.#recording?.stop('ended') ?? null;
  }

  setTrack(kind: TrackKind, track: MediaStreamTrack | null): void {
    this.#recording?.setTrack(kind, track);
  }

  async #stop(starting: Promise<void> | null): Promise<Blob | null> {
    await starting?.catch(() => undefined);
    const recording = this.#recording;
    const blob = (await recording?.stop('requested')) ?? null;
    if (recording?.status.reason === 'record-failed' && recording.status.bytes === 0) throw emptyRecording();
    return blob;
  }

  async #start(options: RecordingOptions, ending: Promise<Blob | null> | null): Promise<void> {
    const { clock, log, runSignal, load = recordingPart } = this.#options;
    const signal = runSignal();
    const media = this.#requireMedia();
    // The call that ended that one has its error.
    await ending?.catch(() => undefined);
    const prepareRecording = await load({ signal, tries: 3, log });
    const mayHaveSound = this.#options.host.mediaStream === null || media.getAudioTracks().length > 0;
    const begin = await prepareRecording(options, { clock, mayHaveSound });
    this.#recording = begin(() => this.#describe(options));
    this.#isInMemory = options.writable === undefined;
    if (this.#ending === ending) this.#ending = null;
  }

  #describe(options: RecordingOptions): RecordingContext {
    const { host, clock } = this.#options;
    const media = this.#requireMedia();
    const { width, height, framerate } = readCaptureRequest(host);
    // What is sent may have another size than what was asked for: a phone that is held upright, or a screen.
    const sent = media.getVideoTracks()[0]?.getSettings();
    const isOwn = host.mediaStream === null;
    return {
      clock,
      media,
      size: { width: sent?.width ?? width, height: sent?.height ?? height },
      framerate,
      mayHaveSound: isOwn,
      // A file with only sound stays one, unless the page wants video.
      mayHaveVideo: isOwn && (host.capture !== 'audio' || options.mimeType?.startsWith('video/') === true),
      videoBitrateKbps: host.videoBitrate,
      audioBitrateKbps: audioBitrateOf(host),
      onStatus: (status) => this.#onStatus(status),
    };
  }

  #requireMedia(): MediaStream {
    const media = this.#options.media();
    if (media) return media;
    throw new GatecastError('settings-invalid', 'The webcaster captures nothing that can be recorded.', {
      hint: 'Call startPreview() or startBroadcast() before startRecording().',
    });
  }

  #onStatus(status: RecordingStatus): void {
    const { host, log } = this.#options;
    if (status.state === 'stopped' || status.bytes === 0) log.add(SecureRecordingEvent.type, { ...status });
    host.dispatchEvent(new SecureRecordingEvent(status));
    host.requestUpdate();
  }
}

function emptyRecording(): GatecastError {
  return new GatecastError('media-stopped', 'The recording is empty: the browser recorded nothing.', {
    hint: 'Record for longer than a second, and check that the picture moves or the sound is heard. Leave out mimeType.',
  });
}
