import type { EngineName } from '../../engine/registry.js';

/** Why an engine plays a source that several can play. */
export type EngineChangeReason =
  /** It is the first choice, and its media has come. */
  | 'start'
  /** The one before it got no media in time, for example because the network blocks UDP. */
  | 'blocked'
  /** The server of the one before it refused, or was not reached. */
  | 'refused'
  /** The browser cannot receive what the one before it plays. */
  | 'unsupported'
  /** The media of the one before it has stopped and did not come again. */
  | 'broken'
  /** The first choice has media again. */
  | 'restored';

/** Another engine plays the source, or the first of several plays it. No such event where only one can play it. */
export class SecureEngineChangedEvent extends Event {
  static readonly type = 'secure-engine-changed';

  constructor(
    readonly engine: EngineName,
    readonly reason: EngineChangeReason,
  ) {
    super(SecureEngineChangedEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'secure-engine-changed': SecureEngineChangedEvent;
  }
}
