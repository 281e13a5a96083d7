import type { EntryChangeReason } from '../engine/engine.js';
import type { UpdateStatus } from '../playback/change-source.js';

/** `updateSource` has changed the source, or found that it is the same. */
export class SecureSourceUpdatedEvent extends Event {
  static readonly type = 'secure-source-updated';

  /**
   * @param status - the result of the update.
   * @param changed - the parts that differ. `security` alone is swapped in place, anything else needs a switch.
   */
  constructor(
    readonly status: UpdateStatus,
    readonly changed: readonly string[],
  ) {
    super(SecureSourceUpdatedEvent.type, { bubbles: true, composed: true });
  }
}

/** Another rendition plays. */
export class SecureEntryChangedEvent extends Event {
  static readonly type = 'secure-entry-changed';

  constructor(
    readonly index: number,
    readonly label: string,
    readonly reason: EntryChangeReason,
  ) {
    super(SecureEntryChangedEvent.type, { bubbles: true, composed: true });
  }
}

/** Playback waits for a stream that has not started yet, or stops waiting because it plays, failed or was removed. */
export class SecureStreamAwaitedEvent extends Event {
  static readonly type = 'secure-stream-awaited';

  constructor(readonly isAwaited: boolean) {
    super(SecureStreamAwaitedEvent.type, { bubbles: true, composed: true });
  }
}

/** The skin could not be shown, and the browser's own controls replace it. Playback continues. */
export class SecureControlsReplacedEvent extends Event {
  static readonly type = 'secure-controls-replaced';

  /** @param reason - why, in English, for the page's operator. */
  constructor(readonly reason: string) {
    super(SecureControlsReplacedEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'secure-stream-awaited': SecureStreamAwaitedEvent;
    'secure-controls-replaced': SecureControlsReplacedEvent;
    'secure-source-updated': SecureSourceUpdatedEvent;
    'secure-entry-changed': SecureEntryChangedEvent;
  }
}
