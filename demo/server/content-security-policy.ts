import type { ServerResponse } from 'node:http';

/**
 * What a page with both tags needs at most, media and token endpoint on its own origin. `blob:` is what media source
 * extensions play from.
 *
 * @see https://www.w3.org/TR/CSP3/ and https://www.w3.org/TR/trusted-types/
 */
export const strictPolicy = "default-src 'self'; media-src 'self' blob:; require-trusted-types-for 'script'";

/** Sends the strict policy with the page that shows it; the demo's other pages go without. */
export function setStrictPolicy(pathname: string, response: ServerResponse): void {
  if (pathname === '/csp/') response.setHeader('Content-Security-Policy', strictPolicy);
}
