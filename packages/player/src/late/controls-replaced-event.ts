/** The skin cannot be shown, so the browser's own controls stand in for it; playback is not touched. */
export class SecureControlsReplacedEvent extends Event {
  static readonly type = 'secure-controls-replaced';

  /** @param reason - why, in words for whoever runs the page. */
  constructor(readonly reason: string) {
    super(SecureControlsReplacedEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'secure-controls-replaced': SecureControlsReplacedEvent;
  }
}
