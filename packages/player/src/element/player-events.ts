import type { EntryChangeReason } from '../engine/engine.js';

/** How a call of `updateSource` ended. */
export type UpdateStatus = 'updated' | 'unchanged' | 'superseded';

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

declare global {
  interface HTMLElementEventMap {
    'secure-source-updated': SecureSourceUpdatedEvent;
    'secure-entry-changed': SecureEntryChangedEvent;
  }
}
