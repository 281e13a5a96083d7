import { isOwnToken } from '@gatecast/token';

/** A field with a value that is as long as a signature or a session, or a JWT as a segment of the path. */
const LONG_VALUE =
  /[?&;~/][\w.-]{1,64}=([^?&;~/#]{16,})|\/(eyJ[\w-]{1,4096}\.[\w-]{1,4096}\.[\w-]{1,4096})(?=[/?#]|$)/g;

/** Does an address carry a token that its origin has written? Tokens of this page do not count. */
export function hasForeignToken(url: string): boolean {
  for (const [, field, segment] of url.matchAll(LONG_VALUE))
    if (!isOwnToken(field ?? segment ?? '')) return true;
  return false;
}
