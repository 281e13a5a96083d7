import { peekPlaylist as peek, type PeekedPlaylist } from '@gatecast/contract';
import { redactUrl, type GatecastError } from '@gatecast/token';
import { invalidSource } from '../source/source-errors.js';

export {
  pickVariant,
  readsQuery,
  resolveUri,
  type ByteRange,
  type PeekedPlaylist,
  type PeekedResource,
  type PlaybackBegin,
} from '@gatecast/contract';

/**
 * Reads the start of a playlist without parsing all of it, in a time that grows no faster than the text. Pure.
 *
 * @param baseUrl - base of its relative URIs.
 * @throws GatecastError `source-invalid` if none of the variants, or not the first segment, has an address.
 */
export function peekPlaylist(text: string, baseUrl: string): PeekedPlaylist {
  return peek(text, baseUrl, invalidAddress);
}

/** The address of a playlist without the delivery directives that hls.js adds (RFC 8216bis section 6.2.5). */
export function withoutDirectives(url: string): string {
  return url.replace(/[?&]_HLS_.*/, '');
}

function invalidAddress(playlistUrl: string): GatecastError {
  return invalidSource(redactUrl(playlistUrl), 'an address in it is not a URL');
}
