import { delay, GatecastError, type Cancel, type Clock } from '@gatecast/token';

/** Where the page wants the recording, for example from `FileSystemFileHandle.createWritable()`. */
export type RecordingTarget = WritableStream<Blob>;

export interface RecordingOptions {
  /** Container and codecs, for example `video/webm;codecs=vp8,opus`. @defaultValue the first that the browser can record */
  readonly mimeType?: string;
  /** The recording ends at this size. @defaultValue 1,000,000,000 in memory; without end with `writable` */
  readonly maxBytes?: number;
  /** The recording ends after this time, in seconds. @defaultValue without end */
  readonly maxSeconds?: number;
  /** Receives the recording while it runs, so that it takes no memory. The element closes it. */
  readonly writable?: RecordingTarget;
}

/**
 * Why a recording ended: by `stopRecording()`, with the preview or broadcast, at a limit, or because the browser could not
 * record on or recorded nothing, or the `writable` could not be written.
 */
export type RecordingEnd = 'requested' | 'ended' | 'limit' | 'record-failed' | 'write-failed';

/** What is recorded so far. */
export interface RecordingStatus {
  readonly state: 'recording' | 'stopped';
  readonly bytes: number;
  readonly durationMs: number;
  /** Why it ended; `null` while it runs. */
  readonly reason: RecordingEnd | null;
}

/** A `MediaRecorder`, as far as it is used. */
export interface Recorder extends EventTarget {
  readonly state: string;
  readonly mimeType: string;
  start(timesliceMs: number): void;
  requestData(): void;
  stop(): void;
}

/** The browser gives what it has recorded this often. */
const CHUNK_MS = 1000;
const MOST_BYTES = 1_000_000_000;
/** Chunks that the page's stream has not taken yet: about half a minute, which is in memory. */
const MOST_WAITING = 30;
const CLOSE_LIMIT_MS = 10_000;
/** A browser that gave nothing for this long is asked: Firefox gives no chunks after one of the tracks has ended. */
const QUIET_MS = 3000;
/** A recorder that has not ended by then never does. */
const STOP_LIMIT_MS = 10_000;

/** @throws GatecastError `settings-invalid` */
export function checkRecordingOptions(options: RecordingOptions): void {
  for (const name of ['maxBytes', 'maxSeconds'] as const) {
    const value: unknown = options[name];
    if (value === undefined || (typeof value === 'number' && value > 0)) continue;
    throw invalid(`The option ${name} of the recording is invalid.`, `Set ${name} to a number above 0.`);
  }
}

export interface ChunkRecorderOptions extends RecordingOptions {
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly onStatus: (status: RecordingStatus) => void;
}

/** Collects what a recorder gives, in memory or in the page's stream, up to the limits. */
export class ChunkRecorder {
  readonly #options: ChunkRecorderOptions;
  readonly #startedMs: number;
  readonly #writer: WritableStreamDefaultWriter<Blob> | null;
  #chunks: Blob[] = [];
  #bytes = 0;
  /** A chunk is missing: what comes after it would be damaged. */
  #isFull = false;
  /** Chunks that the page's stream has not taken yet. */
  #waiting = 0;
  #endedMs: number | null = null;
  #reason: RecordingEnd | null = null;
  #cancelLimit: Cancel | null = null;
  #cancelWatch: Cancel | null = null;
  #cancelStop: Cancel | null = null;
  /** The browser gave something since the last check. */
  #hasGrown = false;
  readonly #ended: Promise<Blob | null>;
  #end: () => void = () => undefined;

