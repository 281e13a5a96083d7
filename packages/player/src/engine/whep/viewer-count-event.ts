/** The number of viewers of a stream, where its WHEP server reports it. */
export class SecureViewerCountEvent extends Event {
  static readonly type = 'secure-viewer-count';

  /** @param count - as the server counts them, perhaps with a delay. */
  constructor(readonly count: number) {
    super(SecureViewerCountEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'secure-viewer-count': SecureViewerCountEvent;
  }
}
