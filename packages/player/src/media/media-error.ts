import type { GatecastError } from '@gatecast/token';

/** The value of `HTMLMediaElement.error`: one of its four codes, and a message. */
export type MediaErrorLike = Pick<MediaError, 'code' | 'message'>;

const NETWORK = 2;
const DECODE = 3;
const SRC_NOT_SUPPORTED = 4;

/** The typed error in the form that media element libraries expect. */
export function mediaError(error: GatecastError | null): MediaErrorLike | null {
  return error && { code: mediaErrorCode(error.code), message: error.message };
}

function mediaErrorCode(code: GatecastError['code']): number {
  if (code === 'media-failed') return DECODE;
  return /^(?:source-(?:missing|not-hls)|codec-|engine-)/.test(code) ? SRC_NOT_SUPPORTED : NETWORK;
}
