import type { GatecastError } from '@gatecast/token';

/** The sound comes out of another device, or not out of the one that is chosen. Playback goes on. */
export class SecureAudioOutputChangedEvent extends Event {
  static readonly type = 'secure-audio-output-changed';

  /**
   * @param deviceId - of the device that plays; empty for the browser's default.
   * @param label - its name; empty for the default, and where the browser hides it.
   * @param error - why the chosen device does not play; `null` if it does.
   */
  constructor(
    readonly deviceId: string,
    readonly label: string,
    readonly error: GatecastError | null,
  ) {
    super(SecureAudioOutputChangedEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'secure-audio-output-changed': SecureAudioOutputChangedEvent;
  }
}
