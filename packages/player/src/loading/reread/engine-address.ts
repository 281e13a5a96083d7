import { ownEnds } from '@gatecast/token';
import { resolveUri, withoutDirectives } from '../peek-playlist.js';

/** The end of an address, in milliseconds since 1970; `Infinity` if it has none that can be read. */
export function endOf(url: string): number {
  return Math.min(...ownEnds({ url })) * 1000;
}

/** As addresses are compared: as a parser writes them, without delivery directives. */
export function keyOf(url: string): string {
  return resolveUri(withoutDirectives(url), url) ?? url;
}

/** An address with the delivery directives of another one. */
export function withDirectives(url: string, requested: string): string {
  const directives = requested.match(/_HLS_\w+=[^&#]*/g);
  return directives ? url + (url.includes('?') ? '&' : '?') + directives.join('&') : url;
}
