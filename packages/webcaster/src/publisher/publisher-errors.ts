import { GatecastError } from '@gatecast/token';
import type { TrackKind } from '../capture/capture-request.js';

/** The connection to the server is lost, or was never established. It is retried. */
export function connectionLost(message: string, cause?: unknown): GatecastError {
  return new GatecastError('connection-lost', message, {
    hint: 'Check that UDP to the ingest is open, or offer a TURN server by the ingest’s Link header or publisherConfig.iceServers.',
    retryable: true,
    ...(cause !== undefined && { cause }),
  });
}

/** The connection is established, but nothing is sent over it. It is retried. */
export function mediaStopped(): GatecastError {
  return new GatecastError('media-stopped', 'The connection is established, but no media is sent.', {
    hint: 'Check that the camera and microphone, or the tracks of mediaStream, still give media.',
    retryable: true,
  });
}

/**
 * The server does not receive some of the media that was offered.
 *
 * @param isPartial - does the broadcast go on without it?
 */
export function mediaRefused(kinds: readonly TrackKind[], isPartial: boolean): GatecastError {
  const what = kinds.map((kind) => (kind === 'audio' ? 'sound' : 'video')).join(' and ');
  const outcome = isPartial ? ' The broadcast goes on without it.' : '';
  return new GatecastError(
    'codec-unavailable',
    `The ingest does not accept the ${what} of this browser.${outcome}`,
    {
      hint: 'Set codec to one that the ingest supports; most need H.264 and Opus. To broadcast only what the ingest accepts, set the attribute allow-partial.',
    },
  );
}

/** @throws GatecastError `webrtc-unsupported` if this browser cannot send media at all. */
export function requireWebrtc(): void {
  if (typeof RTCPeerConnection !== 'undefined') return;
  throw new GatecastError('webrtc-unsupported', 'This browser does not support WebRTC.', {
    hint: 'Use a current Chrome, Edge, Firefox or Safari.',
  });
}

/** The URL of a vendor's script, which only the page knows. @throws GatecastError `settings-invalid` */
export function requireScriptUrl(scriptUrl: string | null, publisher: string): string {
  if (scriptUrl !== null) return scriptUrl;
  throw new GatecastError('settings-invalid', `publisher="${publisher}" needs the vendor’s script.`, {
    hint: 'Set the attribute publisher-src to the URL of the script, and allow it with allowVendorScripts.',
  });
}

/** The typed form of any error. An error without a type becomes `publisher-failed`. */
export function toGatecastError(cause: unknown): GatecastError {
  if (cause instanceof GatecastError) return cause;
  return new GatecastError('publisher-failed', 'The broadcast failed with an unexpected error.', {
    hint: 'See the cause.',
    cause,
  });
}
