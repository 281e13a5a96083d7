import type { EventLog } from '@gatecast/element';
import { GatecastError, type Clock } from '@gatecast/token';
import { readCaptureRequest, type TrackKind } from '../capture/capture-request.js';
import type { RecordingOptions, RecordingStatus } from '../composition/chunk-recorder.js';
import { recordingPart } from '../composition/composition-part.js';
import type { Recording } from '../composition/recording.js';
import type { BroadcastHost } from './broadcast-host.js';
import { audioBitrateOf } from './broadcast-settings.js';
import { SecureRecordingEvent } from './recording-event.js';

export interface RecordingControlOptions {
  readonly host: BroadcastHost;
  readonly clock: Clock;
  readonly log: EventLog;
  /** What is shown and sent; `null` when nothing is open. */
  readonly media: () => MediaStream | null;
  readonly runSignal: () => AbortSignal;
}

/** The local copy of what is sent. The last one is kept until the next one begins. */
export class RecordingControl {
  readonly #options: RecordingControlOptions;
  #recording: Recording | null = null;
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

  /**
   * Begins a recording. While one runs, nothing happens.
   *
   * @throws GatecastError `settings-invalid`, `capture-unsupported`, `publisher-load-failed`; an AbortError.
   */
  start(options: RecordingOptions): Promise<void> {
    if (this.status?.state === 'recording' && !this.#ending) return Promise.resolve();
    this.#starting ??= this.#start(options).finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  /** Ends the recording; resolves with it, or the last one. `null` if there is none, or it went to the page's stream. */
  async stop(): Promise<Blob | null> {
    await this.#starting?.catch(() => undefined);
    const ending = this.#recording?.stop('requested') ?? null;
    this.#ending = ending;
    return await ending;
  }

  /** The preview or broadcast has ended. */
  end(): void {
    this.#ending = this.#recording?.stop('ended') ?? null;
  }

  setTrack(kind: TrackKind, track: MediaStreamTrack | null): void {
    this.#recording?.setTrack(kind, track);
  }

  async #start(options: RecordingOptions): Promise<void> {
    const { host, clock, log, runSignal } = this.#options;
    const signal = runSignal();
    this.#requireMedia();
    await this.#ending;
    const Recording = await recordingPart({ signal, tries: 3, log });
    const media = this.#requireMedia();
    const { width, height, framerate } = readCaptureRequest(host);
    // What is sent may have another size than what was asked for: a phone that is held upright, or a screen.
    const sent = media.getVideoTracks()[0]?.getSettings();
    const recording: Recording = new Recording(options, {
      clock,
      media,
      size: { width: sent?.width ?? width, height: sent?.height ?? height },
      framerate,
      mayHaveSound: host.mediaStream === null,
      videoBitrateKbps: host.videoBitrate,
      audioBitrateKbps: audioBitrateOf(host),
      onStatus: (status) => this.#onStatus(status),
    });
    this.#recording = recording;
    this.#ending = null;
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
