import type { SecureWebcaster } from '@gatecast/webcaster';

/**
 * Releases camera and microphone of a preview that is hidden, and opens them when it is shown again. A broadcast goes on:
 * its viewers would lose it without notice, and only the page knows whether it should end. So does a preview of the page's
 * own media, and one of a screen, which a browser opens only after a click.
 */
export function hideWebcaster(webcaster: SecureWebcaster): () => void {
  const { state, capture, mediaStream } = webcaster;
  if (state !== 'preview' || capture.includes('screen') || mediaStream) return () => undefined;
  void webcaster.stopPreview();
  return () => {
    // The element reports why it failed.
    void webcaster.startPreview().catch(() => undefined);
  };
}
