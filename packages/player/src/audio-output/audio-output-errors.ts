import { GatecastError } from '@gatecast/token';

const IN_FRAME = 'In an iframe, its attribute allow must list speaker-selection.';

/** This browser, or the vendor's player, plays on the default device only. */
export function outputUnsupported(cause?: unknown): GatecastError {
  return new GatecastError('engine-unsupported', 'The sound cannot be played on a chosen device here.', {
    hint: 'Choose the device in the system’s settings, or use a desktop browser: Chrome, Edge, Firefox 116 or Safari 18.4, with a player that shows a video element.',
    cause,
  });
}

/** Browsers have devices on secure pages only. */
export function outputInsecure(): GatecastError {
  return new GatecastError('insecure-page', 'Audio devices can be chosen on secure pages only.', {
    hint: 'Serve the page over HTTPS, or from localhost.',
  });
}

/** The browser lists no device, since the viewer has allowed none. */
export function outputsHidden(): GatecastError {
  return new GatecastError('permission-denied', 'The browser hides the audio devices from this page.', {
    hint: `It lists them once the viewer has allowed the microphone: call navigator.mediaDevices.getUserMedia({ audio: true }) after a click, stop its tracks, and call selectAudioOutput() again. ${IN_FRAME}`,
  });
}

/** The device that played was disconnected. */
export function outputLost(label: string): GatecastError {
  const device = label ? `The audio device "${label}"` : 'The audio device';
  return new GatecastError('device-lost', `${device} was disconnected. The default device plays.`, {
    hint: 'Connect it again, and the sound returns to it; or choose another one.',
    retryable: true,
  });
}

/** The typed form of what `setSinkId` and `selectAudioOutput` reject with. */
export function outputError(cause: unknown): GatecastError {
  if (cause instanceof GatecastError) return cause;
  switch (cause instanceof DOMException ? cause.name : '') {
    case 'NotSupportedError':
      return outputUnsupported(cause);
    case 'NotAllowedError':
    case 'SecurityError':
      return new GatecastError('permission-denied', 'The audio device is not allowed.', {
        hint: `Let the viewer choose one, and allow it in Permissions-Policy: speaker-selection. ${IN_FRAME}`,
        cause,
      });
    case 'InvalidStateError':
      return new GatecastError('permission-denied', 'An audio device can only be chosen after a click.', {
        hint: 'Call selectAudioOutput() from a click or key press.',
        cause,
      });
    case 'NotFoundError':
      return new GatecastError('device-not-found', 'The audio device was not found.', {
        hint: 'Connect it, or choose another one. Ids are different for each site, and change when the viewer clears its data.',
        retryable: true,
        cause,
      });
    default:
      return new GatecastError('device-failed', 'The audio device cannot be used.', {
        hint: 'Close other programs that use it, connect it again, or choose another one.',
        retryable: true,
        cause,
      });
  }
}
