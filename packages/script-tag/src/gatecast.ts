// The entry of gatecast.js: defines both tags, and lets nothing come between the page and its first frame.
import '@gatecast/player/define';

const tag = 'secure-webcaster';

async function defineWebcaster(): Promise<void> {
  await import('@gatecast/webcaster/define');
}

/** A page with the tag gets it at once; any other after it has loaded, when nobody waits for the network. */
function defineWebcasterInTime(): void {
  if (document.readyState === 'complete' || document.querySelector(tag)) {
    void defineWebcaster();
    return;
  }
  addEventListener('load', () => void defineWebcaster(), { once: true });
}

defineWebcasterInTime();
