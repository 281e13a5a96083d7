import type { ServerResponse } from 'node:http';

/**
 * Strict policy for a page with both tags that has media and token endpoint on its own origin. Media Source Extensions
 * need `blob:`.
 *
 * @see https://www.w3.org/TR/CSP3/ and https://www.w3.org/TR/trusted-types/
 */
export const strictPolicy = "default-src 'self'; media-src 'self' blob:; require-trusted-types-for 'script'";

/** Sends the strict policy with `/csp/`. The other pages of the demo have no policy. */
export function setStrictPolicy(pathname: string, response: ServerResponse): void {
  if (pathname === '/csp/') response.setHeader('Content-Security-Policy', strictPolicy);
}
