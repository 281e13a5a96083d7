import { GatecastError, type BroadcastErrorCode } from '@gatecast/token';
import { readEventError } from './rtc-user-events.js';
import type { RtcUserEvent } from './rtc-user.js';

interface ErrorClass {
  readonly code: BroadcastErrorCode | 'token-rejected';
  readonly message: string;
  readonly hint: string;
  readonly retryable?: boolean;
}

/** Effects of an error on the session, apart from its class. */
const SIGN_IN_FAILED = 4000;
const NEEDS_FRESH_TOKEN = new Set([103001, 103003]);
const NEEDS_SIGN_IN = new Set([4001, 107002]);

const unreachable: ErrorClass = {
  code: 'ingest-unreachable',
  message: 'The vendor’s server is unreachable.',
  hint: 'Check that the attribute endpoint is the wss: address of the vendor’s server, that connect-src allows it, and the network.',
  retryable: true,
};
const serverFailed: ErrorClass = {
  code: 'ingest-failed',
  message: 'The vendor’s server failed.',
  hint: 'The element tries again. If it repeats, see vendorCode.',
  retryable: true,
};
const sessionEnded: ErrorClass = {
  code: 'connection-lost',
  message: 'The vendor’s server ended the session.',
  hint: 'The element signs in again.',
  retryable: true,
};
const refused = (message: string, hint: string): ErrorClass => ({ code: 'ingest-refused', message, hint });
const settings = (message: string): ErrorClass => ({
  code: 'settings-invalid',
  message,
  hint: 'See the cause. Check endpoint, resolution, framerate, video-bitrate, and userName and room of publisherConfig.',
});
const device = (code: BroadcastErrorCode, message: string, hint: string): ErrorClass => ({
  code,
  message,
  hint,
});
const tokenRejected = (message: string, hint: string): ErrorClass => ({
  code: 'token-rejected',
  message,
  hint,
  // The server may learn the key of a new token a little later.
  retryable: true,
});
const clientFailed: ErrorClass = {
  code: 'vendor-publisher-failed',
  message: 'The vendor’s client failed.',
  hint: 'Look up vendorCode in the vendor’s list of error codes.',
};
const deviceFailed = device(
  'device-failed',
  'The vendor’s client could not use the camera or microphone.',
  'See the cause, and choose another device.',
);
const permissionDenied = device(
  'permission-denied',
  'The vendor’s client may not use the camera, microphone or screen.',
  'Allow it in the browser’s settings for this page.',
);
const deviceNotFound = device(
  'device-not-found',
  'The vendor’s client found no camera or microphone.',
  'Connect a device, or choose another one.',
);
const deviceInUse = device(
  'device-in-use',
  'The camera or microphone gives no data to the vendor’s client.',
  'Close other programs that use the device.',
);

/**
 * Every error code of the vendor's documentation for 5.16.
 *
 * @see https://docs.nanocosmos.de/docs/webrtc-v5/nanostream_webrtc_api#ErrorCode
 */
const CLASSES: Readonly<Record<number, ErrorClass>> = {
  1000: clientFailed,
  1001: settings('The vendor’s client misses a setting, or its type is wrong.'),
  1002: settings('The vendor’s client refuses the value of a setting.'),
  1003: settings('The vendor’s client refuses the value of a setting.'),
  1004: clientFailed,
  1005: clientFailed,
  1006: clientFailed,
  2000: unreachable,
  3000: unreachable,
  3001: unreachable,
  3002: unreachable,
  4000: { ...serverFailed, message: 'The vendor’s client could not sign in.' },
  4001: sessionEnded,
  5001: { ...serverFailed, message: 'The vendor’s server did not start the broadcast.' },
  5002: { ...sessionEnded, message: 'The vendor’s server ended the broadcast.' },
  5003: clientFailed,
  6000: deviceInUse,
  6001: device(
    'device-failed',
    'The media for the vendor’s client has no tracks.',
    'Set capture, video and audio so that there is a track to send, or a mediaStream with tracks.',
  ),
  6002: deviceFailed,
  6003: clientFailed,
  6004: deviceNotFound,
  6005: deviceFailed,
  6006: deviceFailed,
  6008: deviceFailed,
  101001: serverFailed,
  101002: settings('The vendor’s server misses a setting.'),
  101003: settings('The vendor’s server refuses the type of a setting.'),
  102001: refused('The vendor’s server denied access.', 'Check the account’s rights for this stream.'),
  103000: { ...serverFailed, message: 'The vendor’s server could not check the token.' },
  103001: tokenRejected('The vendor’s server rejected the token.', 'Check the token’s signature and expiry.'),
  103002: refused(
    'The account may not use the vendor’s Webcaster.',
    'Ask the vendor to enable the feature webrtc.',
  ),
  103003: tokenRejected('The vendor’s server rejected the token.', 'Check the token’s signature and expiry.'),
  103004: tokenRejected(
    'The token is for another stream.',
    'Compare the token’s claim streamname with the attribute stream.',
  ),
  104001: refused(
    'The stream does not allow this kind of broadcast.',
    'Enable webrtc (and transcoding, if used) for the stream at the vendor.',
  ),
  104002: refused(
    'The vendor’s server rejected the account’s API key.',
    'Check the API key in your backend’s issuer.',
  ),
  106001: serverFailed,
  107001: settings('The vendor’s server refuses the configuration.'),
  107002: sessionEnded,
  109000: {
    ...serverFailed,
    message: 'The vendor’s server could not send the broadcast on.',
    hint: 'The element tries again. If it repeats, check the token’s claim ingesturl.',
  },
};