  /** @throws GatecastError `settings-invalid` if the stream is in use; what the recorder's `start` throws */
  constructor(options: ChunkRecorderOptions) {
    const { recorder, clock, writable, maxSeconds } = options;
    this.#options = options;
    this.#startedMs = clock.now();
    this.#writer = writable ? takeWriter(writable) : null;
    this.#ended = new Promise((resolve) => {
      this.#end = () => {
        if (this.#endedMs === null) void this.#finish().then(resolve);
      };
    });
    recorder.addEventListener('stop', () => this.#end());
    recorder.addEventListener('dataavailable', (event) => this.#add((event as BlobEvent).data));
    recorder.addEventListener('error', () => void this.stop('record-failed'));
    try {
      recorder.start(CHUNK_MS);
    } catch (error) {
      this.#writer?.releaseLock();
      throw error;
    }
    if (maxSeconds !== undefined)
      this.#cancelLimit = clock.at(this.#startedMs + maxSeconds * 1000, () => void this.stop('limit'));
    this.#watch();
    this.#report();
  }

  get status(): RecordingStatus {
    const durationMs = Math.round((this.#endedMs ?? this.#options.clock.now()) - this.#startedMs);
    const state = this.#endedMs === null ? 'recording' : 'stopped';
    return { state, bytes: this.#bytes, durationMs, reason: state === 'stopped' ? this.#reason : null };
  }

  /** Ends the recording; resolves with it, or with `null` if it went to the page's stream. The first reason counts. */
  stop(reason: RecordingEnd): Promise<Blob | null> {
    this.#reason ??= reason;
    const { recorder, clock } = this.#options;
    this.#cancelTimers();
    if (this.#endedMs === null) {
      this.#cancelStop ??= clock.at(clock.now() + STOP_LIMIT_MS, () => this.#giveUp());
      if (recorder.state !== 'inactive') recorder.stop();
    }
    return this.#ended;
  }

  /** Asks for what is recorded if nothing came. */
  #watch(): void {
    const { recorder, clock } = this.#options;
    this.#cancelWatch = clock.at(clock.now() + QUIET_MS, () => {
      if (!this.#hasGrown && recorder.state === 'recording') recorder.requestData();
      this.#hasGrown = false;
      this.#watch();
    });
  }

  #giveUp(): void {
    this.#reason = 'record-failed';
    this.#end();
  }

  #cancelTimers(): void {
    this.#cancelLimit?.();
    this.#cancelWatch?.();
    this.#cancelLimit = this.#cancelWatch = null;
  }

  #add(chunk: Blob): void {
    if (chunk.size === 0 || this.#isFull || this.#endedMs !== null) return;
    this.#hasGrown = true;
    const { maxBytes = this.#writer ? Infinity : MOST_BYTES } = this.#options;
    // What comes after the limit is left out; a file without its end still plays.
    if (this.#bytes + chunk.size > maxBytes) {
      this.#isFull = true;
      void this.stop('limit');
      return;
    }
    this.#bytes += chunk.size;
    if (!this.#writer) this.#chunks.push(chunk);
    else void this.#write(this.#writer, chunk);
    this.#report();
  }

  async #write(writer: WritableStreamDefaultWriter<Blob>, chunk: Blob): Promise<void> {
    this.#waiting += 1;
    if (this.#waiting > MOST_WAITING) this.#isFull = true;
    try {
      if (this.#isFull) void this.stop('write-failed');
      await writer.write(chunk);
    } catch {
      void this.stop('write-failed');
    } finally {
      this.#waiting -= 1;
    }
  }

  /** A stream that takes nothing must not hold back the end. */
  async #close(writer: WritableStreamDefaultWriter<Blob>): Promise<void> {
    const isOver = new AbortController();
    const timeout = delay(this.#options.clock, CLOSE_LIMIT_MS, isOver.signal).then(() => {
      throw new DOMException('The stream was not closed in time.', 'TimeoutError');
    });
    try {
      await Promise.race([writer.close(), timeout]);
    } catch {
      this.#reason = 'write-failed';
      writer.abort().catch(() => undefined);
    } finally {
      isOver.abort();
      timeout.catch(() => undefined);
    }
  }

  async #finish(): Promise<Blob | null> {
    const { recorder, clock } = this.#options;
    this.#cancelTimers();
    this.#cancelStop?.();
    this.#endedMs = clock.now();
    // The browser stops a recorder whose tracks have ended.
    this.#reason ??= 'ended';
    // Firefox gives nothing of a recorder that is stopped before its encoders have begun.
    if (this.#bytes === 0 && !this.#isFull && this.#reason !== 'write-failed') this.#reason = 'record-failed';
    if (this.#writer) await this.#close(this.#writer);
    const blob = this.#writer ? null : new Blob(this.#chunks, { type: recorder.mimeType });
    this.#chunks = [];
    this.#report();
    return blob;
  }

  #report(): void {
    this.#options.onStatus(this.status);
  }
}

function takeWriter(writable: RecordingTarget): WritableStreamDefaultWriter<Blob> {
  try {
    return writable.getWriter();
  } catch (cause) {
    throw new GatecastError('settings-invalid', 'The option writable of the recording cannot be written.', {
      hint: 'Set writable to a WritableStream that has no writer yet.',
      cause,
    });
  }
}

export function invalid(message: string, hint: string): GatecastError {
  return new GatecastError('settings-invalid', message, { hint });
}
