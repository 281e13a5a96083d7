import type { GatecastError } from '@gatecast/token';

/** What `HTMLMediaElement.error` holds: a code of its four, and a message for people. */
export type MediaErrorLike = Pick<MediaError, 'code' | 'message'>;

const NETWORK = 2;
const DECODE = 3;
const SRC_NOT_SUPPORTED = 4;

/** The typed error as libraries that know only media elements expect it. */
export function mediaError(error: GatecastError): MediaErrorLike {
  return { code: mediaErrorCode(error.code), message: error.message };
}

function mediaErrorCode(code: GatecastError['code']): number {
  if (code === 'media-failed') return DECODE;
  return /^(?:source-(?:missing|not-hls)|codec-|engine-)/.test(code) ? SRC_NOT_SUPPORTED : NETWORK;
}
