import { peekPlaylist as peek, type PeekedPlaylist } from '@gatecast/contract';
import { redactUrl, type GatecastError } from '@gatecast/token';
import { invalidSource } from '../source/source-errors.js';

export {
  pickVariant,
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

/** Does a playlist define a variable from the query of its own address (RFC 8216bis, EXT-X-DEFINE)? */
export function readsQuery(text: string): boolean {
  return text.includes('QUERYPARAM=');
}

/** An address without what hls.js adds: the delivery directives of a playlist (RFC 8216bis section 6.2.5), and CMCD. */
export function withoutDirectives(url: string): string {
  return withoutCmcd(url).replace(/[?&]_HLS_.*/, '');
}

/** An address without the data about the player (CTA-5004) that hls.js appends to its query: each request has other data. */
export function withoutCmcd(url: string): string {
  return url.replace(/[?&]CMCD=[^&]*$/, '');
}

function invalidAddress(playlistUrl: string): GatecastError {
  return invalidSource(redactUrl(playlistUrl), 'an address in it is not a URL');
}