/** Documented ranges, for codes without an entry of their own: first code, last code, class. */
const RANGES: readonly (readonly [number, number, ErrorClass])[] = [
  [2000, 3999, unreachable],
  [4000, 4999, sessionEnded],
  [5000, 5999, serverFailed],
  [6000, 6999, deviceFailed],
  [101000, 101999, serverFailed],
  [102000, 102999, refused('The vendor’s server denied access.', 'See vendorCode.')],
  [103000, 103999, refused('The vendor’s server refused the sign-in.', 'See vendorCode.')],
  [104000, 104999, refused('The vendor’s server refused the stream.', 'See vendorCode.')],
  [105000, 106999, serverFailed],
  [107000, 107999, sessionEnded],
  [109000, 109999, serverFailed],
];

/** Names of `getUserMedia` errors, which the vendor's client puts into the message of 6005 and 6008. */
const DEVICE_ERRORS: readonly (readonly [RegExp, ErrorClass])[] = [
  [/PermissionDenied|NotAllowedError/, permissionDenied],
  [/NotReadableError/, deviceInUse],
  [/NotFoundError|NoDeviceError|OverconstrainedError/, deviceNotFound],
];

/** Is the client signed in already? Then there is nothing to do. The same code also means a failed sign-in. */
export function isSignedInAlready(error: unknown): boolean {
  if (vendorCodeOf(error) !== SIGN_IN_FAILED) return false;
  const { cause } = error as GatecastError;
  return typeof cause === 'string' && /already signed in/i.test(cause);
}

export function isTokenRefusal(error: unknown): error is GatecastError {
  const code = vendorCodeOf(error);
  return typeof code === 'number' && NEEDS_FRESH_TOKEN.has(code);
}

/** Has the server ended the session, as it does when its connection breaks? */
export function isSignInMissing(error: unknown): boolean {
  const code = vendorCodeOf(error);
  return typeof code === 'number' && NEEDS_SIGN_IN.has(code);
}

/** The typed form of an error event. */
export function rtcUserError(event: RtcUserEvent, what: string): GatecastError {
  const { code: vendorCode, text } = readEventError(event);
  const found = vendorCode === undefined ? undefined : classOf(vendorCode, text);
  const { code, message, hint, retryable } = found ?? {
    ...clientFailed,
    message: `The vendor’s client could not ${what}.`,
  };
  return new GatecastError(code, message, {
    hint,
    vendorCode,
    retryable,
    ...(text !== undefined && { cause: text }),
  });
}

/** A call of the vendor's client that throws instead of firing its error event. */
export function rtcUserThrew(cause: unknown, what: string): GatecastError {
  if (cause instanceof GatecastError) return cause;
  return new GatecastError('vendor-publisher-failed', `The vendor’s client could not ${what}.`, {
    hint: 'See the cause.',
    cause,
  });
}

function classOf(code: number, text = ''): ErrorClass | undefined {
  if (code === 6005 || code === 6008) {
    const named = DEVICE_ERRORS.find(([name]) => name.test(text));
    if (named) return named[1];
  }
  return CLASSES[code] ?? RANGES.find(([first, last]) => code >= first && code <= last)?.[2];
}

function vendorCodeOf(error: unknown): number | string | undefined {
  return error instanceof GatecastError ? error.vendorCode : undefined;
}
