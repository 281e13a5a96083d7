import type { RecordingEnd, RecordingStatus } from '../composition/chunk-recorder.js';

/** A recording began, has grown, or has ended. `stopRecording()` gives it. */
export class SecureRecordingEvent extends Event {
  static readonly type = 'secure-recording';
  readonly state: RecordingStatus['state'];
  readonly bytes: number;
  readonly durationMs: number;
  /** Why it ended; `null` while it runs. */
  readonly reason: RecordingEnd | null;

  constructor(status: RecordingStatus) {
    super(SecureRecordingEvent.type, { bubbles: true, composed: true });
    this.state = status.state;
    this.bytes = status.bytes;
    this.durationMs = status.durationMs;
    this.reason = status.reason;
  }
}

declare global {
  interface HTMLElementEventMap {
    'secure-recording': SecureRecordingEvent;
  }
}
