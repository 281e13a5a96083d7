import { GatecastError, type BroadcastErrorCode } from '@gatecast/token';
import type { RtcUserEvent } from './rtc-user.js';

const ALREADY_SIGNED_IN = 4000;
const NOT_SIGNED_IN = 4001;
const JWT_FAILED = 103003;
const JWT_FOR_OTHER_STREAM = 103004;

/** Is the client signed in already? Then there is nothing to do. */
export function isSignedInAlready(error: unknown): boolean {
  return vendorCodeOf(error) === ALREADY_SIGNED_IN;
}

export function isTokenRefusal(error: unknown): error is GatecastError {
  return vendorCodeOf(error) === JWT_FAILED;
}

/** Has the server ended the session, as it does when its connection breaks? */
export function isSignInMissing(error: unknown): boolean {
  return vendorCodeOf(error) === NOT_SIGNED_IN;
}

/** The typed form of an error event. */
export function rtcUserError(event: RtcUserEvent, what: string): GatecastError {
  const vendorCode = event.error?.code;
  const cause = event.error?.message;
  const make = (
    code: BroadcastErrorCode | 'token-rejected',
    message: string,
    hint: string,
    retryable = false,
  ) =>
    new GatecastError(code, message, { hint, vendorCode, retryable, ...(cause !== undefined && { cause }) });
  switch (vendorCode) {
    case JWT_FAILED:
      return make(
        'token-rejected',
        'The vendor’s server rejected the token.',
        'Check the token’s signature and expiry.',
      );
    case JWT_FOR_OTHER_STREAM:
      return make(
        'token-rejected',
        'The token is for another stream.',
        'Compare the token’s claim streamname with the attribute stream.',
      );
    case NOT_SIGNED_IN:
      return make(
        'connection-lost',
        'The vendor’s server ended the session.',
        'The element signs in again.',
        true,
      );
    case undefined:
    default:
      return make(
        'vendor-publisher-failed',
        `The vendor’s client could not ${what}.`,
        'Look up vendorCode in the vendor’s list of error codes.',
      );
  }
}

function vendorCodeOf(error: unknown): number | string | undefined {
  return error instanceof GatecastError ? error.vendorCode : undefined;
}
