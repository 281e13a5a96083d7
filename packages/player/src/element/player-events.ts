import type { EntryChangeReason } from '../engine/engine.js';
import type { UpdateStatus } from '../playback/change-source.js';

/** The source was changed, or found to be the same. */
export class SecureSourceUpdatedEvent extends Event {
  static readonly type = 'secure-source-updated';

  /**
   * @param status - how it ended.
   * @param changed - what differed: `security` alone is swapped in place, anything else is a switch.
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

/** The skin cannot be shown, and the browser's own controls replace it. Playback goes on. */
export class SecureControlsReplacedEvent extends Event {
  static readonly type = 'secure-controls-replaced';

  /** @param reason - for the page's operator. */
  constructor(readonly reason: string) {
    super(SecureControlsReplacedEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'secure-controls-replaced': SecureControlsReplacedEvent;
    'secure-source-updated': SecureSourceUpdatedEvent;
    'secure-entry-changed': SecureEntryChangedEvent;
  }
}
