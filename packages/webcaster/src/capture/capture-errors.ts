import { GatecastError, type BroadcastErrorCode } from '@gatecast/token';
import type { TrackOrigin } from './capture-request.js';

const NOUN: Record<Exclude<TrackOrigin, null>, string> = {
  camera: 'The camera',
  microphone: 'The microphone',
  screen: 'The screen',
  page: 'The page’s own media',
};

interface Description {
  code: BroadcastErrorCode;
  what: string;
  hint: string;
}

/** What the browser's error names mean. @see https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia */
const BY_NAME: ReadonlyMap<string, Description> = new Map(
  Object.entries<Description>({
    NotAllowedError: {
      code: 'permission-denied',
      what: 'is not allowed.',
      hint: 'Allow it in the browser’s site settings and in the system’s privacy settings; in an iframe the attribute allow must list camera, microphone and display-capture.',
    },
    NotFoundError: {
      code: 'device-not-found',
      what: 'was not found.',
      hint: 'Connect one, or choose another.',
    },
    OverconstrainedError: {
      code: 'device-not-found',
      what: 'that was chosen is not connected.',
      hint: 'Choose another one in the menu, or remove the attributes video and audio.',
    },
    NotReadableError: {
      code: 'device-in-use',
      what: 'is in use or does not respond.',
      hint: 'Close other programs that use it, then try again.',
    },
    AbortError: {
      code: 'device-failed',
      what: 'stopped responding.',
      hint: 'Disconnect it, connect it again and retry.',
    },
    InvalidStateError: {
      code: 'permission-denied',
      what: 'can only be shared after a click.',
      hint: 'Call startPreview() or switchDevice() from a click or key press.',
    },
  }),
);

const SYNONYMS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    SecurityError: 'NotAllowedError',
    PermissionDeniedError: 'NotAllowedError',
    DevicesNotFoundError: 'NotFoundError',
    ConstraintNotSatisfiedError: 'OverconstrainedError',
    TrackStartError: 'NotReadableError',
  }),
);

/** The typed form of what getUserMedia and getDisplayMedia reject with. */
export function captureError(cause: unknown, origin: Exclude<TrackOrigin, null>): GatecastError {
  if (cause instanceof GatecastError) return cause;
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : '';
  const known = BY_NAME.get(SYNONYMS.get(name) ?? name);
  const { code, what, hint } = known ?? {
    code: 'device-failed' as const,
    what: 'cannot be used.',
    hint: 'See the cause.',
  };
  return new GatecastError(code, `${NOUN[origin]} ${what}`, { hint, cause });
}

/** Why this page cannot capture at all, or `null` if it can. */
export function captureObstacle(
  origin: Exclude<TrackOrigin, null>,
  { isSecureContext, navigator }: { isSecureContext: boolean; navigator: Navigator },
): GatecastError | null {
  if (origin === 'page') return null;
  if (!isSecureContext) {
    return new GatecastError(
      'insecure-page',
      'Browsers allow cameras and microphones only on secure pages.',
      {
        hint: 'Serve the page over https, or from localhost during development.',
      },
    );
  }
  const method = origin === 'screen' ? 'getDisplayMedia' : 'getUserMedia';
  const devices = navigator.mediaDevices as Partial<MediaDevices> | undefined;
  if (devices?.[method]) return null;
  return new GatecastError('capture-unsupported', `${NOUN[origin]} cannot be captured by this browser.`, {
    hint:
      origin === 'screen' ? 'Share a camera instead; phones cannot share screens.' : 'Use a current browser.',
  });
}

/** Nothing to capture. */
export function noTrack(): GatecastError {
  return new GatecastError(
    'capture-unsupported',
    'The webcaster has neither a video nor an audio track to capture.',
    {
      hint: 'Set capture to camera, screen or audio, or set mediaStream to a stream with at least one track.',
    },
  );
}
